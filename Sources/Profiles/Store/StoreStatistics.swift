import Files
import Foundation
import GRDB

/// What a store holds, in numbers.
public struct StoreStatistics: Codable, Equatable, Sendable {
  /// Reviews of one model.
  public struct Model: Codable, Equatable, Sendable {
    /// As records name it.
    public var model: String
    /// The confidence below which it abstained.
    public var minimumConfidence: Double
    /// Reviews that it read.
    public var reviews: Int

    private enum CodingKeys: String, CodingKey {
      case model, reviews
      case minimumConfidence = "minimum_confidence"
    }
  }

  /// Profiles: users who are not merged into others.
  public var profiles: Int
  /// Users who were merged into others.
  public var merged: Int
  /// Users who were erased.
  public var erased: Int
  /// Reviews.
  public var reviews: Int
  /// Reviews whose text is kept.
  public var texts: Int
  /// Entities noted about them.
  public var entities: Int
  /// Intents noted about them.
  public var intents: Int
  /// The first time of a review.
  public var first: String?
  /// The last one.
  public var last: String?
  /// Reviews per source.
  public var sources: [Profile.Count]
  /// Reviews per model, most first.
  public var models: [Model]
  /// Bytes of the file, without its log.
  public var bytes: Int
}

extension ProfileStore {
  /// Counts what the store holds.
  public func statistics() throws(ProfileError) -> StoreStatistics {
    try read { database in
      func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
      func time(_ order: String) throws -> String? {
        try Row.fetchOne(
          database,
          sql: """
            SELECT CAST(time AS BLOB) FROM review WHERE seconds IS NOT NULL
            ORDER BY seconds \(order), time LIMIT 1
            """)?.optionalText(0)
      }
      let sources = try Row.fetchAll(
        database,
        sql: """
          SELECT CAST(source.name AS BLOB), COUNT(review.id) FROM source
          LEFT JOIN review ON review.source = source.id GROUP BY source.id
          HAVING COUNT(review.id) > 0 ORDER BY 2 DESC, source.name
          """
      ).map { Profile.Count(text: try $0.text(0), count: try $0.decode(Int.self, atIndex: 1)) }
      let models = try Row.fetchAll(
        database,
        sql: """
          SELECT CAST(model AS BLOB), minimum_confidence, COUNT(review.id) FROM reading
          JOIN review ON review.reading = reading.id GROUP BY reading.id
          ORDER BY 3 DESC, model, minimum_confidence
          """
      ).map { row in
        StoreStatistics.Model(
          model: try row.text(0), minimumConfidence: try row.decode(Double.self, atIndex: 1),
          reviews: try row.decode(Int.self, atIndex: 2))
      }
      return StoreStatistics(
        profiles: try number(countProfiles),
        merged: try number("SELECT COUNT(*) FROM user WHERE merged_into IS NOT NULL"),
        erased: try number("SELECT COUNT(*) FROM tombstone"),
        reviews: try number("SELECT COUNT(*) FROM review"),
        texts: try number("SELECT COUNT(text) FROM review"),
        entities: try number("SELECT COUNT(*) FROM entity"),
        intents: try number("SELECT COUNT(*) FROM intent"), first: try time("ASC"),
        last: try time("DESC"), sources: sources, models: models,
        bytes: try number("PRAGMA page_count") * number("PRAGMA page_size"))
    }
  }

  /// Writes a whole copy to a file that is not there yet, also while others use the store.
  ///
  /// Throws `ProfileError`; then there is no file.
  public func copy(to path: String) throws(ProfileError) {
    let files = FileManager.default
    guard !path.isEmpty else { throw .cannotOpen(path: path) }
    guard !files.fileExists(atPath: path) else { throw .exists(path: path) }
    let part = "\(Self.file(path)).\(UUID().uuidString).part"
    defer { try? files.removeItem(atPath: part) }
    do {
      // Nobody may read the copy who may not read the store, which a link may name.
      let store = OutputFile.target(of: self.path)
      let permissions = try? files.attributesOfItem(atPath: store)[.posixPermissions]
      guard
        files.createFile(atPath: part, contents: nil, attributes: [.posixPermissions: 0o600])
      else { throw ProfileError.cannotOpen(path: path) }
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "VACUUM INTO ?", arguments: [part])
      }
      try files.setAttributes([.posixPermissions: permissions ?? 0o600], ofItemAtPath: part)
    } catch {
      throw ProfileError(error, path: path)
    }
    do { try files.moveItem(atPath: part, toPath: path) } catch { throw .exists(path: path) }
  }

  /// Reviews whose text is kept and that another model read, or the same with another confidence:
  /// what reading again would change.
  public func stale(
    for intake: Intake, after id: Int, limit: Int
  ) throws(ProfileError) -> [StaleReview] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(sql: selectStale),
        arguments: [id, bytes(intake.model), intake.minimumConfidence, limit]
      ).map { row in
        StaleReview(
          row: try row.decode(Int.self, atIndex: 0), source: try row.text(1),
          id: try row.text(2), user: try row.text(3), item: try row.optionalText(4),
          time: try row.optionalText(5), text: try row.text(6))
      }
    }
  }
}

extension ProfileStore {
  /// How many reviews another model has read, or this one with another confidence, that are not here
  /// to be read again.
  public func staleTextlessCount(for intake: Intake) throws(ProfileError) -> Int {
    try read { database in
      try Int.fetchOne(
        database,
        sql: """
          SELECT COUNT(*) FROM review JOIN reading ON reading.id = reading
          WHERE text IS NULL AND (model <> CAST(? AS TEXT) OR minimum_confidence <> ?)
          """,
        arguments: [bytes(intake.model), intake.minimumConfidence]) ?? 0
    }
  }
}

/// A review to be read again.
public struct StaleReview: Sendable {
  /// Its place in the store, ascending.
  public var row: Int
  /// Where it came from.
  public var source: String
  /// Its id there.
  public var id: String
  /// Who wrote it.
  public var user: String
  /// What it is about.
  public var item: String?
  /// When it was written.
  public var time: String?
  /// The text.
  public var text: String
}

private let countProfiles = """
  SELECT COUNT(*) FROM user WHERE merged_into IS NULL AND (
    EXISTS (SELECT 1 FROM review WHERE review.user = user.id)
    OR EXISTS (SELECT 1 FROM known WHERE known.user = user.id)
    OR EXISTS (SELECT 1 FROM user AS other WHERE other.merged_into = user.id))
  """

private let selectStale = """
  SELECT review.id, CAST(source.name AS BLOB), CAST(review.name AS BLOB),
    CAST(user.name AS BLOB), CAST(item AS BLOB), CAST(time AS BLOB), CAST(text AS BLOB)
  FROM review
    JOIN source ON source.id = source JOIN user ON user.id = user JOIN reading ON reading.id = reading
  WHERE review.id > ? AND text IS NOT NULL
    AND (model <> CAST(? AS TEXT) OR minimum_confidence <> ?)
  ORDER BY review.id LIMIT ?
  """
