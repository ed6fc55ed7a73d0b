import Corpora
import Evaluation
import Inference
import Models
import Tensors

/// A figure of one head on the development splits: `sentiment.macro_f1`.
public struct DevelopmentMetric: Equatable, Sendable, CustomStringConvertible {
  /// What an evaluation reports of a head.
  enum Figure: String, CaseIterable, Sendable {
    case accuracy
    case microF1 = "micro_f1"
    case macroF1 = "macro_f1"
  }

  /// The heads whose answer is a set of spans have no accuracy.
  private static let spanHeads = ["opinions", "names"]
  private static let heads = ["sentiment", "intents", "polarity"] + spanHeads
  /// What a name looks like, for messages.
  static let nameForm =
    "HEAD.FIGURE with one of \(heads.joined(separator: ", "))"
    + " and one of \(Figure.allCases.map(\.rawValue).joined(separator: ", "))"
    + " (no accuracy of spans)"

  let head: String
  let figure: Figure

  /// The metric of that name; nil when there is none.
  public init?(name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Self.heads.contains(parts[0]), let figure = Figure(rawValue: parts[1]),
      figure != .accuracy || !Self.spanHeads.contains(parts[0])
    else { return nil }
    head = parts[0]
    self.figure = figure
  }

  /// Its name.
  public var description: String { "\(head).\(figure.rawValue)" }

  func value(of scores: HeadScores) -> Double {
    switch figure {
    case .accuracy: scores.accuracy ?? 0
    case .microF1: scores.micro.f1
    case .macroF1: scores.macro.f1
    }
  }
}

/// The development splits that tell when to stop.
struct Development {
  let settings: EarlyStoppingSettings
  private let splits: [(corpus: String, examples: [Example])]
  private let model: LoadedModel
  private let threads: Int

  /// The splits of `corpora` that label the metric's head; nil where none does.
  init?(
    _ settings: EarlyStoppingSettings, _ splits: [(corpus: String, examples: [Example])],
    model: LoadedModel, random: SeededRandom, threads: Int
  ) {
    self.settings = settings
    var random = random
    self.splits = splits.compactMap { corpus, examples in
      var examples = examples.filter { $0.labels(settings.metric.head) }
      random.shuffle(&examples)
      examples = Array(examples.prefix(settings.textLimit))
      return examples.tellApart(settings.metric.head) ? (corpus, examples) : nil
    }
    guard !self.splits.isEmpty else { return nil }
    self.model = model
    self.threads = threads
  }

  /// The mean of the metric over the splits, with the numbers as they are now.
  func value() -> Double {
    let reader = TextReader(model, threads: threads)
    let values = splits.compactMap { corpus, examples in
      Evaluation.report(on: examples, corpus: corpus, split: .dev, reader: reader).heads
        .first { $0.head == settings.metric.head }.map { settings.metric.value(of: $0.scores) }
    }
    return values.reduce(0, +) / Double(max(values.count, 1))
  }
}

extension [Example] {
  /// Whether they have a figure: of sentiment only where their stars differ.
  fileprivate func tellApart(_ head: String) -> Bool {
    head == "sentiment" ? contains { $0.stars != first?.stars } : !isEmpty
  }
}

extension Example {
  fileprivate func labels(_ head: String) -> Bool {
    switch head {
    case "sentiment": stars != nil
    case "intents": intents != nil
    case "opinions": opinions != nil
    case "names": names != nil
    default: opinions?.spans.contains { $0.polarity != nil } ?? false
    }
  }
}
