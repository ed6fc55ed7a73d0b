import Corpora
import Files
import Foundation
public import Models
import Reviews
import Tensors
import Tokenization

/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// Something worth a line.
  case note(String)
  /// A stage begins.
  case stage(name: String, steps: Int, tokens: Int)
  /// A step of the stage is done.
  case step(StepReport)
}

/// All of `gloss train`: tokenizer, pretraining, fine-tuning, model folder.
public struct TrainingRun {
  private let recipe: Recipe
  private let recipePath: String
  private let data: String?
  private let workers: Workers

  /// A run of `recipe`.
  ///
  /// - Parameters:
  ///   - recipe: what to train.
  ///   - recipePath: where the recipe was read; its card folder is relative to it.
  ///   - data: the folder of the corpora; nil where their files lie beside the cards.
  ///   - threads: how many threads work; the model does not depend on it.
  public init(recipe: Recipe, recipePath: String, data: String?, threads: Int) {
    self.recipe = recipe
    self.recipePath = recipePath
    self.data = data
    workers = Workers(count: threads)
  }

  /// Trains and writes the model folder.
  ///
  /// - Throws: `TrainingError` when a corpus cannot be read or the folder cannot be written.
  @discardableResult
  public func run(
    to folder: String, report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> ModelConfiguration {
    try begin(folder)
    let cards =
      recipe.cards.hasPrefix("/")
      ? recipe.cards
      : ((recipePath as NSString).deletingLastPathComponent as NSString)
        .appendingPathComponent(recipe.cards)
    let corpora = try TrainingCorpora(
      names: recipe.corpusNames, cards: cards, data: data ?? cards
    ) { report(.note($0)) }
    let (tokenizer, vocabulary) = try trainTokenizer(on: corpora, report)
    let loaded = LoadedModel(
      configuration: configuration(corpora, vocabularySize: tokenizer.vocabularySize),
      tokenizer: tokenizer, seed: recipe.seed)
    report(.note("model: \(loaded.model.layout.count) parameters"))
    let texts = encode(corpora, loaded, report)
    guard let maskID = tokenizer.maskID else {
      throw .model("the tokenizer has no piece \(Tokenizer.maskPiece); train it anew")
    }
    if let settings = recipe.pretrain { try pretrain(loaded, settings, maskID, texts, report) }
    try finetune(loaded, maskID, texts, report)
    do {
      let configuration = try ModelFolder.save(loaded, to: folder)
      try AtomicFile.write(Data(vocabulary.utf8), to: "\(folder)/tokenizer.vocab")
      return configuration
    } catch {
      throw .model(String(describing: error))
    }
  }

  /// Writes the recipe first: a folder that takes no file says so before the work, not after it.
  private func begin(_ folder: String) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try AtomicFile.write(Data(recipe.text.utf8), to: "\(folder)/recipe.yaml")
    } catch let error as FileError {
      throw .model(error.description)
    } catch {
      throw .model("\(folder): cannot be made; name another folder with --out")
    }
  }

  private func trainTokenizer(
    on corpora: TrainingCorpora, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> (Tokenizer, vocabulary: String) {
    var texts = recipe.tokenizer.corpora.flatMap { corpora[$0].map(\.text) }
    var random = SeededRandom(seed: recipe.seed, stream: Stream.tokenizer.rawValue)
    random.shuffle(&texts)
    texts = Array(texts.prefix(recipe.tokenizer.textLimit))
    report(.note("tokenizer: \(recipe.tokenizer.vocabularySize) pieces from \(texts.count) texts"))
    do {
      let (model, vocabulary) = try TokenizerTrainer.train(
        texts: texts,
        settings: .init(
          vocabularySize: recipe.tokenizer.vocabularySize,
          characterCoverage: recipe.tokenizer.characterCoverage))
      return (try Tokenizer(modelData: model, name: "the new tokenizer"), vocabulary)
    } catch {
      throw .model("\(recipePath): tokenizer: \(error)")
    }
  }

  /// A model has the labels that its fine-tuning corpora show at least once, in the languages in
  /// which they annotate them: of others it could only guess.
  private func configuration(
    _ corpora: TrainingCorpora, vocabularySize: Int
  ) -> ModelConfiguration {
    var shown: Set<String> = []
    var languages: [String: Set<String>] = [:]
    for share in recipe.finetune.corpora {
      for example in corpora[share.name] {
        let spans = (example.opinions?.spans ?? []) + (example.names?.spans ?? [])
        let labels = spans.map(\.type) + (example.intents?.positive ?? [])
        for label in labels {
          shown.insert(label)
          languages[label, default: []].formUnion(corpora.languages(of: share.name))
        }
      }
    }
    return ModelConfiguration(
      name: recipe.name, vocabularySize: vocabularySize, shape: recipe.model,
      opinionTypes: EntityLayer.opinion.types.filter(shown.contains),
      nameTypes: EntityLayer.name.types.filter(shown.contains),
      intents: LabelSchema.intents.filter(shown.contains),
      labelLanguages: languages.mapValues { $0.sorted() })
  }

  /// Every corpus as pieces, by its name.
  private func encode(
    _ corpora: TrainingCorpora, _ loaded: LoadedModel, _ report: (TrainingEvent) -> Void
  ) -> [String: [TrainingText]] {
    let encoder = LabelEncoder(
      configuration: loaded.configuration, tokenizer: loaded.tokenizer)
    return corpora.examples.keys.sorted().reduce(into: [:]) { texts, name in
      let examples = corpora[name]
      let encoded = workers.map(examples) { encoder.encode($0, corpus: name) }
      texts[name] = encoded.compactMap { $0?.text }
      let unfitted = encoded.reduce(0) { $0 + ($1?.unfitted ?? 0) }
      if unfitted > 0 {
        report(.note("\(name): \(unfitted) spans begin or end inside a piece"))
      }
    }
  }

  private func pretrain(
    _ loaded: LoadedModel, _ settings: PretrainSettings, _ maskID: Int32,
    _ texts: [String: [TrainingText]], _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    let groups = settings.corpora.map { share in
      (texts: (texts[share.name] ?? []).flatMap(windows), passes: share.passes)
    }
    try train(
      loaded, "pretrain", groups,
      MaskedLanguageObjective(
        maskProbability: settings.maskProbability, maskID: maskID,
        vocabularySize: loaded.configuration.vocabularySize),
      settings.optimization, .pretrain, report)
  }

  private func finetune(
    _ loaded: LoadedModel, _ maskID: Int32, _ texts: [String: [TrainingText]],
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    let groups = recipe.finetune.corpora.map { share in
      (texts: texts[share.name] ?? [], passes: share.passes)
    }
    try train(
      loaded, "finetune", groups,
      LabelObjective(
        shape: recipe.model, headWeights: recipe.finetune.headWeights,
        pieceDropout: recipe.finetune.pieceDropout, maskID: maskID),
      recipe.finetune.optimization, .finetune, report)
  }

  /// Takes every step of one stage.
  private func train(
    _ loaded: LoadedModel, _ name: String, _ groups: [(texts: [TrainingText], passes: Double)],
    _ objective: some Objective, _ settings: OptimizationSettings, _ stream: Stream,
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    var random = SeededRandom(seed: recipe.seed, stream: stream.rawValue)
    let plan = BatchPlan(groups, batchTokens: settings.batchTokens, seed: random.next())
    guard plan.count > 0 else {
      throw .input("\(recipePath): \(name): its corpora hold no text; name others or more passes")
    }
    report(.stage(name: name, steps: plan.count, tokens: plan.tokens))
    var trainer = Trainer(
      loaded.model, weights: loaded.weights, plan: plan, objective: objective,
      settings: settings, seed: random.next(), workers: workers)
    while let step = trainer.next() {
      report(.step(step))
      guard step.gradientNorm.isFinite else {
        throw .model(
          "\(recipePath): \(name): the gradient of step \(step.step) is not finite;"
            + " lower the learning_rate")
      }
    }
  }

  /// A text's pieces cut into windows that do not overlap; labels are left behind.
  private func windows(_ text: TrainingText) -> [TrainingText] {
    stride(from: 0, to: text.ids.count, by: recipe.model.windowSize).map { start in
      let end = min(start + recipe.model.windowSize, text.ids.count)
      return TrainingText(corpus: text.corpus, ids: Array(text.ids[start..<end]))
    }
  }

  /// The uses of the recipe's seed.
  private enum Stream: UInt64 {
    case tokenizer = 1
    case pretrain, finetune
  }
}
