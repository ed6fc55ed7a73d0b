import GRDB

/// One writer in a line: what `gloss profile list` shows.
public struct UserSummary: Codable, Equatable, Sendable {
  /// Who wrote the reviews.
  public var user: String
  /// Reviews of theirs that the store holds.
  public var reviews: Int
  /// The mean over their reviews, 1...5, to four decimals.
  public var stars: Double
  /// The time of their latest review, as it was given; nil when none has a time.
  public var lastTime: String?
  /// The intent of most of their reviews; of equals the first by name; nil when there is none.
  public var topIntent: String?

  /// A summary of the given figures.
  public init(
    user: String, reviews: Int, stars: Double, lastTime: String? = nil, topIntent: String? = nil
  ) {
    self.user = user
    self.reviews = reviews
    self.stars = stars
    self.lastTime = lastTime
    self.topIntent = topIntent
  }

  private enum CodingKeys: String, CodingKey {
    case user, reviews, stars
    case lastTime = "last_time"
    case topIntent = "top_intent"
  }

  /// Summaries of all writers: most reviews first, then by name.
  static func fetchAll(from database: Database) throws -> [UserSummary] {
    try Row.fetchAll(database, sql: query).map { row in
      UserSummary(
        user: try StoredGloss.text(row, 0), reviews: try row.decode(Int.self, atIndex: 1),
        stars: try row.decode(Double.self, atIndex: 2).roundedToFourDecimals,
        lastTime: try StoredGloss.optionalText(row, 3),
        topIntent: try StoredGloss.optionalText(row, 4))
    }
  }
}

private let query = """
  WITH
    total AS (
      SELECT user, COUNT(*) AS reviews, AVG(stars) AS stars, MAX(time) AS time
      FROM gloss GROUP BY user),
    ranked AS (
      SELECT user, intent.label AS intent, ROW_NUMBER() OVER (
          PARTITION BY user ORDER BY COUNT(DISTINCT review_id) DESC, intent.label) AS place
      FROM gloss JOIN intent USING (review_id) GROUP BY user, intent.label)
  SELECT CAST(total.user AS BLOB), reviews, stars, CAST(time AS BLOB), CAST(intent AS BLOB)
  FROM total LEFT JOIN ranked ON ranked.user = total.user AND place = 1
  ORDER BY reviews DESC, total.user
  """
