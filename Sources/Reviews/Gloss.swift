/// What Gloss noted about one review: the record that `gloss classify` writes, a line each.
///
/// The field names are a contract with everyone who reads these records.
public struct Gloss: Codable, Equatable, Sendable {
  /// How the writer feels about what the review is about, or about one aspect of it.
  public enum Polarity: String, Codable, CaseIterable, Sendable {
    case negative, neutral, positive
  }

  /// A distribution over one to five stars and what follows from it.
  public struct Sentiment: Codable, Equatable, Sendable {
    /// The likeliest of negative (1 or 2 stars), neutral (3) and positive (4 or 5).
    public var label: Polarity
    /// The mean of the distribution, 1...5.
    public var stars: Double
    /// The probability of `label`, 0...1.
    public var confidence: Double
    /// The probability of 1, 2, 3, 4 and 5 stars.
    public var probabilities: [Double]

    /// What a distribution over stars says.
    public init(label: Polarity, stars: Double, confidence: Double, probabilities: [Double]) {
      self.label = label
      self.stars = stars
      self.confidence = confidence
      self.probabilities = probabilities
    }
  }

  /// A span of the text that one of the two tagging layers marked.
  public struct Entity: Codable, Equatable, Sendable {
    /// The layer that marked it.
    public var layer: EntityLayer
    /// One of the layer's types, such as `ASPECT` or `PRODUCT`.
    public var type: String
    /// The text from `start` to `end`.
    public var text: String
    /// First Unicode scalar of the span, counted from the start of the review's text.
    public var start: Int
    /// One past the last Unicode scalar of the span.
    public var end: Int
    /// Probability 0...1.
    public var confidence: Double
    /// How the writer feels about it; only aspects have one.
    public var polarity: Polarity?

    /// A marked span.
    public init(
      layer: EntityLayer, type: String, text: String, start: Int, end: Int, confidence: Double,
      polarity: Polarity? = nil
    ) {
      self.layer = layer
      self.type = type
      self.text = text
      self.start = start
      self.end = end
      self.confidence = confidence
      self.polarity = polarity
    }
  }

  /// Something the writer wants or does with the review.
  public struct Intent: Codable, Equatable, Sendable {
    /// One of `LabelSchema.intents`.
    public var label: String
    /// Probability 0...1.
    public var confidence: Double

    /// An intent and its probability.
    public init(label: String, confidence: Double) {
      self.label = label
      self.confidence = confidence
    }
  }

  /// The review's id.
  public var id: String
  /// Who wrote the review.
  public var user: String?
  /// What the review is about.
  public var item: String?
  /// When the review was written: as its row says it, or in ISO 8601 where it is kept for its writer.
  public var time: String?
  /// `en`, `zh`, or `und` where neither script leads.
  public var language: String
  /// How the writer feels about what the review is about; without probabilities where it was not
  /// asked for.
  public var sentiment: Sentiment
  /// In the order of their start.
  public var entities: [Entity]
  /// Every intent above its threshold, likeliest first; none means "other".
  public var intents: [Intent]
  /// Pieces of text that were read.
  public var tokens: Int
  /// Windows they were read in; more than one where the text is longer than a window.
  public var windows: Int
  /// Whether the model has too little to say: the text has no piece to read, or the sentiment is
  /// less certain than was asked for. Nil for no.
  public var abstained: Bool?
  /// How many pieces of the review's row that are no UTF-8 became U+FFFD; nil for none.
  public var replaced: Int?
  /// What the offsets of entities count, where that is not Unicode scalars: `utf8` or `utf16`.
  public var offsets: String?
  /// Name and checksum of the model that made the record, such as `gloss-tiny/3f9c2d1a`.
  public var model: String

  /// Everything noted about one review.
  public init(
    id: String, user: String? = nil, item: String? = nil, time: String? = nil, language: String,
    sentiment: Sentiment, entities: [Entity], intents: [Intent], tokens: Int, windows: Int,
    abstained: Bool? = nil, replaced: Int? = nil, offsets: String? = nil, model: String
  ) {
    self.id = id
    self.user = user
    self.item = item
    self.time = time
    self.language = language
    self.sentiment = sentiment
    self.entities = entities
    self.intents = intents
    self.tokens = tokens
    self.windows = windows
    self.abstained = abstained
    self.replaced = replaced
    self.offsets = offsets
    self.model = model
  }
}

extension Gloss {
  /// What keeps a record from being evidence: numbers that no model writes, or offsets that others
  /// cannot be put beside; nil for nothing.
  public var problem: String? {
    if sentiment.probabilities.count != 5 {
      return "\(sentiment.probabilities.count) probabilities, expected 5"
    }
    let shares =
      sentiment.probabilities + [sentiment.confidence] + entities.map(\.confidence)
      + intents.map(\.confidence)
    guard (shares + [sentiment.stars]).allSatisfy(\.isFinite) else {
      return "a number is not finite"
    }
    guard shares.allSatisfy({ (0...1).contains($0) }) else {
      return "a probability is not between 0 and 1"
    }
    let sum = sentiment.probabilities.reduce(0, +)
    // Of a text without anything to read there are none.
    guard sum == 0 || abs(sum - 1) < 0.01 else { return "the probabilities add up to \(sum)" }
    guard (0...5).contains(sentiment.stars) else { return "stars are not between 0 and 5" }
    guard entities.allSatisfy({ 0 <= $0.start && $0.start <= $0.end }) else {
      return "an entity ends before it starts"
    }
    if let offsets { return "its offsets count \(oneLine(offsets)), not Unicode scalars" }
    guard [tokens, windows, replaced ?? 0].allSatisfy({ (0...1 << 32).contains($0) }) else {
      return "a count is below 0 or above 2^32"
    }
    return nil
  }
}
