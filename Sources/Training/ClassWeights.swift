import Files
import Models
import Reviews

/// How much the classes of each head count, as a recipe says.
public struct ClassWeightSettings: Decodable, Equatable, Sendable {
  /// The weights of one head's classes.
  public enum Head: Decodable, Equatable, Sendable {
    /// Every class counts the same in all: a rare one more each time.
    case auto
    /// By name; a class that is not named counts 1.
    case given([String: Double])

    /// Reads `auto` or a mapping of names to weights.
    public init(from decoder: any Decoder) throws {
      if let word = try? decoder.singleValueContainer().decode(String.self) {
        guard word == "auto" else {
          throw DecodingError.dataCorrupted(
            .init(
              codingPath: decoder.codingPath,
              debugDescription: "is \(word); it has to be auto or weights by class"))
        }
        self = .auto
      } else {
        self = .given(try decoder.singleValueContainer().decode([String: Double].self))
      }
    }
  }

  /// Of 1 to 5 stars; a label that allows several counts their mean.
  public var sentiment: Head
  /// Of every intent where the text has it; where it has not counts 1.
  public var intents: Head
  /// Of `outside` and the opinion types.
  public var opinions: Head
  /// Of `outside` and the name types.
  public var names: Head
  /// Of negative, neutral and positive.
  public var polarity: Head

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sentiment, intents, opinions, names, polarity
  }

  /// What pieces outside all spans are called.
  static let outside = "outside"

  /// All ones.
  public init() {
    (sentiment, intents, opinions) = (.given([:]), .given([:]), .given([:]))
    (names, polarity) = (.given([:]), .given([:]))
  }

  /// Reads the heads that are given; an unknown head or class is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    func head(_ key: CodingKeys, classes: [String]) throws -> Head {
      let head = try values.decodeIfPresent(Head.self, forKey: key) ?? .given([:])
      guard case .given(let weights) = head else { return head }
      for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
        guard classes.contains(name) else {
          throw values.problem(
            key, "names '\(name)'; the classes are \(classes.joined(separator: ", "))")
        }
        guard (0...1e6).contains(weight) else {
          throw values.problem(key, "gives '\(name)' \(weight); it has to be 0 to 1000000")
        }
      }
      return head
    }
    sentiment = try head(.sentiment, classes: (1...5).map(String.init))
    intents = try head(.intents, classes: LabelSchema.intents)
    opinions = try head(.opinions, classes: [Self.outside] + EntityLayer.opinion.types)
    names = try head(.names, classes: [Self.outside] + EntityLayer.name.types)
    polarity = try head(.polarity, classes: Gloss.Polarity.allCases.map(\.rawValue))
  }
}

/// How much each class counts, in the order of the heads' logits; an empty list is all ones.
struct ClassWeights: Equatable, Sendable {
  var sentiment: [Double] = []
  var intents: [Double] = []
  /// By tag.
  var opinions: [Double] = []
  /// By tag.
  var names: [Double] = []
  var polarity: [Double] = []

  /// All ones.
  init() {}

  /// The weights that `settings` asks for; `auto` counts the labels of all texts of `plan`.
  ///
  /// Of K classes that occur N times in all, a class that occurs n times weighs N / (K n); an
  /// intent weighs as often as it is absent for each time it is present.
  /// Source: King and Zeng, Logistic Regression in Rare Events Data, 2001, section 4.
  init(_ settings: ClassWeightSettings, _ configuration: ModelConfiguration, plan: BatchPlan) {
    let polarities = Gloss.Polarity.allCases.map(\.rawValue)
    func tags(_ types: [String]) -> [String] {
      [ClassWeightSettings.outside] + types.flatMap { [$0, $0] }
    }
    let (opinionTags, nameTags) = (
      tags(configuration.opinionTypes), tags(configuration.nameTypes)
    )
    func weights(
      _ head: ClassWeightSettings.Head, _ classes: [String], auto: () -> [Double]
    ) -> [Double] {
      switch head {
      case .auto: auto()
      case .given(let weights):
        weights.isEmpty ? [] : classes.map { weights[$0] ?? 1 }
      }
    }
    sentiment = weights(settings.sentiment, (1...5).map(String.init)) {
      Self.balanced(5, plan) { [$0.allowedStars] }
    }
    opinions = weights(settings.opinions, opinionTags) {
      Self.balanced(opinionTags.count, plan) { $0.opinions?.allowed ?? [] }
    }
    names = weights(settings.names, nameTags) {
      Self.balanced(nameTags.count, plan) { $0.names?.allowed ?? [] }
    }
    polarity = weights(settings.polarity, polarities) {
      Self.balanced(polarities.count, plan) { $0.aspects.map { 1 << UInt32($0.polarity) } }
    }
    intents = weights(settings.intents, configuration.intents) {
      Self.absences(configuration.intents.count, plan)
    }
  }

  /// N / (K n) of each class, by the label sets of every text.
  private static func balanced(
    _ classCount: Int, _ plan: BatchPlan, labels: (TrainingText) -> [UInt32]
  ) -> [Double] {
    var counts = Array(repeating: 0.0, count: classCount)
    plan.forEachText { text in
      for label in labels(text) {
        // A label that allows several classes is a part of each.
        for index in counts.indices where label >> index & 1 == 1 {
          counts[index] += 1 / Double(label.nonzeroBitCount)
        }
      }
    }
    let total = counts.reduce(0, +)
    let occurring = Double(counts.count { $0 > 0 })
    return counts.map { $0 > 0 ? total / (occurring * $0) : 1 }
  }

  /// How often each intent is absent for each time it is present, where both are known to occur.
  private static func absences(_ intentCount: Int, _ plan: BatchPlan) -> [Double] {
    var present = Array(repeating: 0.0, count: intentCount)
    var absent = present
    plan.forEachText { text in
      for index in present.indices where text.knownIntents >> index & 1 == 1 {
        if text.positiveIntents >> index & 1 == 1 {
          present[index] += 1
        } else {
          absent[index] += 1
        }
      }
    }
    return zip(absent, present).map { $0 > 0 && $1 > 0 ? $0 / $1 : 1 }
  }
}
