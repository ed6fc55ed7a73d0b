import Foundation
import GRDB
import Reviews

/// Writes evidence within one transaction: its statements are made ready once.
struct Recorder {
  private let database: Database
  private let source: Int
  private let minimumConfidence: Double
  private let insertReview: Statement
  private let insertEntity: Statement
  private let insertIntent: Statement
  private let findReview: Statement
  private let deleteReview: Statement
  private let deleteUser: Statement
  // Rows of names that this transaction has met, by their bytes: two texts that are equal to Swift
  // may be different names.
  private var users: [[UInt8]: Int] = [:]
  private var readings: [[UInt8]: Int] = [:]
  /// Reviews that were replaced by one of another user.
  private(set) var reassignedCount = 0

  init(_ database: Database, _ intake: Intake) throws {
    self.database = database
    minimumConfidence = intake.minimumConfidence
    source = try ProfileStore.id(of: intake.source, in: .source, database)
    insertReview = try database.cachedStatement(sql: reviewInsertion)
    insertEntity = try database.cachedStatement(sql: entityInsertion)
    insertIntent = try database.cachedStatement(sql: intentInsertion)
    findReview = try database.cachedStatement(
      sql: """
        SELECT id, content, reading, text IS NOT NULL, user FROM review
        WHERE source = ? AND name = CAST(? AS TEXT)
        """)
    deleteReview = try database.cachedStatement(sql: "DELETE FROM review WHERE id = ?")
    deleteUser = try database.cachedStatement(sql: emptyUserDeletion)
  }

  /// Keeps a review unless it is held as it is, and says which count that adds to.
  mutating func record(_ evidence: Evidence) throws -> WritableKeyPath<IntakeCounts, Int> {
    let (user, reading) = (try user(of: evidence.gloss), try reading(of: evidence.gloss))
    // Most are new: the unique index finds out by itself.
    if try insert(evidence, user, reading) { return \.added }
    guard let held = try held(evidence.gloss) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a review is there and is not")
    }
    if try held.decode(Data.self, atIndex: 1) == evidence.content,
      try held.decode(Int.self, atIndex: 2) == reading,
      try held.decode(Bool.self, atIndex: 3) == (evidence.text != nil)
    {
      return \.unchanged
    }
    try deleteReview.execute(arguments: [try held.decode(Int.self, atIndex: 0)])
    _ = try insert(evidence, user, reading)
    let writer = try held.decode(Int.self, atIndex: 4)
    if writer != user {
      reassignedCount += 1
      try forget(writer)
    }
    return \.replaced
  }

  /// Removes a user of whom nothing is left.
  private mutating func forget(_ user: Int) throws {
    try deleteUser.execute(arguments: [user])
    if database.changesCount > 0 { users = users.filter { $0.value != user } }
  }

  /// Whether the review is held, made of the same content, with its text or without as here.
  func holds(_ evidence: Evidence) throws -> Bool {
    guard let held = try held(evidence.gloss) else { return false }
    return try held.decode(Data.self, atIndex: 1) == evidence.content
      && held.decode(Bool.self, atIndex: 3) == (evidence.text != nil)
  }

  private func held(_ gloss: Gloss) throws -> Row? {
    try Row.fetchOne(findReview, arguments: [source, bytes(gloss.id)])
  }

  /// Writes a review with all that was noted; false where one of its name is there.
  private func insert(_ evidence: Evidence, _ user: Int, _ reading: Int) throws -> Bool {
    let gloss = evidence.gloss
    let sentiment = gloss.sentiment
    let shares = sentiment.probabilities
    try insertReview.execute(arguments: [
      source, bytes(gloss.id), user, reading, evidence.content, bytes(gloss.item),
      bytes(gloss.time), gloss.time.flatMap(ReviewTime.seconds), bytes(gloss.language),
      sentiment.stars, sentiment.label.rawValue, sentiment.confidence,
      shares[0], shares[1], shares[2], shares[3], shares[4],
      gloss.tokens, gloss.windows, gloss.abstained == true ? 1 : 0, bytes(evidence.text),
    ])
    guard database.changesCount == 1 else { return false }
    let review = Int(database.lastInsertedRowID)
    for (position, entity) in gloss.entities.enumerated() {
      try insertEntity.execute(arguments: [
        review, position, entity.layer.rawValue, bytes(entity.type), bytes(entity.text),
        entity.start, entity.end, entity.confidence, entity.polarity?.rawValue,
      ])
    }
    for (position, intent) in gloss.intents.enumerated() {
      try insertIntent.execute(arguments: [
        review, position, bytes(intent.label), intent.confidence,
      ])
    }
    return true
  }

  private mutating func user(of gloss: Gloss) throws -> Int {
    let name = gloss.user ?? ""
    let key = Array(name.utf8)
    if let id = users[key] { return id }
    let id = try ProfileStore.id(of: name, in: .user, database)
    users[key] = id
    return id
  }

  private mutating func reading(of gloss: Gloss) throws -> Int {
    let key = Array(gloss.model.utf8)
    if let id = readings[key] { return id }
    let arguments: StatementArguments = [bytes(gloss.model), minimumConfidence]
    try database.execute(
      sql: """
        INSERT INTO reading (model, minimum_confidence) VALUES (CAST(? AS TEXT), ?)
        ON CONFLICT DO NOTHING
        """, arguments: arguments)
    let id = try Int.fetchOne(
      database,
      sql: "SELECT id FROM reading WHERE model = CAST(? AS TEXT) AND minimum_confidence = ?",
      arguments: arguments)
    readings[key] = id
    return id ?? 0
  }
}

// Columns are named, so that a later migration may add some.
private let reviewInsertion = """
  INSERT INTO review (source, name, user, reading, content, item, time, seconds, language,
    stars, label, confidence,
    probability_1, probability_2, probability_3, probability_4, probability_5,
    tokens, windows, abstained, text)
  VALUES (?, CAST(? AS TEXT), ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, CAST(? AS TEXT),
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))
  ON CONFLICT (source, name) DO NOTHING
  """

/// Deletes a user of whom nothing is left.
let emptyUserDeletion = """
  DELETE FROM user WHERE id = ? AND merged_into IS NULL
    AND NOT EXISTS (SELECT 1 FROM review WHERE review.user = user.id)
    AND NOT EXISTS (SELECT 1 FROM known WHERE known.user = user.id)
    AND NOT EXISTS (SELECT 1 FROM user AS other WHERE other.merged_into = user.id)
  """

private let entityInsertion = """
  INSERT INTO entity (review, position, layer, type, text, start, end, confidence, polarity)
  VALUES (?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?, ?)
  """

private let intentInsertion = """
  INSERT INTO intent (review, position, label, confidence)
  VALUES (?, ?, CAST(? AS TEXT), ?)
  """
