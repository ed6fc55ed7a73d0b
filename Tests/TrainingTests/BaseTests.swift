import Foundation
import Layers
import Models
import Tensors
import Testing
import Tokenization

@testable import Training

/// A pretrained encoder, and heads trained on it.
@Suite struct BaseTests {
  private static let base = """
    name: base
    seed: 3
    cards: cards
    tokenizer: {vocabulary_size: 1200, character_coverage: 0.98, corpora: [samples]}
    model: {hidden_size: 8, layer_count: 1, attention_head_count: 2, feed_forward_size: 12,
      window_size: 32, window_overlap: 8}
    pretrain:
      corpora: [{name: samples, passes: 1}]
      optimization: {batch_tokens: 1024, learning_rate: 0.01}
    """
  /// No step moves anything, so what the base brought is there to see.
  private static let heads = """
    name: heads
    seed: 4
    cards: cards
    from: base
    weights: F16
    finetune:
      corpora: [{name: samples, passes: 1}]
      optimization: {batch_tokens: 1024, learning_rate: 0}
    ngrams:
      corpora: [{name: samples, passes: 1}]
      sentiment_features: 256
      intent_features: 128
    calibration: {}
    """
  /// The samples with their stars alone, and without a development split.
  private static let cards = [
    "stars": "{files: {train: [./samples/reviews.jsonl]}, hash: {dev: 10}",
    "doubtful": "{files: {train: [./doubtful.jsonl]}, hash: {dev: 50}",
    "few": "{files: {train: [./samples/reviews.jsonl]}, hash: {dev: 5}",
    "undivided": "{files: {train: [./samples/reviews.jsonl]}",
  ].mapValues {
    $0 + ", language: mul, reader: {format: gloss-json}, labels: {given_stars: true}"
  }

  /// A folder that holds the base, as `base`.
  private func withBase<T>(_ body: (TrainingPlace) throws -> T) throws -> T {
    try TrainingPlace.with(recipe: Self.base) { place in
      guard case .trained = try place.run() else { throw CocoaError(.fileNoSuchFile) }
      let base = place.folder.appendingPathComponent("base")
      try FileManager.default.moveItem(atPath: place.model, toPath: base.path)
      return try body(place)
    }
  }

  /// A folder that holds the base and, as `heads`, heads on it.
  private func withHeads(_ body: (TrainingPlace, _ heads: URL) throws -> Void) throws {
    try withBase { place in
      try write(Self.heads, place)
      _ = try place.run()
      let heads = place.folder.appendingPathComponent("heads")
      try FileManager.default.moveItem(atPath: place.model, toPath: heads.path)
      try body(place, heads)
    }
  }

  private func write(_ recipe: String, _ place: TrainingPlace) throws {
    try Data(recipe.utf8).write(to: URL(fileURLWithPath: place.recipePath))
  }

  @Test func headsBeginWithTheEncoderOfTheirBase() throws {
    try withBase { place in
      try write(Self.heads, place)
      _ = try place.run()
      let base = try ModelFolder.load(place.folder.appendingPathComponent("base").path)
      let model = try ModelFolder.load(place.model)
      #expect(base.configuration.isBase && base.configuration.intents.isEmpty)
      #expect(!model.configuration.isBase && !model.configuration.intents.isEmpty)
      #expect(model.tokenizer.modelData == base.tokenizer.modelData)
      #expect(model.configuration.shape == base.configuration.shape)
      let slots = Dictionary(uniqueKeysWithValues: model.model.layout.slots.map { ($0.name, $0) })
      for slot in base.model.layout.slots
      where slot.name.hasPrefix("encoder.") || slot.name == "pretraining.vocabulary_bias" {
        let taken = model.weights[try #require(slots[slot.name])].values
        // As near as sixteen bits come.
        #expect(taken == base.weights[slot].values.map { Float(Float16($0)) }, "\(slot.name)")
      }
      #expect(model.ngrams["sentiment"]?.features.count == 256)
      #expect(model.ngrams["intents"]?.labelCount == model.configuration.intents.count)
      #expect(model.ngrams.values.allSatisfy { $0.weights.contains { $0 != 0 } })
    }
  }

  @Test func addedLayersAddNothingUntilTheyLearn() throws {
    try withBase { place in
      try write(
        """
        name: deeper
        seed: 4
        cards: cards
        from: base
        added_layers: 2
        pretrain:
          corpora: [{name: samples, passes: 1}]
          optimization: {batch_tokens: 1024, learning_rate: 0}
        """, place)
      _ = try place.run()
      let base = try ModelFolder.load(place.folder.appendingPathComponent("base").path)
      let deeper = try ModelFolder.load(place.model)
      #expect(base.configuration.shape.layerCount == 1)
      #expect(deeper.configuration.shape.layerCount == 3)
      let workspace = Workspace()
      let states = [base, deeper].map { loaded in
        let batch = TextBatch([[7, 8, 9, 10], [11, 12]], shape: loaded.configuration.shape)
        let packed = PackedParameters(loaded.weights)
        return loaded.model.hiddenStates(batch, packed, workspace).values
      }
      #expect(states[0] == states[1] && states[0].contains { $0 != 0 })
      // What they add nothing with is zero, all else a copy, which then learns.
      let slots = Dictionary(uniqueKeysWithValues: deeper.model.layout.slots.map { ($0.name, $0) })
      let output = try #require(slots["encoder.2.attention.output.weight"])
      let input = try #require(slots["encoder.2.attention.input.weight"])
      #expect(deeper.weights[output].values.allSatisfy { $0 == 0 })
      #expect(deeper.weights[input].values.contains { $0 != 0 })
      try write(Self.base + "\nadded_layers: 1\n", place)
      #expect(
        try place.problem(resuming: false).hasPrefix("recipe.yaml: from: is missing"))
    }
  }

  @Test func aRunMayBeginWithTheMeanOfModels() throws {
    try withBase { place in
      // One that went on from the base, so that both read the same pieces.
      let stages = "pretrain:\n" + Self.base.components(separatedBy: "pretrain:\n")[1]
      let going = "name: other\nseed: 5\ncards: cards\nfrom: base\n"
      let folder = place.folder.appendingPathComponent("other").path
      try write(going + stages, place)
      _ = try place.run()
      try FileManager.default.moveItem(atPath: place.model, toPath: folder)
      let models = try ["base", "other"].map {
        try ModelFolder.load(place.folder.appendingPathComponent($0).path)
      }
      // Without any stage it is an encoder again.
      try write("name: mean\nseed: 6\ncards: cards\nfrom: [base, other]\n", place)
      _ = try place.run()
      let mean = try ModelFolder.load(place.model)
      #expect(mean.configuration.isBase && mean.configuration.name == "mean")
      let values = models.map(\.weights.all.values)
      #expect(values[0] != values[1])
      #expect(
        zip(mean.weights.all.values, zip(values[0], values[1])).allSatisfy {
          abs($0 - ($1.0 + $1.1) / 2) < 1e-6
        })
      try FileManager.default.removeItem(atPath: place.model)

      try write(Self.heads.replacing("from: base", with: "from: [base, other]"), place)
      _ = try place.run()
      let heads = try ModelFolder.load(place.model)
      let slot = heads.model.encoder.embedding.weight
      let expected = mean.weights[mean.model.encoder.embedding.weight].values
      #expect(
        zip(heads.weights[slot].values, expected).allSatisfy { abs($0 - $1) < 1e-3 })
      try FileManager.default.removeItem(atPath: place.model)

      try write(going + "added_layers: 1\n" + stages, place)
      _ = try place.run()
      try FileManager.default.removeItem(atPath: folder)
      try FileManager.default.moveItem(atPath: place.model, toPath: folder)
      try write("name: mean\nseed: 6\ncards: cards\nfrom: [base, other]\n", place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: from: other has another architecture or tokenizer, or other labels, than"
          + " base; name models of one kind")
      try write("name: mean\nseed: 6\ncards: cards\nfrom: base\n", place)
      #expect(throws: TrainingError.self) { try Recipe.load(place.recipePath) }
    }
  }

  @Test func whatTheBaseBringsCannotBeGivenBeside() throws {
    try withBase { place in
      try write(
        Self.heads + "\ntokenizer: {vocabulary_size: 1200, corpora: [samples]}\n", place)
      let problem = try place.problem(resuming: false)
      #expect(
        problem == "recipe.yaml: tokenizer: stands beside from, which brings its own;"
          + " leave one of the two out")
    }
  }

  @Test func withoutABaseARecipeNeedsThem() throws {
    let recipe = Self.heads.replacingOccurrences(of: "from: base\n", with: "")
    let problem = try TrainingPlace.with(recipe: recipe) { try $0.problem(resuming: false) }
    #expect(
      problem == "recipe.yaml: tokenizer: is missing; give it, or a model to begin with (from)")
  }

  @Test func aRecipeWithoutStepsKeepsTheHeads() throws {
    try withHeads { place, heads in
      try write(
        """
        name: calibrated
        seed: 5
        cards: cards
        from: heads
        weights: F16
        calibration: {unseen: [samples]}
        """, place)
      _ = try place.run()
      let before = try ModelFolder.load(heads.path)
      let after = try ModelFolder.load(place.model)
      #expect(after.configuration.name == "calibrated")
      #expect(after.weights.all.values == before.weights.all.values)
      #expect(after.ngrams == before.ngrams && !after.ngrams.isEmpty)
      #expect(
        Set(after.configuration.calibration.keys).isSuperset(of: [
          "sentiment", "intents", "entities",
        ]))
      // The samples have spans of both layers.
      #expect(Set(after.configuration.outsideWeights.keys) == ["opinion", "name"])
    }
  }

  @Test func headsMayGoOnWithTheirLabels() throws {
    try withHeads { place, heads in
      let first = try ModelFolder.load(heads.path)
      let new = Self.heads.replacing("from: base", with: "from: heads")
        .replacing("seed: 4", with: "seed: 5")
      let kept = new.replacing("finetune:\n", with: "finetune:\n  keep_heads: true\n")
      let sentiment = try #require(
        first.model.layout.slots.first { $0.name == "sentiment.output.weight" })

      try write(new, place)
      _ = try place.run()
      // Named, for a matrix does not keep its model.
      let anew = try ModelFolder.load(place.model)
      #expect(anew.weights[sentiment].values != first.weights[sentiment].values)
      try FileManager.default.removeItem(atPath: place.model)
      try write(kept, place)
      _ = try place.run()
      // The rate is zero: what is kept is there to see.
      let same = try ModelFolder.load(place.model)
      #expect(same.weights.all.values == first.weights.all.values)
      try FileManager.default.removeItem(atPath: place.model)

      try write(
        kept.replacing("  keep_heads", with: "  head_weights: {names: 0}\n  keep_heads"), place)
      let types = first.configuration.nameTypes
      #expect(!types.isEmpty)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: keep_heads: the model of from and the corpora of finetune do not share"
          + " the labels \(types.joined(separator: ", ")); name corpora that show the same, or leave"
          + " it out")
      try write(kept.replacing("from: heads", with: "from: base"), place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: keep_heads: there are none to keep; name a model with heads (from), or"
          + " leave it out")

      // Matrices of the same sizes, but read in other windows.
      var windows = first.configuration
      windows.shape.windowSize /= 2
      windows.shape.windowOverlap /= 2
      let short = place.folder.appendingPathComponent("short").path
      try ModelFolder.save(
        LoadedModel(configuration: windows, tokenizer: first.tokenizer, seed: 1), to: short)
      try write("name: mean\nseed: 6\ncards: cards\nfrom: [heads, short]\n", place)
      #expect(
        try place.problem(resuming: false).hasPrefix(
          "recipe.yaml: from: short has another architecture or tokenizer, or other labels, than heads"
        ))

      // As many labels, but others: their mean would be of neither.
      var other = first
      other.configuration.intents.swapAt(0, 1)
      let folder = place.folder.appendingPathComponent("other").path
      try ModelFolder.save(other, to: folder)
      try write("name: mean\nseed: 6\ncards: cards\nfrom: [heads, other]\n", place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: from: other has another architecture or tokenizer, or other labels, than"
          + " heads; name models of one kind")
    }
  }

  @Test func calibrationKeepsWhatItsTextsDoNotLabel() throws {
    try withHeads { place, heads in
      for (name, card) in Self.cards {
        try Data("\(card), name: \(name)}".utf8).write(
          to: place.folder.appendingPathComponent("cards/\(name).yaml"))
      }
      // Nobody could tell them apart.
      let rows = (0..<100).map { number in
        "{\"text\":\"The lamp \(number)\",\"stars\":\(number % 2 == 0 ? 1 : 5)}\n"
      }
      try Data(rows.joined().utf8).write(
        to: place.folder.appendingPathComponent("cards/doubtful.jsonl"))
      let recipe =
        "name: x\nseed: 5\ncards: cards\nfrom: heads\ncalibration: {corpora: [doubtful]}\n"
      try write(recipe, place)
      _ = try place.run()
      let before = try ModelFolder.load(heads.path).configuration
      let after = try ModelFolder.load(place.model).configuration
      #expect(before.calibration(of: "intents") != HeadCalibration())
      #expect(after.calibration["sentiment"] != before.calibration["sentiment"])
      #expect(after.calibration["intents"] == before.calibration["intents"])
      #expect(after.calibration["entities"] == before.calibration["entities"])
      #expect(after.intentThresholds == before.intentThresholds)
      #expect(after.entityThreshold == before.entityThreshold)
      #expect(after.outsideWeights == before.outsideWeights)

      // The same weights, calibrated alike but for one threshold, are another model.
      var other = try ModelFolder.load(place.model)
      let folder = place.folder.appendingPathComponent("other").path
      #expect(try ModelFolder.save(other, to: folder).identifier == after.identifier)
      other.configuration.entityThreshold += 0.01
      #expect(try ModelFolder.save(other, to: folder).identifier != after.identifier)

      // Fewer than twenty texts take nothing away either.
      try FileManager.default.removeItem(atPath: place.model)
      try write(recipe.replacing("[doubtful]", with: "[few]"), place)
      _ = try place.run()
      #expect(
        try ModelFolder.load(place.model).configuration.calibration["sentiment"]
          == before.calibration["sentiment"])

      // A linear part of one head leaves the other's; these texts have no dev split, and need none.
      try FileManager.default.removeItem(atPath: place.model)
      try write(
        recipe + "ngrams: {corpora: [{name: undivided, passes: 1}], sentiment_features: 64}\n",
        place)
      _ = try place.run()
      let linear = try ModelFolder.load(place.model).ngrams
      #expect(linear["sentiment"]?.features.count == 64)
      #expect(try linear["intents"] == ModelFolder.load(heads.path).ngrams["intents"])

      try FileManager.default.removeItem(atPath: place.model)
      try write(recipe.replacing("[doubtful]", with: "[undivided]"), place)
      let problem = try place.problem(resuming: false)
      #expect(
        problem
          == "recipe.yaml: calibration: none of its corpora has a dev split with rows; split one on"
          + " its card, as in hash: {dev: 10}")
    }
  }

  @Test func labelsThatNoStepLearnsAreNotKnown() throws {
    try withBase { place in
      try write(
        Self.heads.replacing(
          "  optimization: {batch_tokens: 1024, learning_rate: 0}",
          with: "  head_weights: {names: 0}\n  optimization: {batch_tokens: 1024, learning_rate: 0}"
        ),
        place)
      _ = try place.run()
      let configuration = try ModelFolder.load(place.model).configuration
      #expect(configuration.nameTypes.isEmpty && !configuration.opinionTypes.isEmpty)
      #expect(!configuration.knows("PER", in: "en") && configuration.knows("ASPECT", in: "en"))
    }
  }

  @Test func aBaseThatChangedIsNotGoneOnWith() throws {
    try withBase { place in
      try write(Self.heads, place)
      _ = try place.run(stopAfter: 1)
      let base = place.folder.appendingPathComponent("base")
      try FileManager.default.removeItem(at: base)
      let other = place.folder.appendingPathComponent("other.yaml").path
      try Data(Self.base.replacing("seed: 3", with: "seed: 8").utf8)
        .write(to: URL(fileURLWithPath: other))
      _ = try TrainingRun(
        recipe: try Recipe.load(other), data: nil, threads: 2
      ).run(to: base.path) { _ in }
      let problem = try place.problem(resuming: true)
      #expect(
        problem
          == "model/checkpoints: a model that the run began with has changed since; restore it,"
          + " or remove that folder to train from the beginning")
    }
  }

  @Test func aBaseHasNoHeadsToKeep() throws {
    let problem = try withBase { place in
      try write(
        "name: x\nseed: 5\ncards: cards\nfrom: base\ncalibration: {corpora: [samples]}\n", place)
      return try place.problem(resuming: false)
    }
    #expect(
      problem == "recipe.yaml: finetune: is missing; give it, or a model with heads (from)")
  }

  @Test func corporaOfOtherLicencesAreNotRead() throws {
    // The samples are CC0.
    let open = Self.base + "\nlicences: [CC BY, CC0]\n"
    let trained = try TrainingPlace.with(recipe: open) { place in
      _ = try place.run()
      return try ModelFolder.load(place.model).configuration.name
    }
    #expect(trained == "base")
    let closed = Self.base + "\nlicences: [CC BY]\n"
    let problem = try TrainingPlace.with(recipe: closed) { try $0.problem(resuming: false) }
    #expect(
      problem == "recipe.yaml: licences: no corpus of the recipe has one of CC BY; its card says"
        + " which it has")
  }
}
