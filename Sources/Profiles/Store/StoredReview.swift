import Foundation
import GRDB
public import Reviews

/// A review as a store holds it.
public struct StoredReview: Equatable, Sendable {
  /// Where the review came from.
  public var source: String
  /// What the model noted.
  public var gloss: Gloss
  /// When it was written, in seconds since the start of 1970; nil where that is not known.
  public var seconds: Int?
  /// The text, where it was kept.
  public var text: String?

  /// By time, those without one first; of the same time by source, then by id, as bytes.
  static func isOlder(_ left: Self, _ right: Self) -> Bool {
    switch (left.seconds, right.seconds) {
    case (nil, .some): true
    case (.some, nil): false
    case (let a?, let b?) where a != b: a < b
    default:
      left.source != right.source
        ? precedes(left.source, right.source) : precedes(left.gloss.id, right.gloss.id)
    }
  }
}

/// Whether `first` sorts before `second` by UTF-8 bytes, as in SQLite.
func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}

extension StoredReview {
  /// The reviews of a user's row, in no particular order.
  static func fetchAll(ofUser user: Int, _ database: Database) throws -> [StoredReview] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(sql: selectReviews), arguments: [user])
    var reviews: [StoredReview] = []
    while let row = try rows.next() { reviews.append(try StoredReview(row, database)) }
    return reviews
  }

  private init(_ row: Row, _ database: Database) throws {
    let review = try row.decode(Int.self, atIndex: 0)
    source = try row.text(1)
    seconds = try row.decode(Int?.self, atIndex: 6)
    text = try row.optionalText(19)
    gloss = Gloss(
      id: try row.text(2), user: try row.text(3), item: try row.optionalText(4),
      time: try row.optionalText(5), language: try row.text(7),
      sentiment: Gloss.Sentiment(
        label: try row.value(9), stars: try row.decode(Double.self, atIndex: 8),
        confidence: try row.decode(Double.self, atIndex: 10),
        probabilities: try (11..<16).map { try row.decode(Double.self, atIndex: $0) }),
      entities: try Self.entities(of: review, database),
      intents: try Self.intents(of: review, database),
      tokens: try row.decode(Int.self, atIndex: 16),
      windows: try row.decode(Int.self, atIndex: 17),
      abstained: try row.decode(Int.self, atIndex: 18) == 0 ? nil : true,
      model: try row.text(20))
    let isYear = seconds.map { ReviewTime.text(seconds: $0) != nil } ?? true
    if let problem = gloss.problem ?? (isYear ? nil : "a time is none") {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "review \(review): \(problem)")
    }
  }

  private static func entities(of review: Int, _ database: Database) throws -> [Gloss.Entity] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(sql: selectEntities), arguments: [review])
    var entities: [Gloss.Entity] = []
    while let row = try rows.next() {
      entities.append(
        Gloss.Entity(
          layer: try row.value(0), type: try row.text(1), text: try row.text(2),
          start: try row.decode(Int.self, atIndex: 3), end: try row.decode(Int.self, atIndex: 4),
          confidence: try row.decode(Double.self, atIndex: 5), polarity: try row.optionalValue(6)))
    }
    return entities
  }

  private static func intents(of review: Int, _ database: Database) throws -> [Gloss.Intent] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(sql: selectIntents), arguments: [review])
    var intents: [Gloss.Intent] = []
    while let row = try rows.next() {
      intents.append(
        Gloss.Intent(label: try row.text(0), confidence: try row.decode(Double.self, atIndex: 1)))
    }
    return intents
  }
}

private let selectReviews = """
  SELECT review.id, CAST(source.name AS BLOB), CAST(review.name AS BLOB), CAST(user.name AS BLOB),
    CAST(item AS BLOB), CAST(time AS BLOB), seconds, CAST(language AS BLOB),
    stars, CAST(label AS BLOB), confidence,
    probability_1, probability_2, probability_3, probability_4, probability_5,
    tokens, windows, abstained, CAST(text AS BLOB), CAST(model AS BLOB)
  FROM review
    JOIN source ON source.id = source JOIN user ON user.id = user JOIN reading ON reading.id = reading
  WHERE user = ?
  """

private let selectEntities = """
  SELECT CAST(layer AS BLOB), CAST(type AS BLOB), CAST(text AS BLOB), start, end, confidence,
    CAST(polarity AS BLOB)
  FROM entity WHERE review = ? ORDER BY position
  """

private let selectIntents = """
  SELECT CAST(label AS BLOB), confidence FROM intent WHERE review = ? ORDER BY position
  """
