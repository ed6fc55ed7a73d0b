import Foundation
import GRDB
import Reviews

/// The SQL that takes a gloss apart into rows and puts it together again.
///
/// GRDB ends a string at its first NUL. Texts travel as bytes instead, and SQL makes them text:
/// `CAST(? AS TEXT)` on the way in, `CAST(column AS BLOB)` on the way out.
enum StoredGloss {
  /// A text as a statement's argument, whole even where it holds NULs.
  static func bytes(_ text: String?) -> (any DatabaseValueConvertible)? {
    guard let text else { return nil }
    return text.utf8.contains(0) ? Data(text.utf8) : text
  }

  /// A text column that was selected as bytes.
  static func text(_ row: Row, _ column: Int) throws -> String {
    String(decoding: try row.decode(Data.self, atIndex: column), as: UTF8.self)
  }

  /// A text column that was selected as bytes and may be null.
  static func optionalText(_ row: Row, _ column: Int) throws -> String? {
    try row.decode(Data?.self, atIndex: column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The case that a column names.
  private static func value<Value: RawRepresentable<String>>(_ name: String) throws -> Value {
    guard let value = Value(rawValue: name) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "\(Value.self) is \"\(name)\", which is none")
    }
    return value
  }

  static func insert(_ gloss: Gloss, user: String, into database: Database) throws {
    let id = bytes(gloss.id)
    let sentiment = gloss.sentiment
    let values: [(any DatabaseValueConvertible)?] =
      [
        id, bytes(user), bytes(gloss.item), bytes(gloss.time), bytes(gloss.language),
        sentiment.stars, sentiment.label.rawValue, sentiment.confidence,
      ] + sentiment.probabilities + [gloss.tokens, gloss.windows, bytes(gloss.model)]
    try database.cachedStatement(sql: insertGloss).execute(arguments: StatementArguments(values))

    let entityStatement = try database.cachedStatement(sql: insertEntity)
    for (position, entity) in gloss.entities.enumerated() {
      try entityStatement.execute(arguments: [
        id, position, entity.layer.rawValue, bytes(entity.type), bytes(entity.text),
        entity.start, entity.end, entity.confidence, entity.polarity?.rawValue,
      ])
    }
    let intentStatement = try database.cachedStatement(sql: insertIntent)
    for (position, intent) in gloss.intents.enumerated() {
      try intentStatement.execute(arguments: [
        id, position, bytes(intent.label), intent.confidence,
      ])
    }
  }

  /// Entities and intents go with the gloss, by their foreign keys.
  static func delete(review id: String, from database: Database) throws {
    try database.cachedStatement(sql: "DELETE FROM gloss WHERE review_id = CAST(? AS TEXT)")
      .execute(arguments: [bytes(id)])
  }

  static func fetch(review id: String, from database: Database) throws -> Gloss? {
    let statement = try database.cachedStatement(
      sql: selectGloss + " WHERE review_id = CAST(? AS TEXT)")
    let row = try Row.fetchOne(statement, arguments: [bytes(id)])
    return try row.map { try gloss($0, from: database) }
  }

  static func fetchAll(ofUser user: String, from database: Database) throws -> [Gloss] {
    // Null comes before every time, and texts compare by their bytes.
    let statement = try database.cachedStatement(
      sql: selectGloss + " WHERE user = CAST(? AS TEXT) ORDER BY time, review_id")
    let rows = try Row.fetchCursor(statement, arguments: [bytes(user)])
    var glosses: [Gloss] = []
    while let row = try rows.next() {
      glosses.append(try gloss(row, from: database))
    }
    return glosses
  }

  private static func gloss(_ row: Row, from database: Database) throws -> Gloss {
    let id = try text(row, 0)
    return Gloss(
      id: id, user: try text(row, 1), item: try optionalText(row, 2),
      time: try optionalText(row, 3), language: try text(row, 4),
      sentiment: Gloss.Sentiment(
        label: try value(text(row, 6)),
        stars: try row.decode(Double.self, atIndex: 5),
        confidence: try row.decode(Double.self, atIndex: 7),
        probabilities: try (8..<13).map { try row.decode(Double.self, atIndex: $0) }),
      entities: try entities(ofReview: id, from: database),
      intents: try intents(ofReview: id, from: database),
      tokens: try row.decode(Int.self, atIndex: 13),
      windows: try row.decode(Int.self, atIndex: 14), model: try text(row, 15))
  }

  private static func entities(
    ofReview id: String, from database: Database
  ) throws -> [Gloss.Entity] {
    let statement = try database.cachedStatement(sql: selectEntities)
    return try Row.fetchAll(statement, arguments: [bytes(id)]).map { row in
      Gloss.Entity(
        layer: try value(text(row, 0)), type: try text(row, 1),
        text: try text(row, 2), start: try row.decode(Int.self, atIndex: 3),
        end: try row.decode(Int.self, atIndex: 4),
        confidence: try row.decode(Double.self, atIndex: 5),
        polarity: try optionalText(row, 6).map(value))
    }
  }

  private static func intents(
    ofReview id: String, from database: Database
  ) throws -> [Gloss.Intent] {
    let statement = try database.cachedStatement(sql: selectIntents)
    return try Row.fetchAll(statement, arguments: [bytes(id)]).map { row in
      Gloss.Intent(label: try text(row, 0), confidence: try row.decode(Double.self, atIndex: 1))
    }
  }
}

// Columns are named, so that a later migration may add some.
private let insertGloss = """
  INSERT INTO gloss (review_id, user, item, time, language, stars, label, confidence,
    probability_1, probability_2, probability_3, probability_4, probability_5,
    tokens, windows, model)
  VALUES (CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))
  """

private let selectGloss = """
  SELECT CAST(review_id AS BLOB), CAST(user AS BLOB), CAST(item AS BLOB), CAST(time AS BLOB),
    CAST(language AS BLOB), stars, CAST(label AS BLOB), confidence,
    probability_1, probability_2, probability_3, probability_4, probability_5,
    tokens, windows, CAST(model AS BLOB)
  FROM gloss
  """

private let insertEntity = """
  INSERT INTO entity (review_id, position, layer, type, text, start, end, confidence, polarity)
  VALUES (CAST(? AS TEXT), ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?, ?)
  """

private let selectEntities = """
  SELECT CAST(layer AS BLOB), CAST(type AS BLOB), CAST(text AS BLOB), start, end, confidence,
    CAST(polarity AS BLOB)
  FROM entity WHERE review_id = CAST(? AS TEXT) ORDER BY position
  """

private let insertIntent = """
  INSERT INTO intent (review_id, position, label, confidence)
  VALUES (CAST(? AS TEXT), ?, CAST(? AS TEXT), ?)
  """

private let selectIntents = """
  SELECT CAST(label AS BLOB), confidence
  FROM intent WHERE review_id = CAST(? AS TEXT) ORDER BY position
  """
