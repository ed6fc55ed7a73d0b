import Crypto
import Foundation
import GRDB

extension ProfileStore {
  /// Users whose reviews make one profile.
  struct Members {
    /// Rows of `user`: the profile's own first, then by name.
    var ids: [Int]
    /// Their names, in the same order.
    var names: [String]
  }

  /// The profile that a user's reviews count for; nil for a user the store does not know.
  static func members(ofProfileWith user: String, _ database: Database) throws -> Members? {
    let find = try database.cachedStatement(
      sql: "SELECT id, merged_into FROM user WHERE name = CAST(? AS TEXT)")
    let up = try database.cachedStatement(sql: "SELECT id, merged_into FROM user WHERE id = ?")
    guard var row = try Row.fetchOne(find, arguments: [bytes(user)]) else { return nil }
    var seen: Set<Int> = []
    while let parent = try row.decode(Int?.self, atIndex: 1) {
      guard seen.insert(parent).inserted else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "users are merged in a circle")
      }
      guard let next = try Row.fetchOne(up, arguments: [parent]) else { break }
      row = next
    }
    return try members(ofProfile: row.decode(Int.self, atIndex: 0), database)
  }

  /// A user's row and all that were merged into it, however deep.
  static func members(ofProfile id: Int, _ database: Database) throws -> Members {
    let rows = try Row.fetchAll(database.cachedStatement(sql: descendants), arguments: [id])
    return Members(
      ids: try rows.map { try $0.decode(Int.self, atIndex: 0) },
      names: try rows.map { try $0.text(1) })
  }

  /// What stands for a user where only a hash may stay: HMAC-SHA-256 with the store's salt.
  func hash(ofUser user: String) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(user.utf8), using: SymmetricKey(data: salt)))
  }

  /// Remembers under which key the users are pseudonyms, by what that makes of an empty name; nil
  /// for names as they are.
  ///
  /// Throws `otherPseudonyms` where it was another key, or one and now none, and `plainNames` where
  /// it was none and now is one: people who were erased would come back under other names. Of users
  /// that all look like pseudonyms, as records bring them, it is taken for the key.
  public func keepPseudonyms(ofEmptyName name: String?) throws(ProfileError) {
    try write { database in
      if let kept = try Self.pseudonyms(database) {
        if kept != name { throw ProfileError.otherPseudonyms(path: path) }
      } else if let name {
        if try Bool.fetchOne(database, sql: hasPlainNames) == true {
          throw ProfileError.plainNames(path: path)
        }
        try database.execute(
          sql: "INSERT INTO setting VALUES ('pseudonyms', ?)", arguments: [name])
      }
    }
  }

  /// The pseudonym of an empty name under the key that the users are pseudonyms under; nil where
  /// none is known.
  public func pseudonymsOfEmptyName() throws(ProfileError) -> String? {
    try read(Self.pseudonyms)
  }

  static func pseudonyms(_ database: Database) throws -> String? {
    try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'pseudonyms'")
  }

  /// Whether a name could be a pseudonym: 64 hexadecimal digits.
  static func isPseudonym(_ user: String) -> Bool {
    user.utf8.count == 64 && user.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// Whether a user was erased.
  public func isErased(_ user: String) throws(ProfileError) -> Bool {
    try read { try isErased(user, $0) }
  }

  func isErased(_ user: String, _ database: Database) throws -> Bool {
    let any = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM tombstone)")
    guard try Bool.fetchOne(any) == true else { return false }
    let find = try database.cachedStatement(
      sql: "SELECT EXISTS (SELECT 1 FROM tombstone WHERE hash = ?)")
    return try Bool.fetchOne(find, arguments: [hash(ofUser: user)]) ?? false
  }
}

/// Whether users are called by their names: one is, or all of them were erased.
private let hasPlainNames = """
  SELECT EXISTS (SELECT 1 FROM user WHERE length(name) <> 64 OR name GLOB '*[^0-9a-f]*')
    OR EXISTS (SELECT 1 FROM tombstone) AND NOT EXISTS (SELECT 1 FROM user)
  """

private let descendants = """
  WITH RECURSIVE member (id) AS (
    VALUES (?1) UNION SELECT user.id FROM user JOIN member ON user.merged_into = member.id)
  SELECT user.id, CAST(name AS BLOB) FROM member JOIN user USING (id)
  ORDER BY user.id <> ?1, name
  """
