public import Corpora
public import Inference
import Models
import Reviews

/// The figures of one head on one split, beside its majority baseline.
public struct HeadReport: Codable, Equatable, Sendable {
  /// sentiment, intents, opinions, names or polarity.
  public var head: String
  /// The model's.
  public var scores: HeadScores
  /// Those of the same answer for every text: the commonest one of this split.
  public var baseline: HeadScores
}

/// The figures of every head that a corpus labels.
public struct CorpusReport: Codable, Equatable, Sendable {
  /// The corpus's name.
  public var corpus: String
  /// train, dev or test.
  public var split: String
  /// Texts read.
  public var texts: Int
  /// One report per labelled head.
  public var heads: [HeadReport]
}

/// Reads labelled examples as any review and compares.
public enum Evaluation {
  /// The report of one split.
  public static func report(
    on examples: [Example], corpus: String, split: Split, reader: TextReader
  ) -> CorpusReport {
    let aspects = examples.map { ($0.opinions?.spans ?? []).filter { $0.polarity != nil } }
    let readings = reader.read(
      examples.map(\.text), polaritiesOf: aspects.map { $0.map(\.range) })
    let results = Array(zip(examples, readings))
    let reports: [(String, (scores: HeadScores, baseline: HeadScores)?)] = [
      ("sentiment", sentiment(results)),
      ("intents", intents(results, reader.model.configuration)),
      ("opinions", spans(results.map { ($0.0.opinions, $0.1) }, .opinion)),
      ("names", spans(results.map { ($0.0.names, $0.1) }, .name)),
      ("polarity", polarity(zip(aspects, readings))),
    ]
    return CorpusReport(
      corpus: corpus, split: split.rawValue, texts: examples.count,
      heads: reports.compactMap { head, report in
        report.map { HeadReport(head: head, scores: $0.scores, baseline: $0.baseline) }
      })
  }

  /// A corpus's own classes are the sets of stars that its labels allow; the likeliest set counts.
  private static func sentiment(
    _ results: [(Example, Reading)]
  ) -> (scores: HeadScores, baseline: HeadScores)? {
    let classes = Set(results.compactMap(\.0.stars)).sorted { $0.rawValue < $1.rawValue }
    var tally = ChoiceTally()
    for (example, reading) in results {
      guard let gold = example.stars else { continue }
      func probability(_ stars: StarSet) -> Double {
        stars.stars.reduce(0) { $0 + reading.stars[$1 - 1] }
      }
      let best = classes.reduce(classes[0]) { probability($1) > probability($0) ? $1 : $0 }
      tally.add(gold: name(gold), predicted: name(best))
    }
    return tally.report
  }

  private static func name(_ stars: StarSet) -> String {
    switch stars {
    case .negative: "negative"
    case .positive: "positive"
    default: stars.stars.map(String.init).joined(separator: "-") + " stars"
    }
  }

  private static func intents(
    _ results: [(Example, Reading)], _ configuration: ModelConfiguration
  ) -> (scores: HeadScores, baseline: HeadScores)? {
    var tally = BinaryTally()
    for (example, reading) in results {
      guard let labels = example.intents else { continue }
      // An intent that the model does not know is one that it never finds.
      for name in labels.supervised {
        let index = configuration.intents.firstIndex(of: name)
        tally.add(
          name, gold: labels.positive.contains(name),
          predicted: index.map {
            reading.intents[$0] >= configuration.intentThresholds[$0]
          } ?? false)
      }
    }
    return tally.report
  }

  /// Types that the corpus does not annotate and ranges of unknown tags do not count.
  private static func spans(
    _ results: [(SpanLabels?, Reading)], _ layer: EntityLayer
  ) -> (scores: HeadScores, baseline: HeadScores)? {
    let types = layer.types.filter { type in
      results.contains { $0.0?.completeTypes.contains(type) ?? false }
    }
    var tally = SpanTally(types: types)
    for (labels, reading) in results {
      guard let labels else { continue }
      func counts(_ type: String, _ range: Range<Int>) -> Bool {
        labels.completeTypes.contains(type) && !labels.unknown.contains { $0.overlaps(range) }
      }
      let gold = labels.spans.filter { counts($0.type, $0.range) }
        .map { SpanTally.Span(type: $0.type, range: $0.range) }
      let predicted = reading.entities.filter { $0.layer == layer && counts($0.type, $0.bytes) }
        .map { SpanTally.Span(type: $0.type, range: $0.bytes) }
      tally.add(gold: Set(gold), predicted: Set(predicted))
    }
    return tally.report
  }

  /// On the spans that the corpus marks, not on those that the model found.
  private static func polarity(
    _ results: Zip2Sequence<[[LabelledSpan]], [Reading]>
  ) -> (scores: HeadScores, baseline: HeadScores)? {
    var tally = ChoiceTally()
    for (spans, reading) in results {
      for (span, predicted) in zip(spans, reading.polarities) {
        guard let gold = span.polarity else { continue }
        tally.add(gold: gold.rawValue, predicted: predicted.rawValue)
      }
    }
    return tally.report
  }
}
