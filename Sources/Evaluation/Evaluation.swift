public import Corpora
public import Inference
import Models
import Reviews

/// The figures of every head that a corpus labels.
public struct CorpusReport: Codable, Equatable, Sendable {
  /// The corpus's name.
  public var corpus: String
  /// train, dev or test.
  public var split: String
  /// What its texts are about; nil where its card does not say.
  public var domain: String?
  /// Texts read.
  public var texts: Int
  /// One report per labelled head.
  public var heads: [HeadReport]
}

/// Reads labelled examples as any review and compares.
public struct Evaluation {
  /// The figures.
  public let report: CorpusReport
  /// What the model got wrong, text by text, the surest errors first.
  public let mistakes: [Mistake]

  /// How often texts are drawn anew for an interval.
  public static let resamples = 1_000

  /// Evaluates one split; `details` asks for intervals, calibration, slices and mistakes.
  public init(
    on examples: [Example], corpus: String, domain: String? = nil, split: Split,
    reader: TextReader, details: Bool = false
  ) {
    let aspects = examples.map { ($0.opinions?.spans ?? []).filter { $0.polarity != nil } }
    let readings = reader.read(
      examples.map(\.text), polaritiesOf: aspects.map { $0.map(\.range) })
    let configuration = reader.model.configuration
    let texts = EvaluatedTexts(examples: examples, readings: readings)
    let sentiment = ChoiceAnswers(starsOf: texts)
    let intents = LabelAnswers(intentsOf: texts, configuration)
    let polarity = ChoiceAnswers(polarityOf: texts, aspects: aspects)
    let spans = EntityLayer.allCases.map { SpanAnswers(texts, $0) }
    var heads: [HeadReport] = []
    func add(
      _ head: String, _ answers: any HeadAnswers, reliability: @autoclosure () -> Reliability?,
      choices: ChoiceAnswers? = nil
    ) {
      var report = HeadReport(head: head, answers, resamples: details ? Self.resamples : 0)
      if details {
        // Nothing said is neither right nor wrong.
        let said = reliability()
        report.reliability = said?.bins.isEmpty == false ? said : nil
        report.confusion = choices.map(Confusion.init)
        report.slices = texts.slices(answers)
      }
      heads.append(report)
    }
    // Of one class alone every answer is right.
    if sentiment.classes.count > 1 {
      add(
        "sentiment", sentiment, reliability: Reliability(sentiment), choices: sentiment)
    }
    if !intents.decisions.isEmpty { add("intents", intents, reliability: Reliability(intents)) }
    for (layer, answers) in zip(EntityLayer.allCases, spans) where !answers.types.isEmpty {
      add(layer.head, answers, reliability: Reliability(answers))
    }
    if !polarity.choices.isEmpty {
      add("polarity", polarity, reliability: nil, choices: polarity)
    }
    report = CorpusReport(
      corpus: corpus, split: split.rawValue, domain: domain, texts: examples.count, heads: heads)
    guard details else {
      mistakes = []
      return
    }
    let origin = Mistake.Origin(corpus: corpus, split: split.rawValue, texts: texts)
    mistakes =
      (origin.mistakes(sentiment) + origin.mistakes(intents)
      + zip(EntityLayer.allCases, spans).flatMap { origin.mistakes($1, $0) })
      .sorted { ($1.confidence, $0.id) < ($0.confidence, $1.id) }
  }

  /// The report of one split without details.
  public static func report(
    on examples: [Example], corpus: String, split: Split, reader: TextReader
  ) -> CorpusReport {
    Evaluation(on: examples, corpus: corpus, split: split, reader: reader).report
  }
}

/// Labelled texts and what the model says of them.
struct EvaluatedTexts {
  let examples: [Example]
  let readings: [Reading]

  /// Each text with its reading, in order.
  var pairs: Zip2Sequence<[Example], [Reading]> { zip(examples, readings) }
}

extension ChoiceAnswers {
  /// A corpus's own classes are the sets of stars that its labels allow; the likeliest set counts.
  ///
  /// A text between two stars is left out where another label has one of these: the wider set would
  /// always be the likelier one.
  init(starsOf texts: EvaluatedTexts) {
    let labels = Set(texts.examples.compactMap(\.stars))
    let classes = labels.filter { label in
      label.stars.count == 1
        || !labels.contains { $0 != label && !$0.isDisjoint(with: label) }
    }.sorted { $0.rawValue < $1.rawValue }
    self.init(textCount: texts.examples.count, classes: classes.map(Self.name))
    for (text, (example, reading)) in texts.pairs.enumerated() {
      guard let stars = example.stars, let gold = classes.firstIndex(of: stars) else { continue }
      let logits = reading.starLogits
      var probabilities = [System.model: reading.stars]
      if !logits.ngrams.isEmpty {
        probabilities[.encoder] = HeadLogits.choice(logits.encoder)
        probabilities[.linear] = HeadLogits.choice(logits.ngrams)
      }
      choices.append(
        Choice(
          text: text, gold: gold,
          probabilities: probabilities.mapValues { stars in
            let sums = classes.map { $0.stars.reduce(0) { $0 + stars[$1 - 1] } }
            let total = sums.reduce(0, +)
            return sums.map { $0 / max(total, .leastNormalMagnitude) }
          }))
    }
  }

  /// What a class is called.
  static func name(_ stars: StarSet) -> String {
    switch stars {
    case .negative: "negative"
    case .positive: "positive"
    default:
      stars.stars.map(String.init).joined(separator: "-")
        + (stars.stars == [1] ? " star" : " stars")
    }
  }

  /// On the spans that the corpus marks, not on those that the model found.
  init(polarityOf texts: EvaluatedTexts, aspects: [[LabelledSpan]]) {
    let classes = Gloss.Polarity.allCases
    self.init(textCount: texts.examples.count, classes: classes.map(\.rawValue))
    for (text, (spans, reading)) in zip(aspects, texts.readings).enumerated() {
      for (span, predicted) in zip(spans, reading.polarities) {
        guard let gold = span.polarity.flatMap({ classes.firstIndex(of: $0) }) else { continue }
        choices.append(
          Choice(
            text: text, gold: gold,
            probabilities: [.model: classes.map { $0 == predicted ? 1 : 0 }]))
      }
    }
  }
}

extension LabelAnswers {
  /// Of the intents that each text is labelled for. One that the model does not know it never finds;
  /// one that no text is known to lack is left out, as it cannot be found where it is not.
  init(intentsOf texts: EvaluatedTexts, _ configuration: ModelConfiguration) {
    self.init(textCount: texts.examples.count)
    for (text, (example, reading)) in texts.pairs.enumerated() {
      guard let labels = example.intents else { continue }
      let logits = reading.intentLogits
      let encoder = HeadLogits.each(logits.encoder)
      let linear = HeadLogits.each(logits.ngrams)
      for name in labels.supervised {
        var probabilities = [System.model: 0.0]
        var threshold = 0.5
        let index = configuration.intents.firstIndex(of: name)
        let isKnown = index != nil && configuration.knows(name, in: reading.language)
        if let index {
          probabilities[.model] = reading.intents[index]
          threshold = configuration.intentThresholds[index]
          if !linear.isEmpty {
            probabilities[.encoder] = isKnown ? encoder[index] : 0
            probabilities[.linear] = isKnown ? linear[index] : 0
          }
        }
        decisions.append(
          Decision(
            text: text, label: name, gold: labels.positive.contains(name),
            isKnown: isKnown, probabilities: probabilities, threshold: threshold))
      }
    }
    let onlyPresent = Set(texts.examples.intentsOnlyPresent)
    decisions.removeAll { onlyPresent.contains($0.label) }
  }
}

extension EntityLayer {
  /// The head that marks its spans.
  var head: String {
    switch self {
    case .opinion: "opinions"
    case .name: "names"
    }
  }
}

extension SpanAnswers {
  init(_ texts: EvaluatedTexts, _ layer: EntityLayer) {
    let labels = texts.examples.map { $0.labels(of: layer) }
    types = layer.types.filter { type in
      labels.contains { $0?.completeTypes.contains(type) ?? false }
    }
    self.texts = zip(labels, texts.readings).map { CountedSpans($0, $1, layer) }
  }
}
