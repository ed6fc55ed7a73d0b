public import Reviews

/// One labelled or unlabelled text: what the rows of every corpus are mapped to.
public struct Example: Equatable, Sendable {
  /// The row's own id, or `file:line` with the file as the card names it.
  public var id: String
  /// Line breaks and extra quotation marks are as the card has them mapped; else as in the file.
  public var text: String
  /// The stars that the label allows; nil where the sentiment is not labelled.
  public var stars: StarSet?
  /// The opinion layer; nil where it is not labelled.
  public var opinions: SpanLabels?
  /// The name layer; nil where it is not labelled.
  public var names: SpanLabels?
  /// The intents; nil where none is labelled.
  public var intents: IntentLabels?
  /// The one label that the corpus itself gives among its intents, whatever ours it stands for; nil
  /// where it gives none or several.
  public var corpusIntent: String?
  /// Who wrote it, where the corpus says so.
  public var user: String?
  /// What it is about, where the corpus says so.
  public var item: String?
  /// When it was written, in ISO 8601, where the corpus says so.
  public var time: String?

  /// An example with the labels that are given.
  public init(
    id: String, text: String, stars: StarSet? = nil, opinions: SpanLabels? = nil,
    names: SpanLabels? = nil, intents: IntentLabels? = nil, corpusIntent: String? = nil,
    user: String? = nil, item: String? = nil, time: String? = nil
  ) {
    self.id = id
    self.user = user
    self.item = item
    self.time = time
    self.text = text
    self.stars = stars
    self.opinions = opinions
    self.names = names
    self.intents = intents
    self.corpusIntent = corpusIntent
  }

  /// The labels of one layer; nil where it is not labelled.
  public func labels(of layer: EntityLayer) -> SpanLabels? {
    switch layer {
    case .opinion: opinions
    case .name: names
    }
  }
}

/// The stars a label allows: one of them for a star rating, two for "positive".
public struct StarSet: OptionSet, Hashable, Sendable {
  /// Bit s - 1 stands for s stars.
  public let rawValue: UInt8

  /// The set with these bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The set of `stars`; numbers outside 1...5 are left out.
  public init(stars: [Int]) {
    self.init(rawValue: stars.reduce(0) { (1...5).contains($1) ? $0 | 1 << UInt8($1 - 1) : $0 })
  }

  /// One or two stars.
  public static let negative = StarSet(stars: [1, 2])
  /// Three stars.
  public static let neutral = StarSet(stars: [3])
  /// Four or five stars.
  public static let positive = StarSet(stars: [4, 5])

  /// The stars of the set, rising.
  public var stars: [Int] {
    (1...5).filter { rawValue & 1 << UInt8($0 - 1) != 0 }
  }
}

/// The labelled spans of one layer.
public struct SpanLabels: Equatable, Sendable {
  /// Types whose every mention is annotated; mentions of the others are unknown, not absent.
  public var completeTypes: [String]
  /// Spans of `completeTypes` in the order of their start; a few overlap.
  public var spans: [LabelledSpan]
  /// UTF-8 byte ranges of the text whose tags are unknown.
  public var unknown: [Range<Int>]

  /// The labels of a text in one layer.
  public init(completeTypes: [String], spans: [LabelledSpan], unknown: [Range<Int>] = []) {
    self.completeTypes = completeTypes
    self.spans = spans
    self.unknown = unknown
  }
}

/// A stretch of a text and its type.
public struct LabelledSpan: Equatable, Sendable {
  /// UTF-8 bytes of the text; never empty.
  public var range: Range<Int>
  /// One of the layer's types, such as `ASPECT`.
  public var type: String
  /// How the writer feels about it; nil where unknown or contradictory.
  public var polarity: Gloss.Polarity?
  /// The groups that an aspect belongs to, in the schema's order; none where that is unknown.
  public var groups: [String]

  /// A span of `type` at these bytes.
  public init(
    range: Range<Int>, type: String, polarity: Gloss.Polarity? = nil, groups: [String] = []
  ) {
    self.range = range
    self.type = type
    self.polarity = polarity
    self.groups = groups
  }
}

/// The intents of a text.
public struct IntentLabels: Equatable, Sendable {
  /// The intents the text has.
  public var positive: [String]
  /// The intents whose presence or absence is known, `positive` among them.
  public var supervised: [String]

  /// Intents that are there and intents that are known.
  public init(positive: [String], supervised: [String]) {
    self.positive = positive
    self.supervised = supervised
  }
}

extension [Example] {
  /// The intents that some of the examples have and none is known to lack, by name.
  public var intentsOnlyPresent: [String] {
    var (present, absent): (Set<String>, Set<String>) = ([], [])
    for intents in compactMap(\.intents) {
      present.formUnion(intents.positive)
      absent.formUnion(intents.supervised.filter { !intents.positive.contains($0) })
    }
    return present.subtracting(absent).sorted()
  }
}

/// A part of a corpus.
public enum Split: String, CaseIterable, Sendable {
  case train, dev, test
}
