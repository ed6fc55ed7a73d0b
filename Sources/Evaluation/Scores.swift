/// How often one label was right: the counts behind precision, recall and F1.
struct LabelCounts: Hashable, Sendable {
  /// Predicted and true.
  var truePositives = 0
  /// Predicted but not true.
  var falsePositives = 0
  /// True but not predicted.
  var falseNegatives = 0

  /// Share of the predictions that are true; 0 without predictions.
  var precision: Double { ratio(truePositives, truePositives + falsePositives) }
  /// Share of the truth that was predicted; 0 without truth.
  var recall: Double { ratio(truePositives, support) }
  /// Harmonic mean of the two.
  var f1: Double {
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }
  /// How often the label is true.
  var support: Int { truePositives + falseNegatives }

  static func + (left: LabelCounts, right: LabelCounts) -> LabelCounts {
    LabelCounts(
      truePositives: left.truePositives + right.truePositives,
      falsePositives: left.falsePositives + right.falsePositives,
      falseNegatives: left.falseNegatives + right.falseNegatives)
  }

  static func * (counts: LabelCounts, times: Int) -> LabelCounts {
    LabelCounts(
      truePositives: times * counts.truePositives, falsePositives: times * counts.falsePositives,
      falseNegatives: times * counts.falseNegatives)
  }
}

/// Zero where there is nothing to divide.
func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

/// Precision, recall and F1 of one label, or averaged over labels.
public struct Scores: Codable, Equatable, Sendable {
  /// 0...1.
  public var precision: Double
  /// 0...1.
  public var recall: Double
  /// 0...1.
  public var f1: Double
  /// How often the label, or any of them, is true.
  public var support: Int

  init(_ counts: LabelCounts) {
    precision = counts.precision
    recall = counts.recall
    f1 = counts.f1
    support = counts.support
  }

  /// The plain mean over labels.
  init(meanOf scores: [Scores]) {
    func mean(_ value: (Scores) -> Double) -> Double {
      scores.isEmpty ? 0 : scores.reduce(0) { $0 + value($1) } / Double(scores.count)
    }
    precision = mean(\.precision)
    recall = mean(\.recall)
    f1 = mean(\.f1)
    support = scores.reduce(0) { $0 + $1.support }
  }
}

/// Where a figure would lie on other texts of the same kind, in 95 of 100 cases.
public struct Interval: Codable, Equatable, Sendable {
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double
}

/// The intervals of a head's main figures.
public struct Intervals: Codable, Equatable, Sendable {
  /// Of the accuracy; nil for spans.
  public var accuracy: Interval?
  /// Of F1 over all decisions together.
  public var microF1: Interval
  /// Of the mean F1 over labels.
  public var macroF1: Interval

  enum CodingKeys: String, CodingKey {
    case accuracy
    case microF1 = "micro_f1"
    case macroF1 = "macro_f1"
  }
}

/// All figures of one system on one head of one split.
public struct HeadScores: Codable, Equatable, Sendable {
  /// Share of right decisions; nil for spans, where there is nothing to count besides them.
  public var accuracy: Double?
  /// Over all decisions of all labels together.
  public var micro: Scores
  /// The mean over the labels that occur.
  public var macro: Scores
  /// By label.
  public var labels: [String: Scores]
  /// How far the figures may be trusted; nil where that was not asked for.
  public var intervals: Intervals?

  init(accuracy: Double?, counts: [String: LabelCounts]) {
    self.accuracy = accuracy
    micro = Scores(counts.values.reduce(LabelCounts(), +))
    labels = counts.mapValues(Scores.init)
    let occurring = counts.filter { $0.value.support > 0 }.sorted { $0.key < $1.key }
    macro = Scores(meanOf: occurring.map { Scores($0.value) })
  }
}
