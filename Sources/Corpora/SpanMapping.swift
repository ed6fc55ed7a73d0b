import Files
import Reviews

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
  /// Source category to one of our groups of aspects; `ENTITY#*` and `*#ATTRIBUTE` stand for all
  /// such categories that are not named. Without it aspects have no groups.
  let groups: [String: String]?
  /// The tags of tokens outside every span are unknown: not every mention is annotated.
  let isOutsideUnknown: Bool
  /// How words begin whose tags are unknown where they are outside every span.
  let unknownPrefixes: [String]
  /// The same for training rows alone, where they are annotated with less care than the others.
  let unknownTrainingPrefixes: [String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case complete, tags, polarities, groups, outside
    case unknownPrefixes = "unknown_prefixes"
    case unknownTrainingPrefixes = "unknown_training_prefixes"
  }

  private enum Outside: String, CardWord {
    case absent, unknown
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    complete = try container.decode(CompleteTypes.self, forKey: .complete)
    tags = try container.decodeIfPresent([String: Target].self, forKey: .tags)
    polarities = try container.decodeIfPresent([String: String].self, forKey: .polarities)
    groups = try container.decodeIfPresent([String: String].self, forKey: .groups)
    unknownPrefixes =
      try container.decodeIfPresent([String].self, forKey: .unknownPrefixes) ?? []
    unknownTrainingPrefixes =
      try container.decodeIfPresent([String].self, forKey: .unknownTrainingPrefixes) ?? []
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
