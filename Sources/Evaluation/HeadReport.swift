import Inference

/// The figures of one head on one split, beside those of simpler systems.
public struct HeadReport: Codable, Equatable, Sendable {
  /// sentiment, intents, opinions, names or polarity.
  public var head: String
  /// Texts that the corpus labels for the head.
  public var texts: Int
  /// The model's.
  public var scores: HeadScores
  /// Those of the same answer for every text: the commonest one of this split.
  public var majority: HeadScores
  /// Those of the model's linear part alone; nil where the head has none.
  public var linear: HeadScores?
  /// Those of its encoder alone; nil where the head has no linear part.
  public var encoder: HeadScores?
  /// How far the confidences can be believed.
  public var reliability: Reliability?
  /// How often one class was taken for another.
  public var confusion: Confusion?
  /// The figures by length and language of the text.
  public var slices: [Slice]?

  init(head: String, _ answers: any HeadAnswers, resamples: Int = 0) {
    let systems = answers.systems
    let labelled = answers.labelledTexts
    func scores(_ system: System, resamples: Int) -> HeadScores? {
      systems.contains(system)
        ? answers.tally(system).scores(resamples: resamples, of: labelled) : nil
    }
    self.head = head
    texts = labelled.count
    self.scores = answers.tally(.model).scores(resamples: resamples, of: labelled)
    majority = answers.majority.scores()
    linear = scores(.linear, resamples: resamples)
    encoder = scores(.encoder, resamples: 0)
  }
}

/// How often texts of one class were taken for another.
public struct Confusion: Codable, Equatable, Sendable {
  /// The classes.
  public var classes: [String]
  /// A row for each true class, a column for each predicted one.
  public var counts: [[Int]]

  init(_ answers: ChoiceAnswers) {
    classes = answers.classes
    counts = classes.map { _ in answers.classes.map { _ in 0 } }
    for choice in answers.choices { counts[choice.gold][choice.best(.model)] += 1 }
  }
}

/// The main figure of a head on some of the texts.
public struct Slice: Codable, Equatable, Sendable {
  /// `length` (in pieces) or `language`.
  public var dimension: String
  /// Such as `65-256` or `zh`.
  public var value: String
  /// How many texts that the corpus labels for the head.
  public var texts: Int
  /// The model's figure.
  public var figure: Double
  /// That of its linear part; nil where there is none.
  public var linear: Double?
}

extension EvaluatedTexts {
  /// The upper ends of the lengths that are told apart, in pieces.
  private static let lengths = [16, 64, 256, 1_024]

  /// The figures of a head by length and language, over the texts that are labelled for it.
  func slices(_ answers: any HeadAnswers) -> [Slice] {
    var groups: [(dimension: String, value: String, texts: [Int])] = []
    func add(_ dimension: String, _ value: String, _ text: Int) {
      if let index = groups.firstIndex(where: { ($0.dimension, $0.value) == (dimension, value) }) {
        groups[index].texts.append(text)
      } else {
        groups.append((dimension, value, [text]))
      }
    }
    let labelled = answers.labelledTexts
    for (text, reading) in readings.enumerated() where labelled.contains(text) {
      let upper = Self.lengths.first { reading.tokens <= $0 }
      let lower = (Self.lengths.last { reading.tokens > $0 } ?? 0) + 1
      add("length", upper.map { "\(lower)-\($0)" } ?? "\(lower)+", text)
      add("language", reading.language, text)
    }
    let tally = answers.tally(.model)
    let linear = answers.systems.contains(.linear) ? answers.tally(.linear) : nil
    func order(_ value: String) -> Int { Int(value.prefix { $0.isNumber }) ?? 0 }
    return groups.sorted {
      ($0.dimension, order($0.value), $0.value) < ($1.dimension, order($1.value), $1.value)
    }.compactMap { group in
      let scores = tally.scores(of: group.texts)
      guard let figure = scores.figure else { return nil }
      return Slice(
        dimension: group.dimension, value: group.value, texts: group.texts.count,
        figure: figure, linear: linear.flatMap { $0.scores(of: group.texts).figure })
    }
  }
}

extension HeadScores {
  /// The figure that counts: micro F1, which of a choice is the accuracy.
  ///
  /// The accuracy of labels that are mostly absent says little: never giving one is nearly right.
  /// Nil where there is nothing to find: F1 says nothing then.
  public var figure: Double? { micro.support > 0 ? micro.f1 : nil }
}
