import Corpora
import Reviews

/// A wrong answer and its text.
public struct Mistake: Codable, Equatable, Sendable {
  /// The corpus's name.
  public var corpus: String
  /// train, dev or test.
  public var split: String
  /// The row's id.
  public var id: String
  /// sentiment, intents, opinions or names.
  public var head: String
  /// The whole text.
  public var text: String
  /// What the corpus says; empty for nothing.
  public var gold: String
  /// What the model says; empty for nothing.
  public var predicted: String
  /// How sure the model is of it, 0...1; 0 where it gives no number.
  public var confidence: Double
  /// Whether the label is more likely wrong than the model: both its parts agree, and it is at least
  /// as sure of its own answer as it usually is of texts that the corpus gives that label. Of spans:
  /// it is at least 0.9 sure of one where the corpus has none.
  public var isLabelSuspect: Bool

  enum CodingKeys: String, CodingKey {
    case corpus, split, id, head, text, gold, predicted, confidence
    case isLabelSuspect = "label_suspect"
  }

  /// The texts of a split, for which mistakes are told.
  struct Origin {
    let corpus: String
    let split: String
    let texts: EvaluatedTexts
  }
}

extension Mistake.Origin {
  private func mistake(
    _ head: String, _ text: Int, gold: String, predicted: String, confidence: Double,
    isLabelSuspect: Bool = false
  ) -> Mistake {
    Mistake(
      corpus: corpus, split: split, id: texts.examples[text].id, head: head,
      text: texts.examples[text].text, gold: gold, predicted: predicted,
      confidence: confidence.isFinite ? confidence : 0, isLabelSuspect: isLabelSuspect)
  }

  /// Wrong choices. A label is suspect by confident learning (Northcutt, Jiang and Chuang,
  /// Confident Learning, 2021, section 3.1): the model's class is at least as likely as it is, in
  /// the mean, on texts labelled with that class.
  func mistakes(_ answers: ChoiceAnswers) -> [Mistake] {
    var sums = answers.classes.map { _ in (total: 0.0, count: 0) }
    for choice in answers.choices {
      sums[choice.gold].total += choice.probabilities[.model]?[choice.gold] ?? 0
      sums[choice.gold].count += 1
    }
    let usual = sums.map { $0.count == 0 ? 1 : $0.total / Double($0.count) }
    let others = answers.systems.filter { $0 != .model }
    return answers.choices.compactMap { choice in
      let best = choice.best(.model)
      guard best != choice.gold else { return nil }
      let confidence = choice.probabilities[.model]?[best] ?? 0
      return mistake(
        "sentiment", choice.text, gold: answers.classes[choice.gold],
        predicted: answers.classes[best], confidence: confidence,
        isLabelSuspect: confidence >= usual[best] && others.allSatisfy { choice.best($0) == best })
    }
  }

  /// Intents given without being there, and those missed.
  func mistakes(_ answers: LabelAnswers) -> [Mistake] {
    var sums: [String: (total: Double, count: Int)] = [:]
    func sureness(_ decision: LabelAnswers.Decision, of isThere: Bool) -> Double {
      let probability = decision.probabilities[.model] ?? 0
      return isThere ? probability : 1 - probability
    }
    func key(_ label: String, _ isThere: Bool) -> String { (isThere ? "" : "not ") + label }
    for decision in answers.decisions where decision.isKnown {
      let sum = sums[key(decision.label, decision.gold), default: (0, 0)]
      sums[key(decision.label, decision.gold)] = (
        sum.total + sureness(decision, of: decision.gold), sum.count + 1
      )
    }
    let others = answers.systems.filter { $0 != .model }
    return answers.decisions.compactMap { decision in
      let given = decision.isGiven(.model)
      guard given != decision.gold else { return nil }
      let confidence = sureness(decision, of: given)
      let usual = sums[key(decision.label, given)].map { $0.total / Double($0.count) } ?? 1
      // Of a label that it does not have the model says nothing.
      return mistake(
        "intents", decision.text, gold: key(decision.label, decision.gold),
        predicted: decision.isKnown ? key(decision.label, given) : "",
        confidence: decision.isKnown ? confidence : 0,
        isLabelSuspect: decision.isKnown && confidence >= usual
          && others.allSatisfy { decision.isGiven($0) == given })
    }
  }

  /// Spans marked that are none, and spans missed; the surest ones may well be gaps of the labels.
  func mistakes(_ answers: SpanAnswers, _ layer: EntityLayer) -> [Mistake] {
    let head = layer.head
    return answers.texts.enumerated().flatMap { text, spans in
      let bytes = Array(texts.examples[text].text.utf8)
      func name(_ span: Tally.Span) -> String {
        "\(span.type) \(String(decoding: bytes[span.range], as: UTF8.self))"
      }
      let marked = spans.predicted.filter { !spans.gold.contains($0.span) }
        .map { predicted in
          let overlapping = spans.gold.filter { $0.range.overlaps(predicted.span.range) }
          return mistake(
            head, text, gold: overlapping.map(name).joined(separator: ", "),
            predicted: name(predicted.span), confidence: predicted.confidence,
            isLabelSuspect: overlapping.isEmpty && predicted.confidence >= 0.9)
        }
      // What a wrong span overlaps is told with that.
      let missed = spans.gold.filter { span in
        !spans.predicted.contains {
          $0.span == span
            || !spans.gold.contains($0.span) && $0.span.range.overlaps(span.range)
        }
      }.map { mistake(head, text, gold: name($0), predicted: "", confidence: 0) }
      return marked + missed
    }
  }
}
