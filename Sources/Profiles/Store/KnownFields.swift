import Foundation
import GRDB

/// Something that a source other than reviews says of a user: an age band, a region, a date.
public struct KnownField: Codable, Equatable, Sendable {
  /// What it is called.
  public var field: String
  /// What it says.
  public var value: String
  /// Who says so.
  public var source: String

  /// A field of a source.
  public init(field: String, value: String, source: String) {
    self.field = field
    self.value = value
    self.source = source
  }
}

extension ProfileStore {
  /// Keeps what a source says of users, all of `rows` or nothing; what it said before of the same fields is
  /// replaced, or removed where the value is empty now.
  ///
  /// Users without reviews have a profile too. Returns how many fields are new or changed, and how
  /// many rows were of users who were erased, which are left out unless `allowsErased`.
  public func importFields(
    _ rows: [(user: String, fields: [(name: String, value: String)])], source: String,
    allowsErased: Bool = false
  ) throws(ProfileError) -> (changed: Int, withheld: Int) {
    try write { database in
      let sourceID = try Self.id(of: source, in: .source, database)
      var (changed, withheld) = (0, 0)
      for (user, fields) in rows {
        guard !user.isEmpty else { continue }
        if !allowsErased, try isErased(user, database) {
          withheld += 1
          continue
        }
        for (name, value) in fields {
          if value.isEmpty {
            let find = try database.cachedStatement(
              sql: "SELECT id FROM user WHERE name = CAST(? AS TEXT)")
            guard let userID = try Int.fetchOne(find, arguments: [bytes(user)]) else { continue }
            try database.cachedStatement(sql: deleteField)
              .execute(arguments: [userID, sourceID, bytes(name)])
            let isChanged = database.changesCount > 0
            try database.cachedStatement(sql: emptyUserDeletion).execute(arguments: [userID])
            if isChanged { changed += 1 }
          } else {
            let userID = try Self.id(of: user, in: .user, database)
            try database.cachedStatement(sql: insertField)
              .execute(arguments: [userID, sourceID, bytes(name), bytes(value)])
            changed += database.changesCount
          }
        }
      }
      if changed > 0 { try Self.advanceGeneration(database) }
      return (changed, withheld)
    }
  }

  /// Remembers that fields were imported.
  public func noteImport(
    source: String, rows: Int, changed: Int, withheld: Int
  ) throws(ProfileError) {
    try write { database in
      try Self.note(
        "import",
        [
          "source": source, "rows": String(rows), "changed": String(changed),
          "withheld": String(withheld),
        ], database)
    }
  }

  /// What sources say of the members of a profile, by field, then source; of several members the
  /// first one's counts.
  static func knownFields(of members: Members, _ database: Database) throws -> [KnownField] {
    var fields: [KnownField] = []
    for id in members.ids {
      let rows = try Row.fetchAll(database.cachedStatement(sql: selectFields), arguments: [id])
      for row in rows {
        let field = KnownField(
          field: try row.text(0), value: try row.text(1), source: try row.text(2))
        if !fields.contains(where: { $0.field == field.field && $0.source == field.source }) {
          fields.append(field)
        }
      }
    }
    return fields.sorted {
      $0.field != $1.field ? precedes($0.field, $1.field) : precedes($0.source, $1.source)
    }
  }
}

private let insertField = """
  INSERT INTO known (user, source, field, value) VALUES (?, ?, CAST(? AS TEXT), CAST(? AS TEXT))
  ON CONFLICT (user, source, field) DO UPDATE SET value = excluded.value
    WHERE value <> excluded.value
  """

private let deleteField = """
  DELETE FROM known WHERE user = ? AND source = ? AND field = CAST(? AS TEXT)
  """

private let selectFields = """
  SELECT CAST(field AS BLOB), CAST(value AS BLOB), CAST(name AS BLOB)
  FROM known JOIN source ON source.id = source WHERE user = ? ORDER BY field, name
  """
