import Corpora
import Foundation
import Models
import Tensors

extension NGramSettings {
  /// The linear models of the heads that have features, by head; `intents` are the labels of the
  /// intent head, in order.
  func train(
    on corpora: TrainingCorpora, intents: [String], random: inout SeededRandom, workers: Workers
  ) -> [String: NGramModel] {
    let groups = mixture.shares.map { corpora[$0.name] }
    let passes = mixture.passes(counts: groups.map(\.count))
    var examples: [Example] = []
    var sentiment: [NGramText] = []
    for (group, passes) in zip(groups, passes) {
      var part = group
      random.shuffle(&part)
      let fraction = Int(((passes - passes.rounded(.down)) * Double(part.count)).rounded())
      let met = (0..<Int(passes)).flatMap { _ in group } + part.prefix(fraction)
      examples += met
      // The classes of a corpus count the same, whichever it has more of.
      let counts = Dictionary(met.compactMap(\.stars).map { ($0, 1) }, uniquingKeysWith: +)
      let total = counts.values.reduce(0, +)
      sentiment += met.compactMap { example in
        example.stars.map {
          let share = Float(total) / Float(counts.count * (counts[$0] ?? 1))
          return NGramText(
            text: example.text, positive: UInt32($0.rawValue), known: 0b11111,
            weight: min(share, Self.largestWeight))
        }
      }
    }
    var models: [String: NGramModel] = [:]
    models["sentiment"] = model(
      .one, sentiment, limit: sentimentFeatures, labelCount: 5, seed: random.next(), workers)
    let wanted = examples.compactMap { example in
      example.intents.map {
        NGramText(
          text: example.text, positive: bits($0.positive, in: intents),
          known: bits($0.supervised, in: intents))
      }
    }
    models["intents"] = model(
      .each, wanted, limit: intentFeatures, labelCount: intents.count, seed: random.next(),
      workers)
    return models
  }

  /// What a text of a rare class counts at most.
  private static let largestWeight: Float = 4

  /// A text and its labels, as in `NGramExample`.
  private struct NGramText {
    var text: String
    var positive: UInt32
    var known: UInt32
    var weight: Float = 1
  }

  /// A model of at most `limit` features; nil where there is no text, no label or no feature.
  private func model(
    _ decision: NGramTraining.Decision, _ texts: [NGramText],
    limit: Int, labelCount: Int, seed: UInt64, _ workers: Workers
  ) -> NGramModel? {
    guard limit > 0, labelCount > 0, !texts.isEmpty else { return nil }
    let counts = workers.map(texts) { NGrams.counts(in: $0.text) }
    // What texts without any label have in common tells no label from another.
    let known = NGramTraining.commonest(
      limit, of: zip(counts, texts).filter { $0.1.positive != 0 }.map(\.0))
    guard !known.isEmpty else { return nil }
    var model = NGramModel(
      features: known.map(\.feature), rarity: known.map(\.rarity), labelCount: labelCount)
    let values = workers.map(counts) { [model] in model.values(of: $0) }
    let examples = zip(values, texts).map {
      NGramExample(values: $0, positive: $1.positive, known: $1.known, weight: $1.weight)
    }
    NGramTraining(decision: decision, settings: self)
      .fit(&model, to: examples, seed: seed, workers)
    return model
  }
}

/// A text for a linear model: what it holds, and which labels it may have.
struct NGramExample {
  /// Places and values of the known features, as in `NGramModel`.
  var values: [(index: Int32, value: Float)]
  /// One bit for every label that is allowed, or true.
  var positive: UInt32
  /// One bit for every label that is known.
  var known: UInt32
  /// What it counts.
  var weight: Float = 1
}

/// Trains a linear model over n-grams: logistic regression by stochastic gradient descent with a
/// step of its own for every weight.
///
/// Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011, section 1.3.
struct NGramTraining {
  /// What a head's labels are to each other.
  enum Decision {
    /// One of them; a text may allow several.
    case one
    /// Each for itself.
    case each
  }

  let decision: Decision
  let settings: NGramSettings

  /// The features that most of the texts have, at most `limit` and rising, each with its inverse
  /// document frequency: log((1 + texts) / (1 + texts with it)) + 1. A text met twice counts twice.
  static func commonest(
    _ limit: Int, of counts: [[NGrams.Count]]
  ) -> [(feature: UInt32, rarity: Float)] {
    var met = counts.flatMap { $0.map(\.feature) }
    met.sort()
    var frequencies: [(feature: UInt32, texts: Int)] = []
    var start = 0
    while start < met.count {
      var end = start + 1
      while end < met.count && met[end] == met[start] { end += 1 }
      // A feature of one text says nothing about others.
      if end - start > 1 { frequencies.append((met[start], end - start)) }
      start = end
    }
    frequencies.sort { ($1.texts, $0.feature) < ($0.texts, $1.feature) }
    return frequencies.prefix(limit).sorted { $0.feature < $1.feature }.map {
      ($0.feature, log((1 + Float(counts.count)) / (1 + Float($0.texts))) + 1)
    }
  }

  /// Fits the weights of `model` to `examples`: the mean over orders that follow from `seed`.
  ///
  /// The mean of linear models of the same features is again one.
  func fit(
    _ model: inout NGramModel, to examples: [NGramExample], seed: UInt64,
    _ workers: Workers = Workers(count: 1)
  ) {
    let fitted = workers.map(Array(0..<settings.orders)) { [model] order in
      var fitted = model
      fit(&fitted, to: examples, orderedBy: seed &+ UInt64(order))
      return fitted
    }
    let scale = 1 / Float(fitted.count)
    for index in model.weights.indices {
      model.weights[index] = fitted.reduce(0) { $0 + $1.weights[index] } * scale
    }
    for index in model.bias.indices {
      model.bias[index] = fitted.reduce(0) { $0 + $1.bias[index] } * scale
    }
  }

  private func fit(_ model: inout NGramModel, to examples: [NGramExample], orderedBy seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var order = Array(examples.indices)
    var squares = [Float](repeating: 1e-8, count: model.weights.count)
    var biasSquares = [Float](repeating: 1e-8, count: model.labelCount)
    let count = model.labelCount
    let decay = Float(settings.decay)
    for epoch in 0..<settings.epochs {
      random.shuffle(&order)
      let rate = Float(settings.learningRate) * (1 - Float(epoch) / Float(settings.epochs))
      for index in order {
        let example = examples[index]
        let gradient = gradient(model.logits(of: example.values), example)
          .map { $0 * example.weight }
        for (index, value) in example.values {
          let row = Int(index) * count
          // Nor does what a text leaves open pull a label's weights to zero.
          for label in 0..<count where example.known & 1 << label != 0 {
            let weight = model.weights[row + label]
            let slope = gradient[label] * value + decay * weight
            squares[row + label] += slope * slope
            model.weights[row + label] = weight - rate * slope / squares[row + label].squareRoot()
          }
        }
        for label in 0..<count {
          biasSquares[label] += gradient[label] * gradient[label]
          model.bias[label] -= rate * gradient[label] / biasSquares[label].squareRoot()
        }
      }
    }
  }

  /// The gradient of the loss in the logits: [L].
  private func gradient(_ logits: [Float], _ example: NGramExample) -> [Float] {
    switch decision {
    case .one:
      // -log of the probability of all that is allowed
      let highest = logits.max() ?? 0
      let terms = logits.map { exp($0 - highest) }
      let total = terms.reduce(0, +)
      let allowed = terms.indices.reduce(0) {
        example.positive & 1 << $1 != 0 ? $0 + terms[$1] : $0
      }
      return terms.indices.map { label in
        let target =
          example.positive & 1 << label != 0
          ? terms[label] / max(allowed, .leastNormalMagnitude) : 0
        return terms[label] / total - target
      }
    case .each:
      return logits.indices.map { label in
        guard example.known & 1 << label != 0 else { return 0 }
        let probability = 1 / (1 + exp(-logits[label]))
        return example.positive & 1 << label != 0 ? probability - 1 : probability
      }
    }
  }
}
