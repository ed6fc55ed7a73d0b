import Files
import Foundation
import GRDB
import Reviews

/// A change or a handing-on that a store remembers.
public struct AuditEntry: Codable, Equatable, Sendable {
  /// When, ISO 8601 in UTC.
  public var time: String
  /// annotate, import, export, merge, unmerge or erase.
  public var action: String
  /// Counts and names of sources; users stand as hashes.
  public var details: [String: String]
}

extension ProfileStore {
  /// Every annotation run, import, export, merge, unmerging and erasure, oldest first.
  public func audit() throws(ProfileError) -> [AuditEntry] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT CAST(time AS BLOB), CAST(action AS BLOB), details FROM audit ORDER BY id"
      ).map { row in
        let details = try row.decode(String.self, atIndex: 2)
        return AuditEntry(
          time: try row.text(0), action: try row.text(1),
          details: try JSONDecoder().decode([String: String].self, from: Data(details.utf8)))
      }
    }
  }

  /// Remembers that reviews came in.
  public func noteIntake(_ counts: IntakeCounts, in intake: Intake) throws(ProfileError) {
    try write { database in
      try Self.note(
        "annotate",
        [
          "source": intake.source, "model": intake.model, "added": String(counts.added),
          "replaced": String(counts.replaced), "unchanged": String(counts.unchanged),
          "withheld": String(counts.withheld),
        ], database)
    }
  }

  /// Remembers that profiles were handed on.
  public func noteExport(profiles: Int, format: String) throws(ProfileError) {
    try write { database in
      try Self.note("export", ["profiles": String(profiles), "format": format], database)
    }
  }

  static func note(
    _ action: String, _ details: [String: String], _ database: Database
  ) throws {
    try database.execute(
      sql: "INSERT INTO audit (time, action, details) VALUES (?, ?, ?)",
      arguments: [ReviewTime.now, action, try details.sortedJSON()])
  }
}

extension ReviewTime {
  /// The time of the moment, ISO 8601 in UTC.
  static var now: String { text(seconds: Int(Date().timeIntervalSince1970)) ?? "" }
}
