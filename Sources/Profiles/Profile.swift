import Files
public import Reviews

/// What is known of one writer: traits, each with how sure it is and the reviews it rests on.
///
/// Lists are ordered by count, largest first, then by text; the same evidence always gives the same
/// profile.
public struct Profile: Codable, Equatable, Sendable {
  /// A text and how often it occurs.
  public struct Count: Codable, Equatable, Sendable {
    /// As it was counted.
    public var text: String
    /// Occurrences, at least 1.
    public var count: Int
  }

  /// When the writer wrote.
  public struct Activity: Codable, Equatable, Sendable {
    /// The time of the first review with a time.
    public var first: String?
    /// The time of the last one.
    public var last: String?
    /// The median of the days between a review and the next, where there are two with a time.
    public var cadenceDays: Double?
    /// Days from the last review to the day that the profile speaks of.
    public var silenceDays: Double?

    private enum CodingKeys: String, CodingKey {
      case first, last
      case cadenceDays = "cadence_days"
      case silenceDays = "silence_days"
    }
  }

  /// Which way the stars go from the first review to the last.
  public enum Trend: String, Codable, Sendable {
    /// Up or down with a probability of 95 in 100.
    case rising, falling
    /// Neither.
    case steady
  }

  /// How the writer feels, over all reviews and month by month.
  public struct Sentiment: Codable, Equatable, Sendable {
    /// Mean stars, 1...5.
    public var stars: Posterior
    /// The expected share of reviews with 1 to 5 stars.
    public var shares: [Double]
    /// Stars at the last review less stars at the first, along a straight line; nil without two
    /// dates.
    public var change: Posterior?
    /// What `change` amounts to.
    public var trend: Trend?
    /// Reviews labelled negative.
    public var negative: Int
    /// Reviews labelled neutral.
    public var neutral: Int
    /// Reviews labelled positive.
    public var positive: Int
    /// Months with reviews, oldest first; reviews without a time are in none.
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

  /// How a writer stands to something that they judge.
  public enum Stance: String, Codable, Sendable {
    /// Mostly praised or blamed, with a probability of eight in ten.
    case liked, disliked
    /// Both praised and blamed, neither of them surely more.
    case divided
    /// Too little is said.
    case unclear
  }

  /// Something the writer judged.
  public struct Aspect: Codable, Equatable, Sendable {
    /// The name under which its spellings are counted: lower case, singular, simplified characters.
    public var name: String
    /// One of `LabelSchema.aspectGroups`, where the name tells it.
    public var group: String?
    /// Mentions with any feeling or none.
    public var mentions: Int
    /// Mentions with negative feelings.
    public var negative: Int
    /// Mentions with neutral feelings.
    public var neutral: Int
    /// Mentions with positive feelings.
    public var positive: Int
    /// The share of positive mentions among positive and negative ones.
    public var liking: Posterior
    /// What `liking` amounts to.
    public var stance: Stance
    /// One entry per mention, oldest first.
    public var evidence: [Mention]
  }

  /// Where a review says something.
  public struct Mention: Codable, Equatable, Sendable {
    /// The source of the review.
    public var source: String
    /// The id of the review there.
    public var review: String
    /// Unicode scalars of its text, from...
    public var start: Int
    /// ...up to this one.
    public var end: Int
    /// The feeling, where there is one.
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
    /// The share of the writer's reviews that hold it.
    public var rate: Posterior

    private enum CodingKeys: String, CodingKey {
      case label, reviews, rate
      case lastTime = "last_time"
    }
  }

  /// What a support team listens for.
  public struct Signals: Codable, Equatable, Sendable {
    /// The share of reviews that complain: in so many words, or by one or two stars.
    public var complaint: Posterior
    /// The probability that the writer has left: how long they are silent, by their own cadence and
    /// that of the others.
    public var churn: Double
  }

  /// A review in a line.
  public struct Latest: Codable, Equatable, Sendable {
    /// The source of the review.
    public var source: String
    /// The id of the review there.
    public var id: String
    /// When it was written.
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
  /// Others whose reviews count too, as they were merged, by name.
  public var merged: [String]
  /// The time that the profile speaks of: as was asked, or that of the last review of all writers.
  public var asOf: String?
  /// Days after which a review counts half; nil where all count the same.
  public var halfLifeDays: Double?
  /// Reviews counted.
  public var reviews: Int
  /// Reviews among them of whose sentiment and intents the model would say nothing.
  public var abstained: Int
  /// Different items among the reviews that name one.
  public var items: Int
  /// Reviews per model that read them.
  public var models: [Count]
  /// When they wrote.
  public var activity: Activity
  /// Reviews per language.
  public var languages: [Count]
  /// How the writer feels.
  public var sentiment: Sentiment
  /// What the writer judged.
  public var aspects: [Aspect]
  /// The most frequent words of judgement, in lower case; at most `opinionLimit`.
  public var opinions: [Count]
  /// Types in the order of the name layer, unknown ones after them by name.
  public var names: [Names]
  /// What the writer wants, by the number of reviews that hold it.
  public var intents: [Intent]
  /// What calls for attention.
  public var signals: Signals
  /// What other sources say.
  public var known: [KnownField]
  /// The latest reviews, newest first; at most `latestLimit`.
  public var latest: [Latest]

  /// The number of opinions a profile keeps.
  public static let opinionLimit = 20
  /// The number of latest reviews a profile keeps.
  public static let latestLimit = 5

  private enum CodingKeys: String, CodingKey {
    case user, merged
    case asOf = "as_of"
    case halfLifeDays = "half_life_days"
    case reviews, abstained, items, models, activity, languages, sentiment, aspects, opinions
    case names, intents, signals, known, latest
  }

  /// One line of JSON, keys sorted.
  public func jsonLine() throws -> String { try sortedJSON() }
}
