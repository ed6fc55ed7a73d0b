import Files
import Reviews

/// `labels`: what the labels of a corpus mean in ours.
struct LabelMapping: Decodable {
  /// The corpus's label to the stars it allows.
  let stars: [String: [Int]]?
  let intents: IntentMapping?
  let spans: SpanMapping?
  /// Praise where something is judged good, complaint where something is judged bad.
  let derivesIntents: Bool

  enum CodingKeys: String, CodingKey, CaseIterable {
    case stars, intents, spans
    case deriveIntents = "derive_intents"
  }

  init() {
    (stars, intents, spans, derivesIntents) = (nil, nil, nil, false)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    stars = try container.decodeIfPresent([String: [Int]].self, forKey: .stars)
    intents = try container.decodeIfPresent(IntentMapping.self, forKey: .intents)
    spans = try container.decodeIfPresent(SpanMapping.self, forKey: .spans)
    derivesIntents = try container.decodeIfPresent(Bool.self, forKey: .deriveIntents) ?? false
  }

  func heads(of format: ReaderSettings.Format) -> [String] {
    var heads: [String] = []
    if stars != nil || format == .glossJSON { heads.append("sentiment") }
    if spans?.annotates(.opinion) == true { heads.append("opinions") }
    if spans?.annotates(.name) == true { heads.append("names") }
    if intents != nil || derivesIntents { heads.append("intents") }
    return heads
  }
}

/// `labels.intents`: which intents a corpus says something about, and what its labels say.
struct IntentMapping: Decodable {
  /// Intents that are absent where they are not given.
  let supervised: [String]
  /// Label to intents; null leaves the row unlabelled. Without it rows name our intents.
  let labels: [String: [String]?]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case supervises, labels
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    supervised = try container.decode([String].self, forKey: .supervises)
    labels = try container.decodeIfPresent([String: [String]?].self, forKey: .labels)
  }
}

/// `labels.spans`: the corpus's span types in ours.
struct SpanMapping: Decodable {
  enum Target: Decodable, Equatable {
    /// One of our types.
    case type(String)
    /// Left out; its tokens count as outside of every span.
    case ignored
    /// Left out; the tags of its tokens are unknown.
    case unknown

    init(from decoder: any Decoder) throws {
      let word = try decoder.singleValueContainer().decode(String.self)
      switch word {
      case "ignore": self = .ignored
      case "unknown": self = .unknown
      default: self = .type(word)
      }
    }
  }

  /// Our types of which every mention is annotated; there are no spans of other types.
  let complete: [String]
  /// Source type to what becomes of it. Without it rows use our types.
  let tags: [String: Target]?
  /// Source polarity to negative, neutral, positive or conflict. Without it rows use these words.
  let polarities: [String: String]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case complete, tags, polarities
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    complete = try container.decode([String].self, forKey: .complete)
    tags = try container.decodeIfPresent([String: Target].self, forKey: .tags)
    polarities = try container.decodeIfPresent([String: String].self, forKey: .polarities)
  }

  /// Our types that `tags` leads to.
  var targetTypes: [String] {
    (tags ?? [:]).values.compactMap { if case .type(let name) = $0 { name } else { nil } }
  }

  func annotates(_ layer: EntityLayer) -> Bool {
    complete.contains { layer.types.contains($0) }
  }
}
