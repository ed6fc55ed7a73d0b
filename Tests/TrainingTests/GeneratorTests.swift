import Foundation
import Layers
import Models
import Tensors
import Testing

@testable import Training

/// A model that replaces pieces in pretraining.
@Suite struct GeneratorTests {
  private let model = Fixture.model()
  private let weights: ParameterBuffer

  init() {
    weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 5)
    // Some pieces are likelier than others.
    var random = SeededRandom(seed: 6)
    weights[model.vocabularyBias].copy(
      from: (0..<Fixture.vocabularySize).map { _ in Float(2 * random.nextNormal()) })
  }

  private var generator: Generator { Generator(model, PackedParameters(weights), maskID: 3) }

  @Test func piecesAreDrawnAsLikelyAsTheModelSays() {
    let ids: [Int32] = [10, 11, 12, 13, 14, 15]
    let workspace = Workspace()
    var random = SeededRandom(seed: 1)
    var counts = Array(repeating: Array(repeating: 0.0, count: Fixture.vocabularySize), count: 2)
    let (generator, draws) = (generator, 4_000)
    for _ in 0..<draws {
      let pieces = generator.pieces(at: [1, 4], of: ids, lengths: [4, 2], &random, workspace)
      for (position, piece) in pieces.enumerated() { counts[position][Int(piece)] += 1 }
    }
    // What the model says where both are hidden.
    let (states, _) = model.encoder.forward(
      [10, 3, 12, 13, 3, 15], lengths: [4, 2], dropout: .none, weights, workspace)
    let chosen = workspace.matrix(rows: 2, columns: states.columns)
    Kernels.gatherRows([1, 4], of: states, into: chosen)
    let logits = model.vocabularyLogits(of: chosen, workspace) { weights[$0] }
    Kernels.softmax(logits)
    for position in 0..<2 {
      for piece in 0..<Fixture.vocabularySize {
        let expected = Double(logits[position, piece])
        let deviation = (expected * (1 - expected) / Double(draws)).squareRoot()
        let found = counts[position][piece] / Double(draws)
        #expect(abs(found - expected) < 5 * deviation + 1e-3, "\(position), piece \(piece)")
      }
    }
    #expect(logits.values.contains { $0 > 0.05 })
  }

  private func settings(share: Double, weight: Double) -> GeneratorSettings {
    GeneratorSettings(model: "", share: share, weight: weight)
  }

  @Test func detectionGradientsAreTheSlopesOfTheLoss() {
    let goal = MaskedLanguageObjective(
      maskProbability: 0.4, maskID: 3, vocabularySize: Fixture.vocabularySize,
      detection: (generator, settings(share: 0.5, weight: 3)))
    ObjectiveTests.check(
      GradientCheck(
        objective: goal, model: Fixture.model(detectsReplacements: true),
        shard: Fixture.texts(6, lengths: 4...16, seed: 14), seed: 22, partWeights: [1, 3]),
      withoutGradient: ["sentiment.", "intents.", "opinions.", "names."])
  }

  /// Makes the generator sure of one piece, whatever was written.
  private func guess(_ piece: Int) {
    weights[model.vocabularyBias].fill(0)
    weights[model.vocabularyBias][0, piece] = 100
  }

  /// What detecting replacements costs a model that says `logit` of every piece, summed over `texts`.
  private func detectionLoss(
    _ goal: MaskedLanguageObjective, _ texts: [[Int32]], logit: Float
  ) throws -> Double {
    let trained = Fixture.model(detectsReplacements: true)
    let head = try #require(trained.replacedPieces)
    let start = ParameterBuffer(trained.layout)
    start.initialize(seed: 9)
    start[head.weight].fill(0)
    start[try #require(head.bias)].fill(logit)
    return goal.addGradients(
      of: texts.map { TrainingText(corpus: "", ids: $0) }, units: [1, 1],
      random: SeededRandom(seed: 2), dropout: 0, model: trained, weights: start,
      gradients: ParameterBuffer(trained.layout), workspace: Workspace())[1]
  }

  @Test func onlyWrongGuessesAreReplacements() throws {
    guess(7)
    let goal = MaskedLanguageObjective(
      maskProbability: 0.5, maskID: 3, vocabularySize: Fixture.vocabularySize,
      detection: (generator, settings(share: 1, weight: 1)))
    /// How many pieces of a text a model that takes every piece for a replacement, or none, is wrong
    /// about: each mistake costs 20.
    func mistakes(in ids: [Int32], allAreReplaced: Bool) throws -> Double {
      (try detectionLoss(goal, [ids], logit: allAreReplaced ? 20 : -20) / 20).rounded()
    }
    let nines = Array(repeating: Int32(9), count: 16)
    let replaced = try mistakes(in: nines, allAreReplaced: false)
    #expect(replaced > 3 && replaced < 13)
    #expect(try mistakes(in: nines, allAreReplaced: true) == 16 - replaced)
    // A right guess changes nothing.
    #expect(try mistakes(in: nines.map { _ in 7 }, allAreReplaced: false) == 0)
  }

  @Test func hiddenPiecesAreNotAsked() throws {
    // Every text is the piece that the generator is sure of, so that nothing is replaced.
    guess(7)
    let goal = MaskedLanguageObjective(
      maskProbability: 0.9, maskID: 3, vocabularySize: Fixture.vocabularySize,
      detection: (generator, settings(share: 0.5, weight: 1)))
    let texts = Array(repeating: Array(repeating: Int32(7), count: 16), count: 20)
    let units = goal.units(of: texts.map { TrainingText(corpus: "", ids: $0) })
    #expect(units.map { ($0 * 10).rounded() } == [2_880, 1_760])
    // Each piece that is asked costs 20: 320 less the hidden ones, about 144.
    #expect(abs(try detectionLoss(goal, texts, logit: 20) / 20 - 176) < 40)
  }

  /// The recipe of `TrainingPlace` without heads, and one that goes on from what it trains.
  private static let pretraining =
    TrainingPlace.recipe.components(separatedBy: "finetune:")[0]
  private static let going = """
    name: detector
    seed: 4
    cards: cards
    from: generator
    pretrain:
      corpora: [{name: samples, passes: 1}]
      generator: {model: generator, share: 0.6, weight: 5}
      optimization: {batch_tokens: 1024, learning_rate: 0.01}
    """

  /// A folder with an encoder, as `generator`, and a recipe that goes on from it.
  private func withGenerator<T>(_ body: (TrainingPlace) throws -> T) throws -> T {
    try TrainingPlace.with { place in
      try write(Self.pretraining, place)
      _ = try place.run()
      try FileManager.default.moveItem(atPath: place.model, toPath: generatorFolder(place))
      try write(Self.going, place)
      return try body(place)
    }
  }

  private func generatorFolder(_ place: TrainingPlace) -> String {
    place.folder.appendingPathComponent("generator").path
  }

  private func write(_ recipe: String, _ place: TrainingPlace) throws {
    try Data(recipe.utf8).write(to: place.folder.appendingPathComponent("recipe.yaml"))
  }

  @Test func aRunWithAGeneratorEndsAsAnEncoder() throws {
    try withGenerator { place in
      _ = try place.run()
      let whole = try place.files()
      let trained = try ModelFolder.load(place.model)
      #expect(trained.configuration.isBase)
      #expect(trained.model.layout.slots.allSatisfy { !$0.name.hasPrefix("replaced") })
      try FileManager.default.removeItem(atPath: place.model)

      _ = try place.run(stopAfter: 2)
      _ = try place.run(resuming: true)
      #expect(try place.files() == whole)
      try FileManager.default.removeItem(atPath: place.model)

      // Without the generator the same recipe ends elsewhere.
      let alone = Self.going.split(separator: "\n").filter { !$0.contains("generator: {") }
      try write(alone.joined(separator: "\n"), place)
      _ = try place.run()
      #expect(try place.files()["model.safetensors"] != whole["model.safetensors"])
    }
  }

  @Test func aRunGoesOnWithItsOwnGeneratorAlone() throws {
    try withGenerator { place in
      // It begins with another model, so that only the generator changes.
      let base = place.folder.appendingPathComponent("base").path
      try FileManager.default.copyItem(atPath: generatorFolder(place), toPath: base)
      try write(Self.going.replacing("from: generator", with: "from: base"), place)
      _ = try place.run(stopAfter: 2)
      let other = try ModelFolder.load(base)
      other.weights[other.model.vocabularyBias].fill(1)
      _ = try ModelFolder.save(other, to: generatorFolder(place))
      #expect(
        try place.problem(resuming: true)
          == "model/checkpoints: a model that the run began with has changed since;"
          + " restore it, or remove that folder to train from the beginning")
    }
  }

  @Test func aGeneratorReadsTheSamePieces() throws {
    try withGenerator { place in
      try write(
        Self.pretraining.replacing("vocabulary_size: 1200", with: "vocabulary_size: 1100")
          .replacing(
            "pretrain:\n", with: "pretrain:\n  generator: {model: generator}\n"), place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: generator: generator has another tokenizer than the model that is"
          + " trained; name one that shares it, such as the model of from")
      // One that reads shorter windows, and one with heads.
      try write(
        Self.pretraining.replacing("window_size: 32", with: "window_size: 64")
          .replacing("pretrain:\n", with: "pretrain:\n  generator: {model: generator}\n"), place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: generator: generator reads windows of 32 pieces, the model that is trained"
          + " 64; name one that reads as many")
      var other = try ModelFolder.load(generatorFolder(place))
      other.configuration.isBase = false
      _ = try ModelFolder.save(other, to: generatorFolder(place))
      try write(Self.going, place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: generator: generator has heads, for which it forgot pieces; name the"
          + " encoder that it began with")
      try FileManager.default.removeItem(atPath: generatorFolder(place))
      try write(
        Self.pretraining.replacing(
          "pretrain:\n", with: "pretrain:\n  generator: {model: generator}\n"), place)
      #expect(
        try place.problem(resuming: false).hasPrefix("recipe.yaml: generator: generator"))
    }
  }
}
