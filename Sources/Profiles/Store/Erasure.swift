import Files
import Foundation
import GRDB
import Reviews

/// What was removed of a user: the proof that it was done.
public struct ErasureReceipt: Codable, Equatable, Sendable {
  /// When, ISO 8601 in UTC.
  public var erasedAt: String
  /// HMAC-SHA-256 of each of the user's names under the store's salt, in hexadecimal.
  public var users: [String]
  /// Reviews with all that was noted about them.
  public var reviews: Int
  /// Entities among what was noted.
  public var entities: Int
  /// Intents among what was noted.
  public var intents: Int
  /// Fields of other sources.
  public var fields: Int

  private enum CodingKeys: String, CodingKey {
    case erasedAt = "erased_at"
    case users, reviews, entities, intents, fields
  }
}

extension ProfileStore {
  /// Removes all that the store holds of a user and of all who were merged into the same profile,
  /// and keeps hashes by which they are turned away from now on.
  ///
  /// The file is written anew: deleted rows, old pages and the write-ahead log hold nothing of them
  /// afterwards. That needs as much room on the disk again as the store takes. Nil for a user the
  /// store does not know. Throws `busy` when another process keeps the old pages in use: the user is
  /// gone from all answers, and erasing once more clears the file.
  ///
  /// `keep` gets the receipt as soon as the user is gone, before the file is written anew.
  public func erase(
    user: String, keep: (ErasureReceipt) -> Void = { _ in }
  ) throws(ProfileError) -> ErasureReceipt? {
    let (receipt, wasErased) = try write { database -> (ErasureReceipt?, Bool) in
      guard let members = try Self.members(ofProfileWith: user, database) else {
        return (nil, try isErased(user, database))
      }
      let receipt = try remove(members, database)
      try Self.note(
        "erase",
        [
          "users": receipt.users.joined(separator: " "), "reviews": String(receipt.reviews),
          "fields": String(receipt.fields),
        ], database)
      // What was worked out with the user's reviews goes too.
      try database.execute(sql: "DELETE FROM setting WHERE name = 'population'")
      try Self.advanceGeneration(database)
      return (receipt, true)
    }
    if let receipt { keep(receipt) }
    if wasErased { try clearFile() }
    return receipt
  }

  private func remove(_ members: Members, _ database: Database) throws -> ErasureReceipt {
    var receipt = ErasureReceipt(
      erasedAt: ReviewTime.now,
      users: members.names.map { hash(ofUser: $0).hexadecimal }, reviews: 0, entities: 0,
      intents: 0, fields: 0)
    for (id, name) in zip(members.ids, members.names) {
      func count(_ table: String) throws -> Int {
        try Int.fetchOne(
          database,
          sql: "SELECT COUNT(*) FROM review JOIN \(table) ON review = review.id WHERE user = ?",
          arguments: [id]) ?? 0
      }
      receipt.entities += try count("entity")
      receipt.intents += try count("intent")
      try database.execute(sql: "DELETE FROM review WHERE user = ?", arguments: [id])
      receipt.reviews += database.changesCount
      try database.execute(sql: "DELETE FROM known WHERE user = ?", arguments: [id])
      receipt.fields += database.changesCount
      try database.execute(
        sql: "INSERT OR IGNORE INTO tombstone VALUES (?)", arguments: [hash(ofUser: name)])
    }
    // Those merged into others first.
    for id in members.ids {
      try database.execute(
        sql: "UPDATE user SET merged_into = NULL WHERE merged_into = ?", arguments: [id])
    }
    for id in members.ids {
      try database.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id])
    }
    return receipt
  }

  /// Writes the file anew and empties the log.
  private func clearFile() throws(ProfileError) {
    do {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "VACUUM")
        let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        guard try row?.decode(Int.self, atIndex: 0) == 0 else {
          throw DatabaseError(resultCode: .SQLITE_BUSY)
        }
      }
    } catch {
      throw ProfileError(error, path: path)
    }
  }
}
