/// Counts of a head that picks one label of several.
struct ChoiceTally {
  private var counts: [String: LabelCounts] = [:]
  private var right = 0
  private var total = 0

  /// Counts one decision.
  mutating func add(gold: String, predicted: String) {
    total += 1
    if gold == predicted {
      right += 1
      counts[gold, default: .init()].truePositives += 1
    } else {
      counts[gold, default: .init()].falseNegatives += 1
      counts[predicted, default: .init()].falsePositives += 1
    }
  }

  /// The head's figures beside those of always picking the commonest label of this split.
  var report: (scores: HeadScores, baseline: HeadScores)? {
    let supports = counts.mapValues(\.support)
    guard let majority = supports.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key
    else { return nil }
    var constant = ChoiceTally()
    for (label, support) in supports {
      for _ in 0..<support { constant.add(gold: label, predicted: majority) }
    }
    return (scores, constant.scores)
  }

  private var scores: HeadScores {
    HeadScores(accuracy: ratio(right, total), counts: counts)
  }
}

/// Counts of a head that says yes or no to each label.
struct BinaryTally {
  private var counts: [String: LabelCounts] = [:]
  private var totals: [String: Int] = [:]

  /// Counts one decision on one label.
  mutating func add(_ label: String, gold: Bool, predicted: Bool) {
    totals[label, default: 0] += 1
    if gold && predicted { counts[label, default: .init()].truePositives += 1 }
    if gold && !predicted { counts[label, default: .init()].falseNegatives += 1 }
    if !gold && predicted { counts[label, default: .init()].falsePositives += 1 }
  }

  /// The head's figures beside those of always giving each label's commoner answer.
  var report: (scores: HeadScores, baseline: HeadScores)? {
    guard !totals.isEmpty else { return nil }
    var constant = BinaryTally()
    for (label, total) in totals {
      let support = counts[label]?.support ?? 0
      for index in 0..<total {
        constant.add(label, gold: index < support, predicted: 2 * support > total)
      }
    }
    return (scores, constant.scores)
  }

  private var scores: HeadScores {
    let decisions = totals.values.reduce(0, +)
    let wrong = counts.values.reduce(0) { $0 + $1.falsePositives + $1.falseNegatives }
    return HeadScores(accuracy: ratio(decisions - wrong, decisions), counts: counts)
  }
}

/// Counts of a head that marks spans: a span is right when type and both ends are.
struct SpanTally {
  /// A span of a type.
  struct Span: Hashable {
    var type: String
    var range: Range<Int>
  }

  private var counts: [String: LabelCounts]

  /// Counts for spans of `types`.
  init(types: [String]) {
    counts = Dictionary(uniqueKeysWithValues: types.map { ($0, LabelCounts()) })
  }

  /// Counts the spans of one text.
  mutating func add(gold: Set<Span>, predicted: Set<Span>) {
    for span in gold.union(predicted) {
      switch (gold.contains(span), predicted.contains(span)) {
      case (true, true): counts[span.type, default: .init()].truePositives += 1
      case (true, false): counts[span.type, default: .init()].falseNegatives += 1
      default: counts[span.type, default: .init()].falsePositives += 1
      }
    }
  }

  /// The head's figures beside those of marking nothing, which is what most pieces are.
  var report: (scores: HeadScores, baseline: HeadScores)? {
    guard !counts.isEmpty else { return nil }
    let nothing = counts.mapValues { LabelCounts(falseNegatives: $0.support) }
    return (
      HeadScores(accuracy: nil, counts: counts), HeadScores(accuracy: nil, counts: nothing)
    )
  }
}
