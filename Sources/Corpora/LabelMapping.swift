import Files
import Reviews

/// `labels`: what the labels of a corpus mean in ours.
struct LabelMapping: Decodable {
  /// The corpus's label to the stars it allows; null leaves the row unlabelled.
  let stars: [String: [Int]?]?
  /// Labels that are numbers on a scale.
  let rating: RatingScale?
  /// Rows give the stars outright.
  let hasStars: Bool
  let intents: IntentMapping?
  let spans: SpanMapping?
  /// Praise where something is judged good, complaint where something is judged bad.
  let derivesIntents: Bool

  enum CodingKeys: String, CodingKey, CaseIterable {
    case stars, rating, intents, spans
    case givenStars = "given_stars"
    case deriveIntents = "derive_intents"
  }

  init() {
    (stars, rating, intents, spans) = (nil, nil, nil, nil)
    (hasStars, derivesIntents) = (false, false)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    stars = try container.decodeIfPresent([String: [Int]?].self, forKey: .stars)
    rating = try container.decodeIfPresent(RatingScale.self, forKey: .rating)
    hasStars = try container.decodeIfPresent(Bool.self, forKey: .givenStars) ?? false
    intents = try container.decodeIfPresent(IntentMapping.self, forKey: .intents)
    spans = try container.decodeIfPresent(SpanMapping.self, forKey: .spans)
    derivesIntents = try container.decodeIfPresent(Bool.self, forKey: .deriveIntents) ?? false
  }

  var heads: [String] {
    var heads: [String] = []
    if stars != nil || rating != nil || hasStars { heads.append("sentiment") }
    if spans?.annotates(.opinion) == true { heads.append("opinions") }
    if spans?.annotates(.name) == true { heads.append("names") }
    if intents != nil || derivesIntents { heads.append("intents") }
    return heads
  }
}

/// `labels.rating`: stars on another scale, or fractions of stars.
struct RatingScale: Decodable {
  /// The rating that is one star.
  let lowest: Double
  /// The rating that is five stars.
  let highest: Double
  /// Rows may do without.
  let isOptional: Bool

  enum CodingKeys: String, CodingKey, CaseIterable {
    case lowest, highest
    case optional
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    lowest = try container.decode(Double.self, forKey: .lowest)
    highest = try container.decode(Double.self, forKey: .highest)
    isOptional = try container.decodeIfPresent(Bool.self, forKey: .optional) ?? false
    if !(lowest < highest) {
      throw DecodingError.dataCorruptedError(
        forKey: .highest, in: container,
        debugDescription: "is \(highest), the lowest is \(lowest); raise it")
    }
  }

  /// One star where the rating is a whole number of stars, else the two around it; nil where it is
  /// outside the scale.
  func stars(_ rating: Double) -> [Int]? {
    guard lowest <= rating, rating <= highest else { return nil }
    let stars = 1 + 4 * (rating - lowest) / (highest - lowest)
    // Decimals such as 0.7 are not exact in binary.
    if abs(stars - stars.rounded()) < 1e-9 { return [Int(stars.rounded())] }
    return [Int(stars.rounded(.down)), Int(stars.rounded(.up))]
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
  let complete: CompleteTypes
  /// Source type to what becomes of it. Without it rows use our types.
  let tags: [String: Target]?
  /// Source polarity to negative, neutral, positive or conflict. Without it rows use these words.
  let polarities: [String: String]?
  /// The tags of tokens outside every span are unknown: not every mention is annotated.
  let isOutsideUnknown: Bool

  enum CodingKeys: String, CodingKey, CaseIterable {
    case complete, tags, polarities, outside
  }

  private enum Outside: String, CardWord {
    case absent, unknown
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    complete = try container.decode(CompleteTypes.self, forKey: .complete)
    tags = try container.decodeIfPresent([String: Target].self, forKey: .tags)
    polarities = try container.decodeIfPresent([String: String].self, forKey: .polarities)
    isOutsideUnknown = try container.decodeIfPresent(Outside.self, forKey: .outside) == .unknown
  }

  /// Our types that `tags` leads to.
  var targetTypes: [String] {
    (tags ?? [:]).values.compactMap { if case .type(let name) = $0 { name } else { nil } }
  }

  func annotates(_ layer: EntityLayer) -> Bool {
    complete.all.contains { layer.types.contains($0) }
  }
}

/// `labels.spans.complete`: a list of types, or a list for each language of the corpus.
struct CompleteTypes: Decodable {
  /// Types that are complete in some language.
  let all: [String]
  /// By language; nil where they are the same in all.
  let byLanguage: [String: [String]]?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let list = try? container.decode([String].self) {
      (all, byLanguage) = (list, nil)
      return
    }
    let lists = try container.decode([String: [String]].self)
    let known = Set(lists.values.joined())
    all =
      EntityLayer.allCases.flatMap(\.types).filter(known.contains)
      + known.filter { type in !EntityLayer.allCases.contains { $0.types.contains(type) } }.sorted()
    byLanguage = lists
  }

  /// The types that are complete in a text; in one of no language that the card names, those that
  /// are complete in all.
  func types(in text: String) -> [String] {
    guard let byLanguage else { return all }
    return byLanguage[Language.code(of: text)]
      ?? all.filter { type in byLanguage.values.allSatisfy { $0.contains(type) } }
  }

  /// The languages in which a type is complete; nil where the lists do not tell.
  func languages(of type: String) -> [String]? {
    guard let byLanguage, all.contains(type) else { return nil }
    return byLanguage.keys.filter { byLanguage[$0]?.contains(type) == true }.sorted()
  }
}
