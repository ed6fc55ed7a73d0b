import Corpora
import Evaluation
import Foundation
import Inference
import Models
import Reviews

/// Makes a model's confidences what they say, on development splits: what the logits of each head
/// are multiplied by, from which probability an intent is given, and how readily spans are marked.
///
/// Source: Guo et al., On Calibration of Modern Neural Networks, 2017, section 4.2 (temperature).
struct Calibration {
  /// One decision on development data: logits of its classes, and what is true.
  struct Decision {
    /// One for each class.
    var logits: HeadLogits
    /// Bit c for every class that may be true.
    var allowed: UInt32
    /// What it counts: texts of small corpora count more.
    var weight: Double

    /// The log of the probability that the weights give to what is true.
    func logLikelihood(_ weights: HeadCalibration) -> Double {
      let logits = logits.weighed(weights)
      let highest = logits.max() ?? 0
      var (all, allowed) = (0.0, 0.0)
      for (index, logit) in logits.enumerated() {
        let term = exp(logit - highest)
        all += term
        if self.allowed >> index & 1 == 1 { allowed += term }
      }
      return log(max(allowed, .leastNormalMagnitude) / all)
    }
  }

  /// The largest weight that is tried.
  static let largestWeight = 4.0

  /// The weights, none below zero, under which `decisions` are likeliest, found by going along one
  /// and the other in turn until that gains nothing. The loss is convex in both where one class is
  /// allowed, and nearly so where several are.
  static func fit(_ decisions: [Decision], hasNGrams: Bool) -> HeadCalibration {
    func loss(_ weights: HeadCalibration) -> Double {
      decisions.reduce(0) { $0 - $1.weight * $1.logLikelihood(weights) }
    }
    var weights = HeadCalibration()
    guard !decisions.isEmpty else { return weights }
    var last: HeadCalibration
    repeat {
      last = weights
      weights.encoder = lowest(in: 0...largestWeight) {
        loss(HeadCalibration(encoder: $0, ngrams: weights.ngrams))
      }
      guard hasNGrams else { break }
      weights.ngrams = lowest(in: 0...largestWeight) {
        loss(HeadCalibration(encoder: weights.encoder, ngrams: $0))
      }
    } while loss(weights) < loss(last) * (1 - 1e-6)
    return weights
  }

  /// The weights of one label by its own `decisions`; nil for those of its head, where too few texts
  /// have the label, or where it is told apart without a mistake.
  static func own(_ decisions: [Decision], hasNGrams: Bool) -> HeadCalibration? {
    guard decisions.count(where: { $0.allowed == 0b10 }) >= leastTexts else { return nil }
    return bounded(decisions, hasNGrams: hasNGrams)
  }

  /// The weights of a whole head by its `decisions`; those of `before`, or else of the head as it was
  /// trained, where it makes no mistake, or where its earlier ones were fitted and these are few.
  static func head(
    _ decisions: [Decision], hasNGrams: Bool, before: HeadCalibration?
  ) -> HeadCalibration {
    if let before, decisions.count < leastTexts { return before }
    return bounded(decisions, hasNGrams: hasNGrams) ?? before ?? HeadCalibration()
  }

  /// The weights by `decisions`; nil where no mistake is among them: larger weights would always be
  /// likelier, and every confidence certain.
  private static func bounded(_ decisions: [Decision], hasNGrams: Bool) -> HeadCalibration? {
    let weights = fit(decisions, hasNGrams: hasNGrams)
    return max(weights.encoder, weights.ngrams) < 0.99 * largestWeight ? weights : nil
  }

  /// Where a function with one valley is lowest, to a thousandth: golden-section search.
  private static func lowest(
    in range: ClosedRange<Double>, _ value: (Double) -> Double
  ) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (range.lowerBound, range.upperBound)
    var left = high - ratio * (high - low)
    var right = low + ratio * (high - low)
    var (leftValue, rightValue) = (value(left), value(right))
    while high - low > 1e-3 {
      if leftValue < rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - ratio * (high - low)
        leftValue = value(left)
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + ratio * (high - low)
        rightValue = value(right)
      }
    }
    return (low + high) / 2
  }

  /// An intent on development data: how likely it is said to be, whether it is there, and what the
  /// text counts.
  typealias Guess = (probability: Double, isTrue: Bool, weight: Double)

  /// The texts that have to have an intent for weights and a threshold of its own.
  static let leastTexts = 20

  /// The probability from which giving an intent makes its F1 highest, in the mean over `splits`, so
  /// that no large corpus decides alone. Those where fewer than `leastTexts` have it count together as
  /// one; one half where they have too few together. Of those around it that are as good but
  /// for a hundredth it is the middle one: which of them is best hangs on few texts.
  static func threshold(_ splits: [[Guess]]) -> Double {
    func hasEnough(_ guesses: [Guess]) -> Bool {
      guesses.count { $0.isTrue } >= leastTexts
    }
    let few = splits.filter { !hasEnough($0) }.flatMap { $0 }
    let parts = (splits + [few]).filter(hasEnough)
    guard !parts.isEmpty else { return 0.5 }
    // Beyond these a threshold follows single texts.
    let candidates = (10...90).map { Double($0) / 100 }
    let sums = candidates.map { candidate in
      parts.reduce(0) { $0 + f1($1, from: candidate) }
    }
    let best = sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
    let isGood = sums.map { $0 >= sums[best] - 0.01 * Double(parts.count) }
    let low = isGood[..<best].lastIndex(of: false).map { $0 + 1 } ?? 0
    let high = isGood[best...].firstIndex(of: false).map { $0 - 1 } ?? sums.count - 1
    return candidates[(low + high + 1) / 2]
  }

  /// The F1 of giving an intent from a probability on.
  private static func f1(_ guesses: [Guess], from threshold: Double) -> Double {
    var (found, given, support) = (0.0, 0.0, 0.0)
    for guess in guesses {
      let isGiven = guess.probability >= threshold
      if isGiven { given += guess.weight }
      if guess.isTrue { support += guess.weight }
      if isGiven && guess.isTrue { found += guess.weight }
    }
    return 2 * found / (given + support)
  }

  /// What a text without `intent` counts where one with it counts 1, so that the intent is as
  /// frequent in `development` as in `training`: development texts may have been chosen to hold it
  /// more often than texts do. 1 where either has none, or nothing else.
  static func absenceWeight(
    of intent: String, training: [Example], development: [Example]
  ) -> Double {
    func odds(_ examples: [Example]) -> Double {
      let known = examples.compactMap(\.intents).filter { $0.supervised.contains(intent) }
      let there = known.count { $0.positive.contains(intent) }
      return Double(known.count - there) / Double(there)
    }
    let weight = odds(training) / odds(development)
    return weight.isFinite && weight > 0 ? weight : 1
  }

  /// To which power the confidences of marked spans are the likeliest to be right as often as they
  /// say, every split counting the same; 1 where there are none.
  static func spanExponent(_ splits: [[CountedSpans]]) -> Double {
    let marked = splits.map { $0.flatMap(\.marked) }.filter { !$0.isEmpty }
    guard !marked.isEmpty else { return 1 }
    return lowest(in: 0.05...4) { exponent in
      marked.reduce(0) { sum, spans in
        sum
          - spans.reduce(0) { sum, span in
            let confidence = min(max(pow(span.confidence, exponent), 1e-9), 1 - 1e-9)
            return sum + log(span.isRight ? confidence : 1 - confidence)
          } / Double(spans.count)
      }
    }
  }

  /// The least confidence that is looked at for a span.
  static let lowestThreshold = 0.01

  /// What the probability of no span is multiplied by, of which the best is taken: 1 first, so that
  /// it stays where others are no better.
  static let outsideWeightCandidates = [1, 0.7, 0.5, 0.35, 0.25, 0.18]

  /// The confidence from which giving a span makes F1 highest, in the mean over `splits`, and that
  /// F1; one half and 0 where there are none.
  static func entityThreshold(
    _ splits: [[CountedSpans]], exponent: Double
  ) -> (threshold: Double, f1: Double) {
    guard !splits.isEmpty else { return (0.5, 0) }
    let counts = splits.map { texts in
      (
        marked: texts.flatMap(\.marked),
        trueCount: texts.reduce(0) { $0 + $1.goldCount }
      )
    }
    func meanF1(_ threshold: Double) -> Double {
      counts.reduce(0) { sum, split in
        let given = split.marked.filter { pow($0.confidence, exponent) >= threshold }
        let right = given.count { $0.isRight }
        return sum + 2 * Double(right) / Double(given.count + split.trueCount)
      } / Double(counts.count)
    }
    let candidates = stride(from: 10, through: 80, by: 5).map { Double($0) / 100 }
    return candidates.map { ($0, meanF1($0)) }.reduce((0.5, -1)) { $1.1 > $0.1 ? $1 : $0 }
  }

  /// The weight of no span for each layer under which one threshold for all comes to the highest F1,
  /// in the mean over splits. `marked` has, for each layer and candidate, what is marked on each
  /// split; a layer without splits gets no weight.
  static func outsideWeights(
    _ marked: [EntityLayer: [[[CountedSpans]]]]
  ) -> [EntityLayer: Double] {
    let layers = EntityLayer.allCases.filter { marked[$0]?.first?.isEmpty == false }
    var choices: [[EntityLayer: Int]] = [[:]]
    for layer in layers {
      choices = choices.flatMap { choice in
        outsideWeightCandidates.indices.map { choice.merging([layer: $0]) { $1 } }
      }
    }
    var best = (f1: -1.0, choice: choices[0])
    for choice in choices {
      let splits = layers.flatMap { marked[$0]?[choice[$0] ?? 0] ?? [] }
      let f1 = entityThreshold(splits, exponent: spanExponent(splits)).f1
      if f1 > best.f1 { best = (f1, choice) }
    }
    return best.choice.mapValues { outsideWeightCandidates[$0] }
  }
}

/// Development texts of a corpus for calibration.
struct CalibrationSplit {
  /// The texts and their labels.
  var examples: [Example]
  /// What a text without an intent counts, by intent, as in `Calibration.absenceWeight`.
  var absenceWeights: [String: Double]
}

extension LoadedModel {
  /// Sets calibration and thresholds by what the model says of `splits`; what these do not label, or
  /// of too few texts, keeps its own.
  mutating func calibrate(
    on splits: [CalibrationSplit], threads: Int
  ) {
    let before = configuration
    // Spans are seen as they are, without the power of an earlier calibration.
    configuration.calibration["entities"] = nil
    // Every span that is likelier than this is seen; which are given is decided afterwards.
    configuration.entityThreshold = Calibration.lowestThreshold
    configuration.outsideWeights.merge(outsideWeights(on: splits, threads: threads)) { $1 }
    let reader = TextReader(self, threads: threads)
    let labels = configuration.intents
    var sentiment: [Calibration.Decision] = []
    var intents: [(split: Int, label: Int, textWeight: Double, decision: Calibration.Decision)] = []
    var spans: [[CountedSpans]] = []
    for (place, split) in splits.enumerated() {
      let examples = split.examples
      let readings = reader.read(examples.map(\.text))
      let weight = 1 / Double(examples.count)
      // Where an intent is never known to be absent, the surest answer would be the likeliest.
      let onlyPresent = Set(examples.intentsOnlyPresent)
      for (example, reading) in zip(examples, readings) {
        if let stars = example.stars {
          sentiment.append(
            .init(
              logits: reading.starLogits, allowed: UInt32(stars.rawValue), weight: weight))
        }
        guard let known = example.intents else { continue }
        for (index, label) in labels.enumerated()
        where known.supervised.contains(label) && !onlyPresent.contains(label)
          && configuration.knows(label, in: reading.language)
        {
          let isTrue = known.positive.contains(label)
          let textWeight = isTrue ? 1 : split.absenceWeights[label] ?? 1
          intents.append(
            (
              place, index, textWeight,
              .init(
                logits: reading.intentLogits.oneOfTwo(index), allowed: isTrue ? 0b10 : 0b01,
                weight: weight * textWeight)
            ))
        }
      }
      spans += EntityLayer.allCases.compactMap { CountedSpans.ofSplit(examples, readings, $0) }
    }
    if !sentiment.isEmpty {
      configuration.calibration["sentiment"] = Calibration.head(
        sentiment, hasNGrams: ngrams["sentiment"] != nil,
        before: before.calibration["sentiment"])
    }
    let hasNGrams = ngrams["intents"] != nil
    if !intents.isEmpty {
      configuration.calibration["intents"] = Calibration.head(
        intents.map(\.decision), hasNGrams: hasNGrams, before: before.calibration["intents"])
    }
    configuration.intentThresholds = labels.indices.map { label in
      let own = intents.filter { $0.label == label }
      let isThere = own.count { $0.decision.allowed == 0b10 }
      let wasFitted = before.calibration["intents"] != nil
      if own.isEmpty || wasFitted && isThere < Calibration.leastTexts {
        // The head's weights are of other labels now.
        if !intents.isEmpty {
          configuration.calibration[labels[label]] =
            before.calibration[labels[label]] ?? before.calibration["intents"]
        }
        return before.intentThresholds[label]
      }
      configuration.calibration[labels[label]] = Calibration.own(
        own.map(\.decision), hasNGrams: hasNGrams)
      let weights = configuration.calibration(ofIntent: labels[label])
      var guesses = splits.map { _ in [Calibration.Guess]() }
      for (split, _, textWeight, decision) in own {
        let isTrue = decision.allowed == 0b10
        let likelihood = exp(decision.logLikelihood(weights))
        guesses[split].append((isTrue ? likelihood : 1 - likelihood, isTrue, textWeight))
      }
      return Calibration.threshold(guesses)
    }
    guard !spans.isEmpty else {
      configuration.calibration["entities"] = before.calibration["entities"]
      configuration.entityThreshold = before.entityThreshold
      return
    }
    let exponent = Calibration.spanExponent(spans)
    configuration.calibration["entities"] = HeadCalibration(encoder: exponent)
    configuration.entityThreshold =
      Calibration.entityThreshold(spans, exponent: exponent).threshold
  }

  /// What each candidate for the weight of no span marks on `splits`, and the weights chosen by it.
  private func outsideWeights(
    on splits: [CalibrationSplit], threads: Int
  ) -> [String: Double] {
    let splits = splits.map { $0.examples.filter { $0.opinions != nil || $0.names != nil } }
      .filter { !$0.isEmpty }
    var marked: [EntityLayer: [[[CountedSpans]]]] = [:]
    for weight in Calibration.outsideWeightCandidates {
      var trial = self
      for layer in EntityLayer.allCases {
        trial.configuration.outsideWeights[layer.rawValue] = weight
      }
      let reader = TextReader(trial, threads: threads, heads: [.entities])
      let readings = splits.map { reader.read($0.map(\.text)) }
      for layer in EntityLayer.allCases {
        marked[layer, default: []].append(
          zip(splits, readings).compactMap { CountedSpans.ofSplit($0, $1, layer) })
      }
    }
    let weights = Calibration.outsideWeights(marked)
    return Dictionary(uniqueKeysWithValues: weights.map { ($0.key.rawValue, $0.value) })
  }
}

extension CountedSpans {
  /// Those of one layer in every text of a split; nil where none is true.
  fileprivate static func ofSplit(
    _ examples: [Example], _ readings: [Reading], _ layer: EntityLayer
  ) -> [CountedSpans]? {
    let texts = zip(examples, readings).map { example, reading in
      CountedSpans(example.labels(of: layer), reading, layer)
    }
    return texts.contains { $0.goldCount > 0 } ? texts : nil
  }
}

extension HeadLogits {
  /// Those of one label, as the second of two classes of which the first has none.
  fileprivate func oneOfTwo(_ label: Int) -> HeadLogits {
    HeadLogits(
      encoder: [0, encoder[label]], ngrams: ngrams.isEmpty ? [] : [0, ngrams[label]])
  }
}
