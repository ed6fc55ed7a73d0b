import Crypto
public import Foundation
import GRDB
public import Reviews

/// What a model noted about a review, to be kept as evidence.
public struct Evidence: Sendable {
  /// The record.
  public var gloss: Gloss
  /// The review's text; nil where it is not to be kept.
  public var text: String?
  /// What the record was made of: two reviews with the same content need not be read twice.
  public var content: Data

  /// A record and what it was made of.
  public init(_ gloss: Gloss, text: String?, content: Data) {
    self.gloss = gloss
    self.text = text
    self.content = content
  }

  /// The hash of a review's writer, item, time and text: the first 16 bytes of SHA-256.
  public static func content(of review: Review) -> Data {
    var hash = SHA256()
    for part in [review.user, review.item, review.time, review.text] {
      // Lengths before the parts, so that none runs into the next.
      let bytes = Data((part ?? "").utf8)
      hash.update(data: Data("\(part == nil ? -1 : bytes.count):".utf8))
      hash.update(data: bytes)
    }
    return Data(hash.finalize().prefix(16))
  }

  /// The hash of a row that was a record when it came.
  public static func content(ofRecord row: [UInt8]) -> Data {
    Data(SHA256.hash(data: row).prefix(16))
  }
}

/// How reviews come into a store.
public struct Intake: Sendable {
  /// Names the source of the reviews, within which their ids are unique.
  public var source: String
  /// The model that reads, as records name it.
  public var model: String
  /// The confidence below which it abstains from sentiment and leaves out entities and intents.
  public var minimumConfidence: Double
  /// Whether reviews of users who were erased come in again.
  public var allowsErased: Bool
  /// Whether texts are kept: what the store holds otherwise is read again.
  public var keepsText: Bool

  /// The name of a source where none is given.
  public static let usualSource = "reviews"

  /// Reviews of one source, read by one model.
  public init(
    source: String = Intake.usualSource, model: String, minimumConfidence: Double = 0,
    allowsErased: Bool = false, keepsText: Bool = true
  ) {
    self.source = source
    self.model = model
    self.minimumConfidence = minimumConfidence
    self.allowsErased = allowsErased
    self.keepsText = keepsText
  }
}

/// What became of reviews.
public struct IntakeCounts: Codable, Equatable, Sendable {
  /// Reviews that the store did not hold.
  public var added = 0
  /// Reviews whose evidence is another now.
  public var replaced = 0
  /// Those of the replaced that another user had written.
  public var reassigned = 0
  /// Reviews that the store held as they are.
  public var unchanged = 0
  /// Reviews of users who were erased.
  public var withheld = 0

  /// None.
  public init() {}

  /// Adds those of another part of the reviews.
  public mutating func add(_ other: Self) {
    added += other.added
    replaced += other.replaced
    reassigned += other.reassigned
    unchanged += other.unchanged
    withheld += other.withheld
  }
}

extension ProfileStore {
  /// What a store knows of a review before a model has read it.
  public enum Standing: Sendable {
    /// To be read.
    case wanted
    /// Held as it is, read by the same model.
    case unchanged
    /// Of a user who was erased.
    case withheld
  }

  /// The standing of reviews, each of a user.
  public func standing(
    of reviews: [Review], in intake: Intake
  ) throws(ProfileError) -> [Standing] {
    try read { database in
      try reviews.map { review in
        if !intake.allowsErased, let user = review.user, try isErased(user, database) {
          return .withheld
        }
        let row = try Row.fetchOne(
          database.cachedStatement(sql: knownReading),
          arguments: [bytes(intake.source), bytes(review.id)])
        guard let row else { return .wanted }
        let isSame =
          try row.decode(Data.self, atIndex: 0) == Evidence.content(of: review)
          && row.text(1) == intake.model
          && row.decode(Double.self, atIndex: 2) == intake.minimumConfidence
          && row.decode(Bool.self, atIndex: 3) == intake.keepsText
        return isSame ? .unchanged : .wanted
      }
    }
  }

  /// Keeps `evidence`, all or none of it, and says what that changed.
  ///
  /// A review that the store holds already is unchanged when content and model are the same and a
  /// text is kept or is not, as before, and replaced with all that was noted about it when they are
  /// not. Throws when a record names no user, names one where users are pseudonyms, or holds what no
  /// model writes.
  public func record(
    _ evidence: [Evidence], in intake: Intake
  ) throws(ProfileError) -> IntakeCounts {
    for evidence in evidence { try Self.check(evidence.gloss) }
    return try write { database in
      if try Self.pseudonyms(database) != nil,
        let gloss = evidence.lazy.map(\.gloss).first(where: { !Self.isPseudonym($0.user ?? "") })
      {
        throw ProfileError.malformed(
          review: gloss.id, reason: "its user is a name, those of the store are pseudonyms")
      }
      var recorder = try Recorder(database, intake)
      var counts = IntakeCounts()
      for evidence in evidence {
        if !intake.allowsErased, try isErased(evidence.gloss.user ?? "", database) {
          counts.withheld += 1
        } else {
          counts[keyPath: try recorder.record(evidence)] += 1
        }
      }
      counts.reassigned = recorder.reassignedCount
      if counts.added + counts.replaced > 0 { try Self.advanceGeneration(database) }
      return counts
    }
  }

  /// Replaces what was noted of reviews that the store holds with this very content; what another
  /// process has replaced or erased since its text was read stays as it is.
  public func refresh(
    _ evidence: [Evidence], in intake: Intake
  ) throws(ProfileError) -> IntakeCounts {
    try write { database in
      var recorder = try Recorder(database, intake)
      var counts = IntakeCounts()
      for evidence in evidence where try recorder.holds(evidence) {
        counts[keyPath: try recorder.record(evidence)] += 1
      }
      if counts.replaced > 0 { try Self.advanceGeneration(database) }
      return counts
    }
  }

  /// Tables of names.
  enum Names: String {
    case source, user
  }

  /// The row of a name, made where there is none.
  static func id(of name: String, in table: Names, _ database: Database) throws -> Int {
    let find = try database.cachedStatement(
      sql: "SELECT id FROM \(table.rawValue) WHERE name = CAST(? AS TEXT)")
    if let id = try Int.fetchOne(find, arguments: [bytes(name)]) { return id }
    try database.cachedStatement(
      sql: "INSERT INTO \(table.rawValue) (name) VALUES (CAST(? AS TEXT))"
    ).execute(arguments: [bytes(name)])
    return Int(database.lastInsertedRowID)
  }

  private static func check(_ gloss: Gloss) throws(ProfileError) {
    guard let user = gloss.user, !user.isEmpty else { throw .missingUser(review: gloss.id) }
    if let problem = gloss.problem { throw .malformed(review: gloss.id, reason: problem) }
  }
}

private let knownReading = """
  SELECT content, CAST(model AS BLOB), minimum_confidence, text IS NOT NULL
  FROM review JOIN source ON source.id = source JOIN reading ON reading.id = reading
  WHERE source.name = CAST(? AS TEXT) AND review.name = CAST(? AS TEXT)
  """
