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
  /// No question where a training row has nothing of the form of one.
  let derivesQuestions: Bool
  /// Intents that a domain leaves out, so that no training row has them.
  let absentIntents: [String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case stars, rating, intents, spans
    case givenStars = "given_stars"
    case deriveIntents = "derive_intents"
    case deriveQuestions = "derive_questions"
    case absentIntents = "absent_intents"
  }

  init() {
    (stars, rating, intents, spans) = (nil, nil, nil, nil)
    (hasStars, derivesIntents, derivesQuestions) = (false, false, false)
    absentIntents = []
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    stars = try container.decodeIfPresent([String: [Int]?].self, forKey: .stars)
    rating = try container.decodeIfPresent(RatingScale.self, forKey: .rating)
    hasStars = try container.decodeIfPresent(Bool.self, forKey: .givenStars) ?? false
    intents = try container.decodeIfPresent(IntentMapping.self, forKey: .intents)
    spans = try container.decodeIfPresent(SpanMapping.self, forKey: .spans)
    derivesIntents = try container.decodeIfPresent(Bool.self, forKey: .deriveIntents) ?? false
    derivesQuestions = try container.decodeIfPresent(Bool.self, forKey: .deriveQuestions) ?? false
    absentIntents =
      try container.decodeIfPresent([String].self, forKey: .absentIntents) ?? []
  }

  var heads: [String] {
    var heads: [String] = []
    if stars != nil || rating != nil || hasStars { heads.append("sentiment") }
    if spans?.annotates(.opinion) == true { heads.append("opinions") }
    if spans?.annotates(.name) == true { heads.append("names") }
    if !supervisedIntents.isEmpty || intents != nil { heads.append("intents") }
    return heads
  }

  /// Intents that are absent where they are not given.
  var supervisedIntents: [String] {
    let known = derivesIntents ? ["praise", "complaint"] : intents?.supervised ?? []
    return known.adding((derivesQuestions ? ["question"] : []) + absentIntents)
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
    if !(lowest < highest) || !(highest - lowest).isFinite {
      throw DecodingError.dataCorruptedError(
        forKey: .highest, in: container,
        debugDescription: "is \(highest), the lowest is \(lowest); give a scale that stars fit on")
    }
  }

  /// One star where the rating is a whole number of stars, else the two around it; nil where it is
  /// outside the scale.
  func stars(_ rating: Double) -> [Int]? {
    guard lowest <= rating, rating <= highest else { return nil }
    // Four times the share, so that no scale is too large.
    let stars = 1 + 4 * ((rating - lowest) / (highest - lowest))
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
  /// What parts the labels of a row that has several.
  let separator: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case supervises, labels, separator
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    supervised = try container.decode([String].self, forKey: .supervises)
    labels = try container.decodeIfPresent([String: [String]?].self, forKey: .labels)
    separator = try container.decodeIfPresent(String.self, forKey: .separator)
  }

  /// The labels that a row's label field holds.
  func parts(of label: String) -> [String] {
    guard let separator, !separator.isEmpty else { return [label] }
    return label.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}

extension [String] {
  /// The names, and those of `others` that they lack.
  func adding(_ others: [String]) -> [String] {
    others.reduce(into: self) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}
