import Tensors

/// What one system got right and wrong of one head, text by text.
struct Tally {
  /// A span of a type.
  struct Span: Hashable {
    var type: String
    var range: Range<Int>
  }

  /// The counts of one text.
  private struct Text: Hashable {
    var right = 0
    var decisions = 0
    var labels: [LabelEntry] = []
  }

  /// Counts of the label with this index.
  private struct LabelEntry: Hashable {
    var label: Int
    var counts: LabelCounts
  }

  private var labels: [String]
  private var indices: [String: Int]
  private var texts: [Text] = []
  /// Spans have no decisions to be right in besides themselves.
  private let hasAccuracy: Bool

  /// No counts yet. Of spans `labels` are listed even where none occurs.
  init(labels: [String] = [], hasAccuracy: Bool = true) {
    self.labels = labels
    indices = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    self.hasAccuracy = hasAccuracy
  }

  /// Begins the next text; what is added until then is its own.
  mutating func beginText() { texts.append(Text()) }

  /// Counts a choice of one label among several.
  mutating func choose(gold: String, predicted: String) {
    decide(isRight: gold == predicted)
    if gold == predicted {
      add(gold, LabelCounts(truePositives: 1))
    } else {
      add(gold, LabelCounts(falseNegatives: 1))
      add(predicted, LabelCounts(falsePositives: 1))
    }
  }

  /// Counts a yes or no to one label.
  mutating func decide(_ label: String, gold: Bool, predicted: Bool) {
    decide(isRight: gold == predicted)
    guard gold || predicted else { return }
    add(
      label,
      LabelCounts(
        truePositives: gold && predicted ? 1 : 0, falsePositives: gold ? 0 : 1,
        falseNegatives: predicted ? 0 : 1))
  }

  /// Counts marked spans: one is right when its type and both ends are.
  mutating func mark(gold: Set<Span>, predicted: Set<Span>) {
    for span in gold.union(predicted) {
      let (isTrue, isMarked) = (gold.contains(span), predicted.contains(span))
      add(
        span.type,
        LabelCounts(
          truePositives: isTrue && isMarked ? 1 : 0, falsePositives: isTrue ? 0 : 1,
          falseNegatives: isMarked ? 0 : 1))
    }
  }

  private mutating func decide(isRight: Bool) {
    texts[texts.count - 1].decisions += 1
    if isRight { texts[texts.count - 1].right += 1 }
  }

  private mutating func add(_ label: String, _ counts: LabelCounts) {
    let index = indices[label] ?? labels.count
    if index == labels.count {
      labels.append(label)
      indices[label] = index
    }
    // In the order of the labels, so that equal counts are equal.
    var entries = texts[texts.count - 1].labels
    let place = entries.firstIndex { $0.label >= index } ?? entries.count
    if place < entries.count, entries[place].label == index {
      entries[place].counts = entries[place].counts + counts
    } else {
      entries.insert(LabelEntry(label: index, counts: counts), at: place)
    }
    texts[texts.count - 1].labels = entries
  }

  /// The figures over all texts; `resamples` of the `labelled` ones, all where that is nil, give the
  /// intervals, none without.
  func scores(resamples: Int = 0, of labelled: Set<Int>? = nil) -> HeadScores {
    var scores = scores(of: texts.indices)
    let drawn = labelled?.sorted() ?? Array(texts.indices)
    if resamples > 0 && drawn.count > 1 { scores.intervals = intervals(resamples, of: drawn) }
    return scores
  }

  /// The figures over some texts, each as often as it is named.
  func scores(of chosen: some Sequence<Int>) -> HeadScores {
    let (right, decisions, counts) = sums(of: chosen.lazy.map { (self.texts[$0], 1) })
    return HeadScores(
      accuracy: hasAccuracy ? ratio(right, decisions) : nil,
      counts: Dictionary(uniqueKeysWithValues: zip(labels, counts))
        .filter { !hasAccuracy || $0.value != LabelCounts() })
  }

  /// The counts that differ, and which of them each text has.
  private var kinds: (kinds: [Text], ofText: [Int]) {
    var (kinds, known): ([Text], [Text: Int]) = ([], [:])
    let ofText = texts.map { text in
      if let kind = known[text] { return kind }
      known[text] = kinds.count
      kinds.append(text)
      return kinds.count - 1
    }
    return (kinds, ofText)
  }

  /// The counts of texts, each as often as it is given beside it.
  private func sums(
    of texts: some Sequence<(Text, Int)>
  ) -> (right: Int, decisions: Int, counts: [LabelCounts]) {
    var (right, decisions) = (0, 0)
    var counts = [LabelCounts](repeating: LabelCounts(), count: labels.count)
    for (text, times) in texts where times > 0 {
      right += times * text.right
      decisions += times * text.decisions
      for entry in text.labels {
        counts[entry.label] = counts[entry.label] + entry.counts * times
      }
    }
    return (right, decisions, counts)
  }

  /// 95 % intervals by the percentiles of `count` resamples of `chosen` texts.
  ///
  /// The macro figure of a resample is the mean over the labels that were drawn. Few texts have counts
  /// of their own, so a resample is how often it drew each kind of counts.
  ///
  /// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
  private func intervals(_ count: Int, of chosen: [Int]) -> Intervals {
    var random = SeededRandom(seed: 13)
    var (accuracies, micros, macros): ([Double], [Double], [Double]) = ([], [], [])
    let (kinds, kindOfText) = self.kinds
    var drawn = [Int](repeating: 0, count: kinds.count)
    for _ in 0..<count {
      for kind in drawn.indices { drawn[kind] = 0 }
      for _ in chosen {
        drawn[kindOfText[chosen[random.nextInt(below: chosen.count)]]] += 1
      }
      let (right, decisions, counts) = sums(of: zip(kinds, drawn))
      if hasAccuracy { accuracies.append(ratio(right, decisions)) }
      micros.append(counts.reduce(LabelCounts(), +).f1)
      let occurring = counts.filter { $0.support > 0 }
      macros.append(
        occurring.reduce(0) { $0 + $1.f1 } / Double(max(occurring.count, 1)))
    }
    return Intervals(
      accuracy: Interval(accuracies), microF1: Interval(micros) ?? Interval(low: 0, high: 0),
      macroF1: Interval(macros) ?? Interval(low: 0, high: 0))
  }
}

extension Interval {
  /// From the 2.5th to the 97.5th percentile; nil of nothing.
  fileprivate init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let rising = values.sorted()
    func percentile(_ share: Double) -> Double {
      rising[Int((share * Double(rising.count - 1)).rounded())]
    }
    self.init(low: percentile(0.025), high: percentile(0.975))
  }
}
