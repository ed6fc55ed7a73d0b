import Files
import GRDB

extension ProfileStore {
  /// Lets the reviews of `other` count for the profile of `user`, from now on and until unmerged.
  ///
  /// Nothing is moved: the reviews keep their writer. Throws when either is unknown, or is part of
  /// another profile already.
  public func merge(_ other: String, into user: String) throws(ProfileError) {
    try write { database in
      let target = try Self.ownProfile(of: user, database)
      let merged = try Self.ownProfile(of: other, database)
      guard target != merged else { throw ProfileError.sameUser(user: user) }
      try database.execute(
        sql: "UPDATE user SET merged_into = ? WHERE id = ?", arguments: [target, merged])
      try changed("merge", user, other, database)
    }
  }

  /// Gives `other` a profile of its own again, with all that was merged into it before.
  ///
  /// Throws when it is unknown, or merged into none.
  public func unmerge(_ other: String) throws(ProfileError) {
    try write { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT own.id, CAST(parent.name AS BLOB)
          FROM user AS own LEFT JOIN user AS parent ON parent.id = own.merged_into
          WHERE own.name = CAST(? AS TEXT)
          """, arguments: [bytes(other)])
      guard let row else { throw ProfileError.unknownUser(user: other) }
      guard let parent = try row.optionalText(1) else { throw ProfileError.notMerged(user: other) }
      try database.execute(
        sql: "UPDATE user SET merged_into = NULL WHERE id = ?",
        arguments: [row.decode(Int.self, atIndex: 0)])
      try changed("unmerge", parent, other, database)
    }
  }

  private func changed(
    _ action: String, _ user: String, _ other: String, _ database: Database
  ) throws {
    try Self.note(
      action,
      [
        "user": hash(ofUser: user).hexadecimal, "other": hash(ofUser: other).hexadecimal,
      ], database)
    try Self.advanceGeneration(database)
  }

  /// The row of a user who is not part of another's profile.
  private static func ownProfile(of user: String, _ database: Database) throws -> Int {
    let row = try Row.fetchOne(
      database, sql: "SELECT id, merged_into FROM user WHERE name = CAST(? AS TEXT)",
      arguments: [bytes(user)])
    guard let row else { throw ProfileError.unknownUser(user: user) }
    if try row.decode(Int?.self, atIndex: 1) != nil {
      let members = try members(ofProfileWith: user, database)
      throw ProfileError.alreadyMerged(user: user, into: members?.names.first ?? "")
    }
    return try row.decode(Int.self, atIndex: 0)
  }
}
