public import Reviews

/// What one writer's glosses say together: figures with the reviews that they come from.
///
/// Lists are ordered by count, largest first, then by text; the same glosses always give the same
/// profile.
public struct Profile: Codable, Equatable, Sendable {
  /// A text and how often it occurs.
  public struct Count: Codable, Equatable, Sendable {
    /// As it was counted.
    public var text: String
    /// Occurrences, at least 1.
    public var count: Int
  }

  /// How the writer feels, over all reviews and month by month.
  public struct Sentiment: Codable, Equatable, Sendable {
    /// The mean over all reviews, 1...5, to four decimals.
    public var stars: Double
    /// Reviews labelled negative.
    public var negative: Int
    /// Reviews labelled neutral.
    public var neutral: Int
    /// Reviews labelled positive.
    public var positive: Int
    /// Months with reviews, oldest first; reviews whose time names no month are in none.
    public var months: [Month]
  }

  /// The reviews of one calendar month.
  public struct Month: Codable, Equatable, Sendable {
    /// Year and month, such as `2024-05`.
    public var month: String
    /// Reviews in this month, at least 1.
    public var reviews: Int
    /// The mean over these reviews, 1...5, to four decimals.
    public var stars: Double
  }

  /// Something the writer judged.
  public struct Aspect: Codable, Equatable, Sendable {
    /// In lower case, without white space around it.
    public var text: String
    /// Mentions with any feeling or none.
    public var mentions: Int
    /// Mentions with negative feelings.
    public var negative: Int
    /// Mentions with neutral feelings.
    public var neutral: Int
    /// Mentions with positive feelings.
    public var positive: Int
    /// One entry per mention, oldest first.
    public var evidence: [Evidence]
  }

  /// A mention: the review it is in and how it feels there.
  public struct Evidence: Codable, Equatable, Sendable {
    /// The id of the review.
    public var review: String
    /// The feeling of this mention, where the gloss has one.
    public var polarity: Gloss.Polarity?
  }

  /// The named things of one type.
  public struct Names: Codable, Equatable, Sendable {
    /// One of the name layer's types, such as `PRODUCT`.
    public var type: String
    /// Spellings that differ only in case count as one and are shown as most often written.
    public var names: [Count]
  }

  /// Something the writer wants or does.
  public struct Intent: Codable, Equatable, Sendable {
    /// One of `LabelSchema.intents`.
    public var label: String
    /// Reviews that hold it.
    public var reviews: Int
    /// The time of the latest of them; nil when none has a time.
    public var lastTime: String?

    private enum CodingKeys: String, CodingKey {
      case label, reviews
      case lastTime = "last_time"
    }
  }

  /// A review in a line.
  public struct Latest: Codable, Equatable, Sendable {
    /// The id of the review.
    public var id: String
    /// When it was written, as it was given.
    public var time: String?
    /// What it is about.
    public var item: String?
    /// Mean stars, 1...5.
    public var stars: Double
    /// The likeliest feeling.
    public var label: Gloss.Polarity
  }

  /// Who wrote the reviews.
  public var user: String
  /// Reviews counted, at least 1.
  public var reviews: Int
  /// Different items among the reviews that name one.
  public var items: Int
  /// The earliest time, as it was given; nil when no review has one.
  public var firstTime: String?
  /// The latest time, as it was given; nil when no review has one.
  public var lastTime: String?
  /// Reviews per language.
  public var languages: [Count]
  /// How the writer feels.
  public var sentiment: Sentiment
  /// What the writer judged; spellings that differ only in case are one aspect.
  public var aspects: [Aspect]
  /// The most frequent words of judgement, in lower case; at most `opinionLimit`.
  public var opinions: [Count]
  /// Types in the order of the name layer, unknown ones after them by name.
  public var names: [Names]
  /// What the writer wants, by the number of reviews that hold it.
  public var intents: [Intent]
  /// The latest reviews, newest first; at most `latestLimit`.
  public var latest: [Latest]

  /// The number of opinions a profile keeps.
  public static let opinionLimit = 20
  /// The number of latest reviews a profile keeps.
  public static let latestLimit = 5

  private enum CodingKeys: String, CodingKey {
    case user, reviews, items
    case firstTime = "first_time"
    case lastTime = "last_time"
    case languages, sentiment, aspects, opinions, names, intents, latest
  }
}
