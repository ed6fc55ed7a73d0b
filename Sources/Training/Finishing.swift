import Corpora
import Models
import Tensors

extension LoadedModel {
  /// What follows the steps: the linear models beside the encoder, then the calibration of both
  /// together on development splits. False where it was asked to stop before one of them.
  mutating func finish(
    as recipe: Recipe, on corpora: TrainingCorpora, workers: Workers, isInterrupted: () -> Bool,
    report: (String) -> Void
  ) -> Bool {
    if isInterrupted() { return false }
    if let settings = recipe.ngrams {
      var random = SeededRandom(seed: recipe.seed, stream: Preparation.Stream.ngrams.rawValue)
      let trained = settings.train(
        on: corpora, intents: configuration.intents, random: &random, workers: workers)
      // A head that its corpora do not label keeps the linear model that it has.
      ngrams.merge(trained) { $1 }
      if settings.sentimentFeatures == 0 { ngrams["sentiment"] = nil }
      if settings.intentFeatures == 0 { ngrams["intents"] = nil }
      let heads = trained.keys.sorted().joined(separator: " and ")
      report("n-grams: a linear model for \(heads.isEmpty ? "no head" : heads)")
    }
    guard let settings = recipe.calibration else { return true }
    if isInterrupted() { return false }
    var random = SeededRandom(seed: recipe.seed, stream: Preparation.Stream.calibration.rawValue)
    let splits = recipe.calibrationCorpora.compactMap { name -> CalibrationSplit? in
      corpora.development[name].map { examples in
        var examples = examples
        random.shuffle(&examples)
        examples = Array(examples.prefix(settings.textLimit))
        let weights = configuration.intents.map { intent in
          Calibration.absenceWeight(
            of: intent, training: corpora[name], development: examples)
        }
        return CalibrationSplit(
          examples: examples,
          absenceWeights: Dictionary(uniqueKeysWithValues: zip(configuration.intents, weights)))
      }
    }
    report("calibration: on the development splits of \(splits.count) corpora")
    calibrate(on: splits, threads: workers.count)
    for (head, weights) in configuration.calibration.sorted(by: { $0.key < $1.key }) {
      report("calibration: \(head): encoder x \(weights.encoder), n-grams x \(weights.ngrams)")
    }
    let outside = configuration.outsideWeights.sorted { $0.key < $1.key }
      .map { ", outside of \($0.key) spans x \($0.value)" }.joined()
    report("calibration: spans from \(configuration.entityThreshold)\(outside)")
    return true
  }
}
