/// How far confidences can be believed.
///
/// Source: Guo et al., On Calibration of Modern Neural Networks, 2017, section 2.
public struct Reliability: Codable, Equatable, Sendable {
  /// Decisions of about the same confidence.
  public struct Bin: Codable, Equatable, Sendable {
    /// How many.
    public var count: Int
    /// Their mean confidence, 0...1.
    public var confidence: Double
    /// The share of them that is right, 0...1.
    public var accuracy: Double
  }

  /// What an answer is worth if only those at least so sure are given.
  public struct Coverage: Codable, Equatable, Sendable {
    /// The least confidence.
    public var minimum: Double
    /// The share of decisions with it.
    public var coverage: Double
    /// The share of these that is right; 0 where there are none.
    public var accuracy: Double
  }

  /// Expected calibration error of the model: the mean distance of confidence and accuracy over
  /// fifteen equal bins, each as it is filled.
  public var error: Double
  /// The same of the encoder alone, before calibration; nil for a model without linear model.
  public var errorBefore: Double?
  /// The bins that are not empty, the least sure first.
  public var bins: [Bin]
  /// For a choice: what remains when the less sure answers are withheld.
  public var coverage: [Coverage]

  enum CodingKeys: String, CodingKey {
    case error
    case errorBefore = "error_before"
    case bins, coverage
  }

  /// Of a choice: how sure the likeliest class is, and how often it is the true one.
  init(_ answers: ChoiceAnswers) {
    func decisions(_ system: System) -> [Decision] {
      answers.choices.map { choice in
        let best = choice.best(system)
        return Decision(
          confidence: choice.probabilities[system]?[best] ?? 0, isRight: best == choice.gold)
      }
    }
    let own = decisions(.model)
    self.init(own, before: answers.systems.contains(.encoder) ? decisions(.encoder) : nil)
    coverage = ([0] + stride(from: 50, through: 95, by: 5)).map { percent in
      let minimum = Double(percent) / 100
      let sure = own.filter { $0.confidence >= minimum }
      return Coverage(
        minimum: minimum, coverage: ratio(sure.count, own.count),
        accuracy: ratio(sure.count { $0.isRight }, sure.count))
    }
  }

  /// Of labels: how likely each is said to be, and how often it is there. Those that the model cannot
  /// give are no statements of it.
  init(_ answers: LabelAnswers) {
    func decisions(_ system: System) -> [Decision] {
      answers.decisions.filter(\.isKnown).map {
        Decision(confidence: $0.probabilities[system] ?? 0, isRight: $0.gold)
      }
    }
    self.init(
      decisions(.model), before: answers.systems.contains(.encoder) ? decisions(.encoder) : nil)
  }

  /// Of spans: how sure each that is marked is, and how often it is right.
  init(_ answers: SpanAnswers) {
    self.init(
      answers.texts.flatMap(\.marked).map {
        Decision(confidence: $0.confidence, isRight: $0.isRight)
      })
  }

  struct Decision {
    var confidence: Double
    var isRight: Bool
  }

  init(_ decisions: [Decision], before: [Decision]? = nil) {
    bins = Self.bins(decisions)
    error = Self.error(bins)
    errorBefore = before.map { Self.error(Self.bins($0)) }
    coverage = []
  }

  private static func bins(_ decisions: [Decision]) -> [Bin] {
    var sums = [(count: Int, confidence: Double, right: Int)](repeating: (0, 0, 0), count: 15)
    for decision in decisions {
      // A model whose outputs overflow is sure of nothing.
      let confidence = decision.confidence.isNaN ? 0 : decision.confidence
      let bin = min(Int(confidence * 15), 14)
      sums[bin].count += 1
      sums[bin].confidence += confidence
      if decision.isRight { sums[bin].right += 1 }
    }
    return sums.filter { $0.count > 0 }.map {
      Bin(
        count: $0.count, confidence: $0.confidence / Double($0.count),
        accuracy: ratio($0.right, $0.count))
    }
  }

  private static func error(_ bins: [Bin]) -> Double {
    let total = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) {
      $0 + abs($1.confidence - $1.accuracy) * ratio($1.count, total)
    }
  }
}
