import Corpora
import Foundation
import Layers
import Models
import Tensors
import Testing
import Tokenization

@testable import Training

@Suite struct TrainerTests {
  /// Takes all steps; the sum of each step's losses.
  private func train(
    _ trainer: consuming Trainer
  ) throws -> [Double] {
    var losses: [Double] = []
    while let report = try trainer.next() {
      losses.append(report.losses.reduce(0) { $0 + $1.value })
    }
    return losses
  }

  /// A macro cannot call what mutates.
  private func next(_ trainer: inout Trainer) throws -> StepReport? { try trainer.next() }

  private func labelTrainer(
    _ weights: ParameterBuffer, _ model: TextModel, seed: UInt64, threads: Int,
    batchTokens: Int = 6_000, settings: String = "optimizer: adamw"
  ) throws -> Trainer {
    let texts = Fixture.texts(400, lengths: 1...60, seed: 31)
    return Trainer(
      model, weights: weights,
      plan: BatchPlan([(texts, 2)], batchTokens: batchTokens, seed: seed),
      objective: LabelObjective(shape: Fixture.shape, headWeights: HeadWeights()),
      settings: try Fixture.settings(
        "{learning_rate: 0.01, warmup: 0.3, \(settings)}"),
      seed: seed, workers: Workers(count: threads))
  }

  private func startWeights(_ model: TextModel) -> ParameterBuffer {
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 5)
    return weights
  }

  @Test func theFirstTenLossesAreTheStoredOnes() throws {
    // Made by this test on an AVX-512 machine with OpenBLAS 0.3.21.
    let stored = [
      11.202335, 11.498124, 11.072270, 11.049445, 10.529083, 10.597648, 10.517372, 10.109371,
      10.792787, 10.478283,
    ]
    let model = Fixture.model()
    let weights = startWeights(model)
    let losses = try train(
      labelTrainer(weights, model, seed: 9, threads: 2, batchTokens: 2_000))
    // Kernels of another CPU round sums in another order.
    let differences = zip(losses, stored).map { abs($0 - $1) / $1 }
    #expect(losses.count >= 10 && stored.count == 10)
    #expect(differences.allSatisfy { $0 < 1e-3 }, "losses \(losses.prefix(10).map { $0 })")
  }

  @Test(arguments: ["optimizer: adamw", "optimizer: muon, precision: bfloat16"])
  func theSameSeedGivesTheSameBitsWithAnyNumberOfThreads(settings: String) throws {
    let model = Fixture.model()
    func weights(seed: UInt64, threads: Int) throws -> [UInt32] {
      let weights = startWeights(model)
      _ = try train(
        labelTrainer(weights, model, seed: seed, threads: threads, settings: settings))
      return weights.all.values.map(\.bitPattern)
    }
    let one = try weights(seed: 1, threads: 1)
    #expect(try weights(seed: 1, threads: 1) == one)
    #expect(try weights(seed: 1, threads: 2) == one)
    #expect(try weights(seed: 1, threads: 8) == one)
    #expect(try weights(seed: 2, threads: 1) != one)
  }

  @Test(arguments: ["adamw", "muon"])
  func theEmbeddingStepsAtItsShareOfTheRate(optimizer: String) throws {
    let model = Fixture.model()
    func change(_ settings: String) throws -> (table: Float, others: [UInt32]) {
      let (before, after) = (startWeights(model), startWeights(model))
      var trainer = try labelTrainer(
        after, model, seed: 1, threads: 2,
        settings: "optimizer: \(optimizer), weight_decay: 0\(settings)")
      _ = try next(&trainer)
      let table = model.encoder.embedding.weight
      let steps = zip(after[table].values, before[table].values).map { abs($0 - $1) }
      let others = model.layout.slots.filter { $0 != table }
      return (
        steps.max() ?? 0, others.flatMap { after[$0].values.map(\.bitPattern) }
      )
    }
    let (whole, fifth, none) = (
      try change(""), try change(", embedding_rate: 0.2"), try change(", embedding_rate: 0")
    )
    #expect(whole.table > 0 && none.table == 0)
    #expect(abs(fifth.table / whole.table - 0.2) < 0.01)
    #expect(whole.others == fifth.others && whole.others == none.others)
  }

  @Test func muonStepsTheMatricesOfTheEncoderAlone() throws {
    let model = Fixture.model()
    func afterOneStep(_ settings: String) throws -> ParameterBuffer {
      let weights = startWeights(model)
      var trainer = try labelTrainer(weights, model, seed: 1, threads: 2, settings: settings)
      _ = try trainer.next()
      return weights
    }
    let adamW = try afterOneStep("optimizer: adamw")
    let muon = try afterOneStep("optimizer: muon")
    let changed = model.layout.slots.filter { adamW[$0].values != muon[$0].values }.map(\.name)
    let hidden = model.layout.slots.filter { $0.use != .table && $0.name.hasPrefix("encoder.") }
    #expect(changed == hidden.map(\.name) && hidden.count == 8, "\(changed)")
    // Factors of 8 bits give other gradients, but not very other ones: steps are of 0.01 at most,
    // here and there of the other sign.
    let rounded = try afterOneStep("optimizer: muon, precision: bfloat16")
    let differences = zip(rounded.all.values, muon.all.values).map { abs($0 - $1) }
    let mean = differences.reduce(0, +) / Float(differences.count)
    #expect(mean > 0 && mean < 0.001, "\(mean)")
  }

  @Test func pretrainingGivesTheSameBitsWithAnyNumberOfThreads() throws {
    let model = Fixture.model()
    func weights(threads: Int) throws -> [UInt32] {
      let weights = startWeights(model)
      _ = try train(
        Trainer(
          model, weights: weights,
          plan: BatchPlan(
            [(Fixture.texts(600, lengths: 4...16, seed: 32), 1)], batchTokens: 3_000, seed: 1),
          objective: MaskedLanguageObjective(
            maskProbability: 0.15, maskID: 3, vocabularySize: Fixture.vocabularySize),
          settings: try Fixture.settings("learning_rate: 0.01"), seed: 1,
          workers: Workers(count: threads)))
      return weights.all.values.map(\.bitPattern)
    }
    let one = try weights(threads: 1)
    #expect(try weights(threads: 2) == one)
    #expect(try weights(threads: 8) == one)
  }

  @Test func aTwoLayerModelOverfits32Reviews() throws {
    let tokenizer = try Fixture.sampleTokenizer()
    let shape = ModelShape(
      hiddenSize: 32, layerCount: 2, attentionHeadCount: 2, feedForwardSize: 64, windowSize: 64,
      windowOverlap: 16)
    let configuration = ModelConfiguration(
      name: "test", vocabularySize: tokenizer.vocabularySize, shape: shape)
    let encoder = LabelEncoder(configuration: configuration, tokenizer: tokenizer)
    let texts = try Fixture.samples().filter { $0.text.count >= 30 }
      .sorted { ($0.text.count, $0.id) < ($1.text.count, $1.id) }.prefix(32)
      .map { try #require(encoder.encode($0, corpus: "samples")).text }
    let goal = LabelObjective(shape: shape, headWeights: HeadWeights())
    // Every head of a model that is kept has something to learn.
    try #require(texts.count == 32 && goal.units(of: texts).prefix(5).allSatisfy { $0 >= 10 })

    let model = Fixture.model(shape, vocabularySize: tokenizer.vocabularySize)
    let weights = startWeights(model)
    let plan = BatchPlan([(texts, 70)], batchTokens: 400, seed: 1)
    var trainer = Trainer(
      model, weights: weights, plan: plan, objective: goal,
      settings: try Fixture.settings(
        "{learning_rate: 0.01, dropout: 0, weight_decay: 0, warmup: 0.1}"),
      seed: 1, workers: Workers(count: 2))
    while try trainer.next() != nil {}

    let gradients = ParameterBuffer(model.layout)
    let workspace = Workspace()
    let losses = goal.addGradients(
      of: texts, units: goal.units(of: texts), random: SeededRandom(seed: 1), dropout: 0,
      model: model, weights: weights, gradients: gradients, workspace: workspace)
    for (name, (loss, units)) in zip(goal.names, zip(losses, goal.units(of: texts)))
    where units > 0 {
      #expect(loss / units < 0.01, "\(name) still costs \(loss / units) after \(plan.count) steps")
    }
  }

  @Test func reportsSayWhatAStepDid() throws {
    let model = Fixture.model()
    let weights = startWeights(model)
    var text = TrainingText(corpus: "c", ids: [1, 2, 3])
    text.allowedStars = 1
    var trainer = Trainer(
      model, weights: weights, plan: BatchPlan([([text], 3)], batchTokens: 3, seed: 1),
      objective: LabelObjective(shape: Fixture.shape, headWeights: HeadWeights()),
      settings: try Fixture.settings("{learning_rate: 0.01, warmup: 0.4}"), seed: 1,
      workers: Workers(count: 1))
    let first = try #require(try next(&trainer))
    #expect(first.step == 1)
    #expect(first.steps == 3)
    #expect(first.tokens == 3)
    #expect(first.learningRate == 0.01)
    #expect(first.gradientNorm > 0)
    // Only the head that met a label; before any step no number of stars is far likelier.
    #expect(first.losses.map(\.name) == ["sentiment"])
    #expect(abs(first.losses[0].value - log(5)) < 1)
    let second = try next(&trainer)
    #expect(second?.step == 2)
    let last = try #require(try next(&trainer))
    // Two thirds of the way down: (1 + cos 120 degrees) / 2.
    #expect(abs(last.learningRate - 0.0025) < 1e-12)
    let end = try next(&trainer)
    #expect(end == nil)
  }

  @Test func aLargeGradientIsCutToTheClip() throws {
    // A clip above every norm changes nothing.
    let model = Fixture.model()
    func weights(clip: String) throws -> ([Float], norms: [Double]) {
      let weights = startWeights(model)
      var trainer = Trainer(
        model, weights: weights,
        plan: BatchPlan(
          [(Fixture.texts(40, lengths: 1...9, seed: 33), 1)], batchTokens: 50, seed: 1),
        objective: LabelObjective(shape: Fixture.shape, headWeights: HeadWeights()),
        settings: try Fixture.settings("{learning_rate: 0.01, gradient_clip: \(clip)}"), seed: 1,
        workers: Workers(count: 1))
      var norms: [Double] = []
      while let step = try trainer.next() { norms.append(step.gradientNorm) }
      return (weights.all.values, norms)
    }
    let free = try weights(clip: "1000")
    #expect(free.norms.allSatisfy { $0 < 1_000 })
    #expect(try weights(clip: "100000").0 == free.0)
    #expect(try weights(clip: "0.5").0 != free.0)
  }

  @Test func anAccumulatedStepIsTheStepOfOneLargeBatch() throws {
    let model = Fixture.model()
    func steps(tokens: Int, accumulation: Int) throws -> (weights: [Float], norms: [Double]) {
      let weights = startWeights(model)
      let settings = try Fixture.settings(
        "{learning_rate: 0.01, dropout: 0, batch_tokens: \(tokens),"
          + " gradient_accumulation: \(accumulation)}")
      // Texts of one length, so that four small batches are one large one.
      var trainer = Trainer(
        model, weights: weights,
        plan: BatchPlan(
          [(Fixture.texts(80, lengths: 5...5, seed: 33), 1)], batchTokens: settings.batchTokens,
          batchesPerStep: settings.gradientAccumulation, seed: 1),
        objective: LabelObjective(shape: Fixture.shape, headWeights: HeadWeights()),
        settings: settings, seed: 1, workers: Workers(count: 2))
      var norms: [Double] = []
      while let step = try trainer.next() { norms.append(step.gradientNorm) }
      return (weights.all.values, norms)
    }
    let large = try steps(tokens: 100, accumulation: 1)
    let small = try steps(tokens: 25, accumulation: 4)
    #expect(large.norms.count == 4)
    #expect(small.norms == large.norms)
    #expect(small.weights == large.weights)
    #expect(try steps(tokens: 25, accumulation: 1).norms.count == 16)
  }

  @Test func aStepThatIsNotFiniteLeavesTheWeightsAlone() throws {
    let model = Fixture.model()
    let weights = startWeights(model)
    var texts = [TrainingText(corpus: "a", row: "a:1", ids: [1, 2, 3])]
    texts.append(TrainingText(corpus: "b", row: "b:7", ids: [4, 5]))
    for index in texts.indices { texts[index].allowedStars = 1 }
    weights[model.encoder.embedding.weight][5, 0] = .infinity
    let before = weights.all.values.map(\.bitPattern)
    var trainer = Trainer(
      model, weights: weights, plan: BatchPlan(batches: [texts]),
      objective: LabelObjective(shape: Fixture.shape, headWeights: HeadWeights()),
      settings: try Fixture.settings("learning_rate: 0.01"), seed: 1, workers: Workers(count: 1))
    var failure: NonFiniteStep?
    do throws(NonFiniteStep) { _ = try trainer.next() } catch { failure = error }
    #expect(failure?.step == 1 && failure?.what == "loss")
    #expect(failure?.texts.map(\.row) == ["a:1", "b:7"])
    #expect(weights.all.values.map(\.bitPattern) == before)

    // A finite loss whose gradient is beyond what floats hold.
    weights.initialize(seed: 5)
    var huge = HeadWeights()
    huge.sentiment = 1e39
    var steep = Trainer(
      model, weights: weights, plan: BatchPlan(batches: [texts]),
      objective: LabelObjective(shape: Fixture.shape, headWeights: huge),
      settings: try Fixture.settings("learning_rate: 0.01"), seed: 1, workers: Workers(count: 1))
    do throws(NonFiniteStep) { _ = try steep.next() } catch { failure = error }
    #expect(failure?.what == "gradient")
  }

  @Test func aSteadyStateAsksForNoMemory() throws {
    let model = Fixture.model()
    let weights = startWeights(model)
    let texts = Fixture.texts(60, lengths: 20...40, seed: 51)
    let small = (0..<10).map { Array(texts.prefix(10 + 4 * $0)) }
    var trainer = Trainer(
      model, weights: weights, plan: BatchPlan(batches: [texts, texts] + small),
      objective: LabelObjective(shape: Fixture.shape, headWeights: HeadWeights()),
      settings: try Fixture.settings("learning_rate: 0.001"), seed: 1, workers: Workers(count: 2))
    for _ in 0..<2 { _ = try trainer.next() }
    let count = trainer.allocationCount
    #expect(count > 0)
    while try trainer.next() != nil {}
    // Other cuts into shards may still meet a larger one, once.
    #expect(trainer.allocationCount - count <= Batch.laneCount)
  }
}
