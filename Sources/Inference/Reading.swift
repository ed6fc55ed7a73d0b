public import Reviews

/// Everything the model says about one text, before it becomes a record.
public struct Reading: Sendable {
  /// A span that a tagging layer marked.
  public struct Entity: Sendable {
    /// The layer that marked it.
    public var layer: EntityLayer
    /// One of the layer's types.
    public var type: String
    /// UTF-8 byte range of the text.
    public var bytes: Range<Int>
    /// Product of the probabilities of its tags to the calibration's power, 0...1.
    public var confidence: Double
    /// How the writer feels about it; only aspects have one.
    public var polarity: Gloss.Polarity?
  }

  /// By its script; labels that were not trained in it are not given.
  public var language: String
  /// The probability of 1, 2, 3, 4 and 5 stars.
  public var stars: [Double]
  /// The probability of each of the model's intents; 0 for those not trained in the language.
  public var intents: [Double]
  /// What `stars` is made of.
  public var starLogits: HeadLogits
  /// What `intents` is made of.
  public var intentLogits: HeadLogits
  /// In the order of their start.
  public var entities: [Entity]
  /// How the writer feels about the spans that were asked about, in their order.
  public var polarities: [Gloss.Polarity]
  /// Pieces that the text has.
  public var tokens: Int
  /// Pieces whose hidden states came to the heads: all of them.
  public var usedTokens: Int
  /// Windows they were read in.
  public var windows: Int
}
