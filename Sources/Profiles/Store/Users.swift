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
    while let parent = try row.decode(Int?.self, atIndex: 1) {
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
  /// Throws `otherPseudonyms` where it was another key, or one and now none: people who were erased
  /// would come back under other names. A store that has users from before it was asked keeps no key.
  public func keepPseudonyms(ofEmptyName name: String?) throws(ProfileError) {
    try write { database in
      let kept = try String.fetchOne(
        database, sql: "SELECT value FROM setting WHERE name = 'pseudonyms'")
      if let kept {
        if kept != name { throw ProfileError.otherPseudonyms(path: path) }
      } else if let name,
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM user)") != true
      {
        try database.execute(
          sql: "INSERT INTO setting VALUES ('pseudonyms', ?)", arguments: [name])
      }
    }
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

private let descendants = """
  WITH RECURSIVE member (id) AS (
    VALUES (?1) UNION SELECT user.id FROM user JOIN member ON user.merged_into = member.id)
  SELECT user.id, CAST(name AS BLOB) FROM member JOIN user USING (id)
  ORDER BY user.id <> ?1, name
  """
