import Layers
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

/// Gloss beside the same model made of PyTorch's own modules, which computed in double precision:
/// see `training/reference`.
@Suite struct ReferenceTests {
  /// Of logits, losses and norms, relative to the largest: floats through a dozen layers.
  static let tolerance = 1e-5
  /// Of each parameter's gradient, and of each parameter after ten steps.
  static let gradientTolerance = 1e-4

  private let labels: ReferenceFixture<ReferenceLabels>
  private let masked: ReferenceFixture<ReferenceMasks>
  private let model: TextModel
  private let weights: ParameterBuffer

  init() throws {
    labels = try ReferenceFixture("labels")
    masked = try ReferenceFixture("masked")
    model = Fixture.model(labels.inputs.shape, vocabularySize: labels.inputs.vocabularySize)
    weights = try labels.parameters("weights", of: model)
  }

  private var texts: [TrainingText] { labels.inputs.texts.map(\.trainingText) }

  private var objective: LabelObjective {
    LabelObjective(shape: labels.inputs.shape, headWeights: labels.inputs.headWeights)
  }

  private func relativeDifference(_ value: Double, _ reference: Double) -> Double {
    abs(value - reference) / abs(reference)
  }

  /// Compares the values of every parameter with those of a group.
  private func check(
    _ parameters: ParameterBuffer, are group: String, of fixture: ReferenceFixture<some Decodable>
  ) throws {
    for slot in model.layout.slots {
      let difference = TestSupport.relativeDifference(
        parameters[slot].values, try fixture.values("\(group)/\(slot.name)"))
      #expect(difference < Self.gradientTolerance, "\(group) of \(slot.name)")
    }
  }

  @Test func theTwinHasTheSameParameters() {
    let shapes = Dictionary(uniqueKeysWithValues: model.layout.slots.map { ($0.name, $0.shape) })
    for group in ["weights", "gradients", "stepped"] {
      #expect(labels.shapes(of: group) == shapes)
    }
    #expect(masked.shapes(of: "gradients") == shapes)
    #expect(weights.all.values.allSatisfy { $0 != 0 })
  }

  /// Logits of hidden states that came about in one of two ways.
  private func checkLogits(_ hidden: Matrix, _ batch: TextBatch, _ workspace: Workspace) throws {
    let spans = zip(texts, batch.textRows).flatMap { text, rows in
      text.aspects.map {
        rows.lowerBound + $0.pieces.lowerBound..<rows.lowerBound + $0.pieces.upperBound
      }
    }
    let weights = PackedParameters(weights)
    let logits = [
      ("sentiment", model.sentiment(hidden, groups: batch.textRows, weights, workspace)),
      ("intents", model.intents(hidden, groups: batch.textRows, weights, workspace)),
      ("opinions", model.opinionTags(hidden, weights, workspace)),
      ("names", model.nameTags(hidden, weights, workspace)),
      ("polarity", model.polarity(hidden, groups: spans, weights, workspace)),
    ]
    for (name, logits) in logits {
      let difference = TestSupport.relativeDifference(
        logits.values, try labels.values("logits/\(name)"))
      #expect(difference < Self.tolerance, "\(name)")
    }
  }

  @Test func logitsOfAllHeadsAgree() throws {
    let workspace = Workspace()
    let batch = TextBatch(texts.map(\.ids), shape: labels.inputs.shape)
    let counts = texts.map {
      TextWindow.windows(of: $0.ids.count, shape: labels.inputs.shape).count
    }
    #expect(counts == [1, 1, 1, 2, 4, 1, 1, 3, 4])
    // As in training, and as in inference.
    let windows = model.encoder.forward(
      batch.ids, lengths: batch.windowLengths, dropout: .none, weights, workspace
    ).output
    try checkLogits(batch.stitched(windows, workspace), batch, workspace)
    try checkLogits(
      model.hiddenStates(batch, PackedParameters(weights), workspace), batch, workspace)
  }

  @Test func lossesAndGradientsOfTheLabelsAgree() throws {
    let gradients = ParameterBuffer(model.layout)
    let units = objective.units(of: texts)
    let losses = objective.addGradients(
      of: texts, units: units, random: SeededRandom(seed: 1), dropout: 0, model: model,
      weights: weights, gradients: gradients, workspace: Workspace())
    for (part, (loss, units)) in zip(objective.names, zip(losses, units)) {
      if part == "corpus intents" {
        // The reference has no such head, and its texts no such label.
        #expect(units == 0 && loss == 0)
        continue
      }
      #expect(labels.inputs.units[part] == units, "\(part)")
      let reference = try #require(labels.inputs.losses[part])
      #expect(relativeDifference(loss, reference) < Self.tolerance, "\(part)")
    }
    try check(gradients, are: "gradients", of: labels)
  }

  @Test func logitsOfThePiecesAgree() throws {
    let workspace = Workspace()
    let texts = masked.inputs
    let hidden = model.encoder.forward(
      texts.ids, lengths: texts.lengths, dropout: .none, weights, workspace
    ).output
    let chosen = workspace.matrix(rows: texts.positions.count, columns: hidden.columns)
    Kernels.gatherRows(texts.positions, of: hidden, into: chosen)
    let logits = model.vocabularyLogits(of: chosen, workspace) { weights[$0] }
    let difference = TestSupport.relativeDifference(
      logits.values, try masked.values("logits/vocabulary"))
    #expect(difference < Self.tolerance)
  }

  @Test func lossAndGradientsOfTheMaskedPiecesAgree() throws {
    let texts = masked.inputs
    let gradients = ParameterBuffer(model.layout)
    let objective = MaskedLanguageObjective(
      maskProbability: 0.15, maskID: 3, vocabularySize: labels.inputs.vocabularySize)
    let losses = objective.addGradients(
      of: .init(
        ids: texts.ids, lengths: texts.lengths, positions: texts.positions,
        targets: texts.targets),
      units: [texts.units], dropout: .none, model: model, weights: weights, gradients: gradients,
      workspace: Workspace())
    let loss = try #require(losses.first)
    #expect(relativeDifference(loss, texts.loss) < Self.tolerance)
    try check(gradients, are: "gradients", of: masked)
  }

  @Test func tenStepsAgree() throws {
    let inputs = labels.inputs
    let batches = inputs.batches.map { $0.map(\.trainingText) }
    // The gradients of several shards are added up.
    #expect(batches.contains { Batch($0).lanes.count { !$0.isEmpty } > 1 })
    let norms = inputs.steps.map(\.gradientNorm)
    #expect(norms.contains { $0 > inputs.settings.gradientClip })
    #expect(norms.contains { $0 < inputs.settings.gradientClip })

    var trainer = Trainer(
      model, weights: weights, plan: BatchPlan(batches: batches), objective: objective,
      settings: inputs.settings, seed: 1, workers: Workers(count: 2))
    for reference in inputs.steps {
      let next = try trainer.next()
      let report = try #require(next)
      #expect(Set(report.losses.map(\.name)) == Set(reference.losses.keys))
      for (part, loss) in report.losses {
        let difference = relativeDifference(loss, reference.losses[part] ?? .nan)
        #expect(difference < Self.tolerance, "\(part) of step \(report.step)")
      }
      let norm = relativeDifference(report.gradientNorm, reference.gradientNorm)
      #expect(norm < Self.gradientTolerance, "norm of step \(report.step)")
      let rate = relativeDifference(report.learningRate, reference.learningRate)
      // The same formula in doubles, stored with twelve digits.
      #expect(rate < 1e-11, "learning rate of step \(report.step)")
    }
    let beyond = try trainer.next()
    #expect(beyond == nil)
    try check(weights, are: "stepped", of: labels)
  }
}
