import Foundation
import Models
import Tensors
import Testing

@testable import Training

/// What the keys of a fine-tuning recipe that shape its loss do.
@Suite struct LabelSettingsTests {
  /// A text with `stars` allowed, and pieces that go with them.
  private func rated(_ stars: UInt32, _ piece: Int32) -> TrainingText {
    var text = TrainingText(corpus: "c", ids: [piece, piece + 1, piece])
    text.allowedStars = stars
    return text
  }

  /// The mean probability of `stars` for `text` after training on `texts`.
  private func probability(
    of stars: Int, for text: TrainingText, after texts: [TrainingText],
    _ objective: LabelObjective
  ) throws -> Double {
    let model = Fixture.model()
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 5)
    var trainer = Trainer(
      model, weights: weights, plan: BatchPlan([(texts, 400)], batchTokens: 24, seed: 1),
      objective: objective,
      settings: try Fixture.settings("{learning_rate: 0.02, dropout: 0, weight_decay: 0}"),
      seed: 1, workers: Workers(count: 1))
    while try trainer.next() != nil {}
    let workspace = Workspace()
    let batch = TextBatch([text.ids], shape: Fixture.shape)
    let packed = PackedParameters(weights)
    let logits = model.sentiment(
      model.hiddenStates(batch, packed, workspace), groups: batch.textRows, packed, workspace)
    Kernels.softmax(logits)
    return Double(logits[0, stars - 1])
  }

  private func objective(_ change: (inout LabelObjective) -> Void = { _ in }) -> LabelObjective {
    var objective = LabelObjective(shape: Fixture.shape, headWeights: HeadWeights())
    change(&objective)
    return objective
  }

  @Test func smoothingKeepsAModelFromCertainty() throws {
    let texts = [rated(0b00001, 10), rated(0b10000, 20)]
    let certain = try probability(of: 1, for: texts[0], after: texts, objective())
    let smoothed = try probability(
      of: 1, for: texts[0], after: texts, objective { $0.labelSmoothing = 0.3 })
    #expect(certain > 0.98)
    // The best answer to a target of 0.7 + 0.3 / 5 is that probability.
    #expect(abs(smoothed - 0.76) < 0.04)
  }

  @Test func aHeavierClassWinsWhereLabelsDisagree() throws {
    // The same text, three times with one star and once with five.
    let texts = [rated(1, 10), rated(1, 10), rated(1, 10), rated(0b10000, 10)]
    func probability(_ weights: [Double]) throws -> Double {
      try self.probability(
        of: 5, for: texts[0], after: texts, objective { $0.classWeights.sentiment = weights })
    }
    let plain = try probability([])
    let balanced = try probability([1 / 1.5, 1, 1, 1, 2])
    let heavy = try probability([1, 1, 1, 1, 27])
    #expect(abs(plain - 0.25) < 0.05)
    #expect(abs(balanced - 0.5) < 0.07)
    #expect(abs(heavy - 0.9) < 0.05)
  }

  @Test func automaticWeightsMakeEveryClassCountTheSame() throws {
    var texts = [rated(0b00001, 1), rated(0b00001, 2), rated(0b11000, 3)]
    texts[0].knownIntents = 0b011
    texts[0].positiveIntents = 0b001
    texts[1].knownIntents = 0b001
    texts[2].knownIntents = 0b001
    texts[2].names = .init(allowed: [0b001, 0b001, 0b010], possible: 0b111)
    texts[2].aspects = [.init(pieces: 0..<1, polarity: 2)]
    var configuration = ModelConfiguration(
      name: "t", vocabularySize: 30, shape: Fixture.shape, opinionTypes: ["ASPECT"],
      nameTypes: ["PER"], intents: ["praise", "complaint", "question"])
    configuration.intentThresholds = [0.5, 0.5, 0.5]
    var settings = ClassWeightSettings()
    let plan = BatchPlan([(texts, 2)], batchTokens: 100, seed: 1)
    #expect(ClassWeights(settings, configuration, plan: plan) == ClassWeights())
    settings.sentiment = .auto
    settings.intents = .auto
    settings.names = .auto
    settings.polarity = .given(["neutral": 3])
    settings.opinions = .given(["outside": 0.5])
    let weights = ClassWeights(settings, configuration, plan: plan)
    // Of 6 labels, 4 are one star, and a half of 2 each of four and five stars: N / (K n).
    #expect(weights.sentiment == [0.5, 1, 1, 2, 2])
    // Praise is absent twice for once; of the others no presence is known.
    #expect(weights.intents == [2, 1, 1])
    #expect(weights.names == [0.75, 1.5, 1])
    #expect(weights.polarity == [1, 3, 1])
    #expect(weights.opinions == [0.5, 1, 1])
  }

  @Test func headWeightsScaleTheirHeadsGradientsAlone() throws {
    let texts = Fixture.texts(8, lengths: 3...9, seed: 41)
    let model = Fixture.model()
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 5)
    func gradients(_ headWeights: HeadWeights) -> ParameterBuffer {
      let goal = LabelObjective(shape: Fixture.shape, headWeights: headWeights)
      let gradients = ParameterBuffer(model.layout)
      let workspace = Workspace()
      _ = goal.addGradients(
        of: texts, units: goal.units(of: texts), random: SeededRandom(seed: 1), dropout: 0,
        model: model, weights: weights, gradients: gradients, workspace: workspace)
      return gradients
    }
    var heavy = HeadWeights()
    heavy.names = 4
    heavy.sentiment = 0
    let (plain, weighted) = (gradients(HeadWeights()), gradients(heavy))
    for slot in model.layout.slots {
      let (before, after) = (plain[slot].values, weighted[slot].values)
      switch slot.name.split(separator: ".")[0] {
      case "names": #expect(after == before.map { 4 * $0 }, "\(slot.name)")
      case "sentiment": #expect(after.allSatisfy { $0 == 0 }, "\(slot.name)")
      case "intents", "opinions": #expect(after == before, "\(slot.name)")
      case "encoder": #expect(after != before, "\(slot.name)")
      default: break
      }
    }
  }
}
