import Foundation
import Models
import TestSupport
import Testing

@testable import Training

@Suite struct RecipeTests {
  private static let full = """
    name: gloss-test
    seed: 18446744073709551615
    cards: ../corpora
    tokenizer:
      vocabulary_size: 8000
      character_coverage: 0.999
      text_limit: 500
      corpora: [two, one]
    model:
      hidden_size: 64
      layer_count: 3
      attention_head_count: 4
      feed_forward_size: 160
      window_size: 128
      window_overlap: 32
    pretrain:
      corpora:
        - {name: four, passes: 1.5}
        - {name: two}
      mask_probability: 0.2
      optimization:
        batch_tokens: 4096
        learning_rate: 0.001
        warmup: 0.1
        weight_decay: 0.05
        dropout: 0.2
        gradient_clip: 0.5
    finetune:
      corpora:
        - {name: three, passes: 2}
      head_weights:
        sentiment: 2
        polarity: 0
      piece_dropout: 0.05
      optimization:
        learning_rate: 0.0005
    """

  @Test func aRecipeThatIsNotUTF8IsRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/recipe.yaml"
      try Data("name: caf\u{E9}\n".unicodeScalars.map { UInt8($0.value) })
        .write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: TrainingError.self) { try Recipe.load(path) }
      #expect(
        error?.description == "\(path): not valid UTF-8; convert the file to UTF-8")
    }
  }

  private func load(_ yaml: String) throws -> Recipe {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("recipe.yaml").path
      try Data(yaml.utf8).write(to: URL(fileURLWithPath: path))
      do throws(TrainingError) {
        return try Recipe.load(path)
      } catch {
        throw TrainingError.input(
          error.description.replacingOccurrences(of: folder.path + "/", with: ""))
      }
    }
  }

  /// The error line of the full recipe with one change.
  private func problem(_ text: String, becomes changed: String) -> String {
    guard Self.full.contains(text) else { return "the recipe has no '\(text)'" }
    do {
      _ = try load(Self.full.replacingOccurrences(of: text, with: changed))
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func readsEveryKey() throws {
    let recipe = try load(Self.full)
    #expect(recipe.name == "gloss-test")
    #expect(recipe.seed == .max)
    #expect(recipe.cards == "../corpora")
    #expect(recipe.tokenizer?.vocabularySize == 8_000)
    #expect(recipe.tokenizer?.characterCoverage == 0.999)
    #expect(recipe.tokenizer?.textLimit == 500)
    #expect(recipe.tokenizer?.corpora == ["two", "one"])
    #expect(
      recipe.model
        == ModelShape(
          hiddenSize: 64, layerCount: 3, attentionHeadCount: 4, feedForwardSize: 160,
          windowSize: 128, windowOverlap: 32))
    let pretrain = try #require(recipe.pretrain)
    #expect(pretrain.mixture.shares.map(\.name) == ["four", "two"])
    #expect(pretrain.mixture.shares.map(\.passes) == [1.5, 1])
    #expect(pretrain.maskProbability == 0.2)
    #expect(pretrain.optimization.batchTokens == 4_096)
    #expect(pretrain.optimization.learningRate == 0.001)
    #expect(pretrain.optimization.warmup == 0.1)
    #expect(pretrain.optimization.weightDecay == 0.05)
    #expect(pretrain.optimization.dropout == 0.2)
    #expect(pretrain.optimization.gradientClip == 0.5)
    let finetune = try #require(recipe.finetune)
    #expect(finetune.mixture.shares.map(\.name) == ["three"])
    let heads = finetune.headWeights
    #expect(
      [heads.sentiment, heads.intents, heads.opinions, heads.names, heads.polarity]
        == [2, 1, 1, 1, 0])
    #expect(finetune.pieceDropout == 0.05)
    #expect(recipe.corpusNames == ["four", "one", "three", "two"])
  }

  @Test func readsHowTheLossIsShapedAndWhenToStop() throws {
    let keys = """
        examples: 5000
        class_weights:
          sentiment: auto
          intents: {complaint: 3}
          opinions: {outside: 0.5, ASPECT: 2}
        label_smoothing: 0.1
        adversarial_norm: 0.2
        early_stopping: {metric: sentiment.macro_f1, every_steps: 50, patience: 4, text_limit: 99}
        piece_dropout: 0.05
      """
    let recipe = try load(
      Self.full.replacingOccurrences(of: "passes: 2}", with: "weight: 2.5}")
        .replacingOccurrences(of: "  piece_dropout: 0.05", with: keys)
        .replacingOccurrences(
          of: "batch_tokens: 4096", with: "batch_tokens: 4096\n    gradient_accumulation: 3"))
    #expect(recipe.pretrain?.optimization.gradientAccumulation == 3)
    let finetune = try #require(recipe.finetune)
    #expect(finetune.mixture.examples == 5_000)
    #expect(finetune.mixture.shares.map(\.weight) == [2.5])
    #expect(finetune.classWeights.sentiment == .auto)
    #expect(finetune.classWeights.intents == .given(["complaint": 3]))
    #expect(finetune.classWeights.opinions == .given(["outside": 0.5, "ASPECT": 2]))
    #expect(finetune.classWeights.names == .given([:]))
    #expect(finetune.adversarialNorm == 0.2)
    #expect(finetune.labelSmoothing == 0.1)
    let stopping = try #require(finetune.earlyStopping)
    #expect(stopping.metric.description == "sentiment.macro_f1")
    #expect(stopping.everySteps == 50 && stopping.patience == 4 && stopping.textLimit == 99)
  }

  @Test func weightsDealOutTheExamples() throws {
    let recipe = try load(
      Self.full.replacingOccurrences(
        of: "  corpora:\n    - {name: three, passes: 2}",
        with: """
            examples: 1200
            corpora: [{name: a, weight: 1}, {name: b, weight: 3}, {name: c, weight: 8}]
          """))
    // Corpora of 100 and 1,800 texts; one is empty, and the others take its part.
    let passes = recipe.finetune?.mixture.passes(counts: [100, 1_800, 0])
    #expect(passes == [3, 0.5, 0])
    #expect(recipe.pretrain?.mixture.passes(counts: [7, 7]) == [1.5, 1])
  }

  @Test(arguments: [
    (
      "{name: three, passes: 2}", "{name: three, passes: 2, weight: 1}",
      "recipe.yaml:30: finetune.corpora[0].weight: stands beside passes; give one of the two"
    ),
    (
      "{name: three, passes: 2}", "{name: three, weight: 1}",
      "recipe.yaml:30: finetune.corpora: has weights; say with examples how many texts they deal out"
    ),
    (
      "{name: three, passes: 2}", "{name: three}\n    - {name: three, passes: 2}",
      "recipe.yaml:30: finetune.corpora: names three twice; name it once"
    ),
    (
      "finetune:\n", "finetune:\n  examples: 10\n",
      "recipe.yaml:31: finetune.corpora: deals out examples by weight; give every corpus a weight"
    ),
    (
      "piece_dropout: 0.05", "class_weights: {sentiment: often}",
      "recipe.yaml:34: finetune.class_weights.sentiment:"
        + " is often; it has to be auto or weights by class"
    ),
    (
      "piece_dropout: 0.05", "class_weights: {polarity: {good: 1}}",
      "recipe.yaml:34: finetune.class_weights.polarity:"
        + " names 'good'; the classes are negative, neutral, positive"
    ),
    (
      "piece_dropout: 0.05", "class_weights: {sentiment: {1: -2}}",
      "recipe.yaml:34: finetune.class_weights.sentiment: gives '1' -2.0; it has to be 0 to 1000000"
    ),
    (
      "piece_dropout: 0.05", "early_stopping: {metric: names.accuracy, every_steps: 1}",
      "recipe.yaml:34: finetune.early_stopping.metric: is names.accuracy; it has to be HEAD.FIGURE"
        + " with one of sentiment, intents, polarity, opinions, names"
        + " and one of accuracy, micro_f1, macro_f1 (no accuracy of spans), as in sentiment.macro_f1"
    ),
    (
      "cards: ..", "as_published: [nowhere]\ncards: ..",
      "recipe.yaml:3: as_published: names nowhere; no stage reads it, so leave it out"
    ),
    (
      "cards: ..", "ngrams: {corpora: [{name: samples}]}\ncards: ..",
      "recipe.yaml:3: ngrams: counts for nothing without calibration; add calibration: {}"
    ),
    (
      "cards: ..", "calibration: {unseen: [three]}\ncards: ..",
      "recipe.yaml:3: calibration: names three as unseen, and as seen or learned too;"
        + " leave it out of one"
    ),
    (
      "piece_dropout: 0.05", "label_smoothing: 1",
      "recipe.yaml:34: finetune.label_smoothing: is 1.0; it has to be 0.0 to 0.9"
    ),
  ])
  func settingsThatCannotBeAreExplained(text: String, changed: String, line: String) {
    #expect(problem(text, becomes: changed) == line)
  }

  @Test func fillsInWhatIsNotGiven() throws {
    let yaml = """
      name: small
      seed: 1
      cards: corpora
      tokenizer: {vocabulary_size: 300, corpora: [one]}
      model: {hidden_size: 4, layer_count: 1, attention_head_count: 2, feed_forward_size: 4,
        window_size: 8, window_overlap: 0}
      finetune:
        corpora: [{name: one}]
        optimization: {learning_rate: 0.1}
      """
    let recipe = try load(yaml)
    #expect(recipe.pretrain == nil)
    #expect(recipe.tokenizer?.characterCoverage == 0.9995)
    #expect(recipe.tokenizer?.textLimit == 100_000)
    let finetune = try #require(recipe.finetune)
    #expect(finetune.headWeights == HeadWeights())
    #expect(finetune.pieceDropout == 0)
    #expect(finetune.adversarialNorm == 0)
    #expect(finetune.classWeights == ClassWeightSettings())
    #expect(finetune.labelSmoothing == 0)
    #expect(finetune.earlyStopping == nil)
    let optimization = finetune.optimization
    #expect(optimization.batchTokens == 8_192)
    #expect(optimization.gradientAccumulation == 1)
    #expect(optimization.warmup == 0.06)
    #expect(optimization.embeddingRate == 1)
    #expect(optimization.weightDecay == 0.01)
    #expect(optimization.dropout == 0.1)
    #expect(optimization.gradientClip == 1)
    let pretraining = """
      pretrain:
        corpora: [{name: one}]
        optimization: {learning_rate: 0.1}
      """
    #expect(try load(yaml + "\n" + pretraining).pretrain?.maskProbability == 0.15)
  }

  @Test(arguments: [
    ("seed: 18", "sed: 18", "recipe.yaml:2: unknown key 'sed'; did you mean 'seed'?"),
    (
      "text_limit", "text_limits",
      "recipe.yaml:7: tokenizer: unknown key 'text_limits'; did you mean 'text_limit'?"
    ),
    (
      "layer_count", "layers_count",
      "recipe.yaml:11: model: unknown key 'layers_count'; did you mean 'layer_count'?"
    ),
    (
      "mask_probability", "mask_probabilty",
      "recipe.yaml:20: pretrain: unknown key 'mask_probabilty'; did you mean 'mask_probability'?"
    ),
    (
      "passes: 1.5", "pases: 1.5",
      "recipe.yaml:18: pretrain.corpora[0]: unknown key 'pases'; did you mean 'passes'?"
    ),
    (
      "warmup", "warm_up",
      "recipe.yaml:24: pretrain.optimization: unknown key 'warm_up'; did you mean 'warmup'?"
    ),
    (
      "head_weights", "head_weight",
      "recipe.yaml:31: finetune: unknown key 'head_weight'; did you mean 'head_weights'?"
    ),
    (
      "sentiment: 2", "sentiments: 2",
      "recipe.yaml:32: finetune.head_weights: unknown key 'sentiments'; did you mean 'sentiment'?"
    ),
    (
      "cards: ..", "zzz: ..",
      "recipe.yaml:3: unknown key 'zzz';"
        + " the known keys are name, seed, cards, licences, as_published, from, added_layers, tokenizer, model,"
        + " pretrain, finetune, ngrams, calibration, weights"
    ),
  ])
  func unknownKeysNameTheNearest(text: String, changed: String, line: String) {
    #expect(problem(text, becomes: changed) == line)
  }

  @Test(arguments: [
    (
      "vocabulary_size: 8000", "vocabulary_size: 299",
      "recipe.yaml:5: tokenizer.vocabulary_size: is 299; it has to be 300 to 1000000"
    ),
    (
      "0.999", "0.97",
      "recipe.yaml:6: tokenizer.character_coverage: is 0.97; it has to be 0.98 to 1.0"
    ),
    (
      "text_limit: 500", "text_limit: 0",
      "recipe.yaml:7: tokenizer.text_limit: is 0; it has to be 1 to 1073741824"
    ),
    (
      "passes: 2", "passes: -1",
      "recipe.yaml:30: finetune.corpora[0].passes: is -1.0; it has to be 0.0 to 1000.0"
    ),
    (
      "mask_probability: 0.2", "mask_probability: 0",
      "recipe.yaml:20: pretrain.mask_probability: is 0.0; it has to be 0.01 to 0.9"
    ),
    (
      "batch_tokens: 4096", "batch_tokens: 0",
      "recipe.yaml:22: pretrain.optimization.batch_tokens: is 0; it has to be 1 to 16777216"
    ),
    (
      "batch_tokens: 4096", "optimizer: mion",
      "recipe.yaml:22: pretrain.optimization.optimizer: is mion; it has to be adamw or muon"
    ),
    (
      "batch_tokens: 4096", "precision: float64",
      "recipe.yaml:22: pretrain.optimization.precision: is float64; it has to be float32 or"
        + " bfloat16"
    ),
    (
      "dropout: 0.2", "embedding_rate: 1.5",
      "recipe.yaml:26: pretrain.optimization.embedding_rate: is 1.5; it has to be 0.0 to 1.0"
    ),
    (
      "dropout: 0.2", "dropout: 1",
      "recipe.yaml:26: pretrain.optimization.dropout: is 1.0; it has to be 0.0 to 0.95"
    ),
    (
      "learning_rate: 0.0005", "learning_rate: .nan",
      "recipe.yaml:36: finetune.optimization.learning_rate: is nan; it has to be 0.0 to 10.0"
    ),
    (
      "polarity: 0", "polarity: -0.5",
      "recipe.yaml:33: finetune.head_weights.polarity: is -0.5; it has to be 0.0 to 1000.0"
    ),
    (
      "piece_dropout: 0.05", "piece_dropout: 1",
      "recipe.yaml:34: finetune.piece_dropout: is 1.0; it has to be 0.0 to 0.9"
    ),
    (
      "hidden_size: 64", "hidden_size: 60",
      "recipe.yaml:10: model: hidden_size 60 does not divide into 4 attention heads of an even"
        + " size; choose a multiple of 8"
    ),
    (
      "window_overlap: 32", "window_overlap: 65",
      "recipe.yaml:10: model: window_overlap is 65; it has to be 0 to half of window_size"
    ),
    (
      "layer_count: 3", "layer_count: three",
      "recipe.yaml:11: model.layer_count: expected Int, found \"three\"; correct the value"
    ),
    (
      "seed: 18446744073709551615", "seed: -1",
      "recipe.yaml:2: seed: expected UInt64, found \"-1\"; correct the value"
    ),
  ])
  func numbersOutOfRangeSayTheRange(text: String, changed: String, line: String) {
    #expect(problem(text, becomes: changed) == line)
  }

  @Test(arguments: [
    ("name: gloss-test\n", "", "recipe.yaml:1: the key 'name' is missing; add it"),
    (
      "  vocabulary_size: 8000\n", "",
      "recipe.yaml:5: tokenizer: the key 'vocabulary_size' is missing; add it"
    ),
    ("  window_size: 128\n", "", "recipe.yaml:10: model: the key 'window_size' is missing; add it"),
    (
      "{name: three, passes: 2}", "{passes: 2}",
      "recipe.yaml:30: finetune.corpora[0]: the key 'name' is missing; add it"
    ),
    (
      "learning_rate: 0.0005", "dropout: 0",
      "recipe.yaml:36: finetune.optimization: the key 'learning_rate' is missing; add it"
    ),
  ])
  func missingKeysAreNamed(text: String, changed: String, line: String) {
    #expect(problem(text, becomes: changed) == line)
  }

  @Test func aMissingRecipeIsOneLine() {
    let error = #expect(throws: TrainingError.self) { try Recipe.load("no/such/recipe.yaml") }
    #expect(
      error?.description.hasPrefix("no/such/recipe.yaml: ") == true
        && error?.description.contains("\n") == false, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("mine.yaml", "models/x", "models/x"), ("mine.yaml", "../models/x", "../models/x"),
    ("training/mine.yaml", "../models/x", "training/../models/x"),
    ("/a/mine.yaml", "/models/x", "/models/x"), ("/mine.yaml", "x", "/x"),
  ])
  func pathsOfARecipeAreSeenFromItsFolder(recipe: String, path: String, seen: String) {
    #expect(Recipe.resolve(path, besideRecipe: recipe) == seen)
  }
}
