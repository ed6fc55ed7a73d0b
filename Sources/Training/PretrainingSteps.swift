public import Models
import Tensors

/// Steps of masked language modelling from random weights on given pieces: what a benchmark times.
public struct PretrainingSteps {
  /// Share of the pieces that are to be guessed.
  public static let maskProbability = 0.15
  private var trainer: Trainer

  /// Steps over `batches` of sequences, one batch a step, again and again.
  public init(
    _ shape: ModelShape, vocabularySize: Int, batches: [[[Int32]]], threads: Int
  ) {
    let model = TextModel(
      ModelConfiguration(name: "benchmark", vocabularySize: vocabularySize, shape: shape))
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 1)
    trainer = Trainer(
      model, weights: weights,
      // More steps than any benchmark takes.
      plan: BatchPlan(
        batches: batches.map { $0.map { TrainingText(corpus: "", ids: $0) } },
        repetitions: 100_000 / batches.count + 1),
      objective: MaskedLanguageObjective(
        maskProbability: Self.maskProbability, maskID: 0, vocabularySize: vocabularySize),
      settings: OptimizationSettings(learningRate: 1e-4), seed: 1,
      workers: Workers(count: threads))
  }

  /// Takes the next step.
  public mutating func next() {
    // Small steps on random pieces stay finite.
    _ = try? trainer.next()
  }
}
