import Corpora
import Files
import Foundation
import Models
import Reviews
import Tensors
import Tokenization

/// One stage of a run, ready for its first step.
struct Stage {
  let name: String
  var plan: BatchPlan
  let objective: any Objective
  let settings: OptimizationSettings
  /// Where masking and dropout come from.
  let seed: UInt64
  /// What is read of each corpus.
  let shares: [StageShare]
  /// The splits that tell when to stop; nil to take every step.
  var development: Development?
}

/// How much of a corpus a stage reads.
public struct StageShare: Equatable, Sendable {
  /// The corpus's name.
  public var corpus: String
  /// Its training texts; in pretraining its windows.
  public var texts: Int
  /// How often each is met.
  public var passes: Double
}

/// Everything that a run reads and builds before its first step.
struct Preparation {
  let loaded: LoadedModel
  /// CRC-32 of the weights of the model that the run begins with; nil for random ones.
  let baseChecksum: String?
  /// CRC-32 of the weights of the model that replaces pieces in pretraining; nil where none does.
  private(set) var generatorChecksum: String?
  /// Who teaches what the texts of fine-tuning without labels say; nil where no model does.
  private(set) var teachers: Teachers?
  /// The pieces with their scores, for people.
  let vocabulary: String
  let stages: [Stage]

  /// Reads `corpora`, learns the tokenizer unless `tokenizer` holds one, and lays out the stages.
  ///
  /// - Throws: `TrainingError` when texts are missing or too few.
  init(
    _ recipe: Recipe, corpora: TrainingCorpora, tokenizer saved: Data?,
    workers: Workers, report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    if let licences = recipe.licences, corpora.examples.isEmpty {
      throw .input(
        "\(recipe.path): licences: no corpus of the recipe has one of"
          + " \(licences.joined(separator: ", ")); its card says which it has")
    }
    let recipe = recipe.without(corpora.leftOut.contains)
    if recipe.calibration != nil,
      recipe.calibrationCorpora.allSatisfy({ corpora.development[$0]?.isEmpty ?? true })
    {
      throw .input(
        "\(recipe.path): calibration: none of its corpora has a dev split with rows;"
          + " split one on its card, as in hash: {dev: 10}")
    }
    let base = try Base(recipe)
    if let folders = recipe.finetune?.teachers, !folders.isEmpty {
      teachers = try Teachers(folders: folders, of: recipe)
    }
    baseChecksum = base?.checksum
    let tokenizer = try Self.tokenizer(
      recipe, corpora: corpora, base: base?.model, saved: saved, report)
    vocabulary = tokenizer.vocabulary
    let corpusIntents = Self.corpusIntents(recipe, corpora)
    let shape = try Self.shape(recipe, base?.model)
    if recipe.pretrain == nil && recipe.finetune == nil {
      loaded = try Self.kept(base?.model, recipe)
    } else {
      var configuration = Self.configuration(recipe, shape, corpora, tokenizer.vocabularySize)
      let keepsHeads = recipe.finetune?.keepsHeads ?? false
      if keepsHeads {
        try Self.keepHeads(of: base?.model, in: &configuration, recipe)
        if recipe.calibration == nil {
          report(
            .note(
              "keep_heads: linear part, calibration and thresholds of the model of from are not kept"
            ))
        }
      }
      loaded = LoadedModel(
        configuration: configuration, tokenizer: tokenizer, seed: recipe.seed,
        corpusIntentCount: corpusIntents.count,
        detectsReplacements: recipe.pretrain?.generator != nil)
      if let base {
        loaded.takeOver(base.model, withHeads: keepsHeads, addingLayers: recipe.addedLayers)
      }
    }
    let loaded = self.loaded
    report(.note("model: \(loaded.model.layout.count) parameters; kernels: \(BLAS.coreName)"))
    guard let maskID = tokenizer.maskID else {
      throw .model("the tokenizer has no piece \(Tokenizer.maskPiece); train it anew")
    }
    // A recipe without steps reads no pieces.
    let hasSteps = recipe.pretrain != nil || recipe.finetune != nil
    let texts =
      hasSteps ? Self.encode(recipe, corpora, loaded, corpusIntents, workers, report) : [:]
    var stages: [Stage] = []
    if let settings = recipe.pretrain {
      var objective = MaskedLanguageObjective(
        maskProbability: settings.maskProbability, maskID: maskID,
        vocabularySize: tokenizer.vocabularySize)
      if let generator = settings.generator {
        let model = try Generator(
          folder: generator.model, for: loaded, maskID: maskID,
          precision: settings.optimization.precision, recipe)
        generatorChecksum = model.checksum
        objective.detection = (model, generator)
      }
      stages.append(
        try Self.stage(
          "pretrain", settings.mixture, settings.optimization, recipe, .pretrain,
          texts: { (texts[$0] ?? []).flatMap { Self.windows($0, shape.windowSize) } }
        ) { _ in objective })
    }
    if let settings = recipe.finetune {
      try Self.checkLabels(settings, recipe, texts, loaded.configuration, report)
      var finetune = try Self.finetuning(settings, recipe, texts, loaded, maskID: maskID, report)
      guard teachers == nil || !finetune.plan.plainTexts.isEmpty else {
        throw .input(
          "\(recipe.path): teachers: every text that finetune meets has labels, so they teach nothing;"
            + " add a corpus without labels, or leave them out")
      }
      finetune.development = try Self.development(
        settings, recipe, corpora, loaded, threads: workers.count)
      stages.append(finetune)
    }
    self.stages = stages
  }

  /// Tells of heads that always answer, but that no text teaches.
  ///
  /// - Throws: `TrainingError` where no text teaches anything.
  private static func checkLabels(
    _ settings: FinetuneSettings, _ recipe: Recipe, _ texts: [String: [TrainingText]],
    _ configuration: ModelConfiguration, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    guard settings.teachers.isEmpty else { return }
    let met = settings.mixture.shares.lazy.flatMap { texts[$0.name] ?? [] }
    guard met.contains(where: { !$0.isUnlabelled }) else {
      throw .input(
        "\(recipe.path): finetune: no text of its corpora has a label; name corpora that have, or"
          + " teachers")
    }
    if settings.keepsHeads { return }
    if !met.contains(where: { $0.allowedStars != 0 }) {
      report(
        .note("finetune: no text has stars, so the sentiment that the model gives means nothing"))
    }
    if configuration.opinionTypes.contains("ASPECT"), met.allSatisfy(\.aspects.isEmpty) {
      report(
        .note("finetune: no aspect has a polarity, so those that the model gives mean nothing"))
    }
  }

  /// All heads together.
  private static func finetuning(
    _ settings: FinetuneSettings, _ recipe: Recipe, _ texts: [String: [TrainingText]],
    _ model: LoadedModel, maskID: Int32, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> Stage {
    let shape = model.configuration.shape
    var finetune = try stage(
      "finetune", settings.mixture, settings.optimization, recipe, .finetune,
      texts: { learnable(texts[$0] ?? [], of: $0, report) }
    ) { plan in
      LabelObjective(
        shape: shape, headWeights: settings.headWeights,
        classWeights: ClassWeights(settings.classWeights, model.configuration, plan: plan),
        labelSmoothing: settings.labelSmoothing, pieceDropout: settings.pieceDropout,
        maskID: maskID, adversarialNorm: settings.adversarialNorm)
    }
    if settings.joinProbability > 0 {
      var random = SeededRandom(seed: recipe.seed, stream: Stream.joining.rawValue)
      finetune.plan.joining = TextJoining(
        probability: settings.joinProbability, windowSize: shape.windowSize, seed: random.next())
    }
    return finetune
  }

  /// The base with all its heads, under the recipe's name.
  private static func kept(
    _ base: LoadedModel?, _ recipe: Recipe
  ) throws(TrainingError) -> LoadedModel {
    // Nothing but the mean of encoders is an encoder.
    let isMean = recipe.ngrams == nil && recipe.calibration == nil
    guard var model = base, !model.configuration.isBase || isMean else {
      throw .input("\(recipe.path): finetune: is missing; give it, or a model with heads (from)")
    }
    if recipe.ngrams != nil, recipe.calibration == nil, model.ngrams.isEmpty {
      throw .input(
        "\(recipe.path): ngrams: the model of from weighs none, so they would count for nothing;"
          + " add calibration")
    }
    model.configuration.name = recipe.name
    return model
  }

  /// Heads go on with the labels that they have, and know the languages that they knew.
  private static func keepHeads(
    of base: LoadedModel?, in configuration: inout ModelConfiguration, _ recipe: Recipe
  ) throws(TrainingError) {
    guard let base, !base.configuration.isBase else {
      throw .input(
        "\(recipe.path): keep_heads: there are none to keep; name a model with heads (from), or leave"
          + " it out")
    }
    let (old, new) = (base.configuration.labels, configuration.labels)
    let other = old.filter { !new.contains($0) } + new.filter { !old.contains($0) }
    guard other.isEmpty else {
      throw .input(
        "\(recipe.path): keep_heads: the model of from and the corpora of finetune do not share the"
          + " labels \(other.joined(separator: ", ")); name corpora that show the same, or leave it out"
      )
    }
    configuration.labelLanguages.merge(base.configuration.labelLanguages) {
      Set($0 + $1).sorted()
    }
  }

  /// The shape of the base, with the blocks that it gets more, or that of the recipe.
  private static func shape(
    _ recipe: Recipe, _ base: LoadedModel?
  ) throws(TrainingError) -> ModelShape {
    guard var shape = base?.configuration.shape else {
      guard recipe.addedLayers == 0 else { throw missing("from", recipe) }
      guard let shape = recipe.model else { throw missing("model", recipe) }
      return shape
    }
    shape.layerCount += recipe.addedLayers
    if let problem = shape.problem { throw .input("\(recipe.path): added_layers: \(problem)") }
    return shape
  }

  private static func missing(_ key: String, _ recipe: Recipe) -> TrainingError {
    .input("\(recipe.path): \(key): is missing; give it, or a model to begin with (from)")
  }

  private static func tokenizer(
    _ recipe: Recipe, corpora: TrainingCorpora, base: LoadedModel?,
    saved: Data?, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> Tokenizer {
    if let base { return base.tokenizer }
    guard let settings = recipe.tokenizer else { throw missing("tokenizer", recipe) }
    do {
      if let saved { return try Tokenizer(modelData: saved, name: "the saved tokenizer") }
      var texts = settings.corpora.flatMap { corpora[$0].map(\.text) }
      var random = SeededRandom(seed: recipe.seed, stream: Stream.tokenizer.rawValue)
      random.shuffle(&texts)
      texts = Array(texts.prefix(settings.textLimit))
      report(
        .note("tokenizer: \(settings.vocabularySize) pieces from \(texts.count) texts"))
      let (model, _) = try TokenizerTrainer.train(
        texts: texts,
        settings: .init(
          vocabularySize: settings.vocabularySize,
          characterCoverage: settings.characterCoverage))
      return try Tokenizer(modelData: model, name: "the new tokenizer")
    } catch {
      throw .model("\(recipe.path): tokenizer: \(error)")
    }
  }

  /// A model has the labels that its fine-tuning corpora show at least once, in the languages in
  /// which they annotate them: of others it could only guess.
  private static func configuration(
    _ recipe: Recipe, _ shape: ModelShape, _ corpora: TrainingCorpora, _ vocabularySize: Int
  ) -> ModelConfiguration {
    var shown: Set<String> = []
    var languages: [String: Set<String>] = [:]
    if let finetune = recipe.finetune {
      let (shares, heads) = (finetune.mixture.shares, finetune.headWeights)
      let passes = finetune.mixture.passes(counts: shares.map { corpora[$0.name].count })
      for (share, passes) in zip(shares, passes) where passes > 0 {
        for example in corpora[share.name] {
          let labels =
            (heads.opinions > 0 ? example.opinions?.spans.map(\.type) ?? [] : [])
            + (heads.names > 0 ? example.names?.spans.map(\.type) ?? [] : [])
            + (heads.intents > 0 ? example.intents?.positive ?? [] : [])
          for label in labels {
            shown.insert(label)
            languages[label, default: []].formUnion(corpora.languages(of: share.name, for: label))
          }
        }
      }
    }
    var configuration = ModelConfiguration(
      name: recipe.name, vocabularySize: vocabularySize, shape: shape,
      opinionTypes: EntityLayer.opinion.types.filter(shown.contains),
      nameTypes: EntityLayer.name.types.filter(shown.contains),
      intents: LabelSchema.intents.filter(shown.contains),
      labelLanguages: languages.mapValues { $0.sorted() })
    configuration.isBase = recipe.finetune == nil
    return configuration
  }

  /// The classes of the head for the corpora's own intents; none unless the recipe gives it a weight.
  private static func corpusIntents(
    _ recipe: Recipe, _ corpora: TrainingCorpora
  ) -> CorpusIntents {
    guard let finetune = recipe.finetune, finetune.headWeights.corpusIntents > 0 else {
      return CorpusIntents()
    }
    return CorpusIntents(finetune.mixture.shares.map { ($0.name, corpora[$0.name]) })
  }

  /// Every corpus that a stage reads as pieces, by its name.
  private static func encode(
    _ recipe: Recipe, _ corpora: TrainingCorpora, _ loaded: LoadedModel,
    _ corpusIntents: CorpusIntents,
    _ workers: Workers, _ report: (TrainingEvent) -> Void
  ) -> [String: [TrainingText]] {
    let encoder = LabelEncoder(
      configuration: loaded.configuration, tokenizer: loaded.tokenizer,
      corpusIntents: corpusIntents)
    let mixtures = [recipe.pretrain?.mixture, recipe.finetune?.mixture]
    let names = Set(mixtures.flatMap { $0?.shares.map(\.name) ?? [] })
    return names.sorted().reduce(into: [:]) { texts, name in
      let examples = corpora[name]
      let encoded = workers.map(examples) { encoder.encode($0, corpus: name) }
      texts[name] = encoded.compactMap { $0?.text }
      let empty = encoded.count { $0 == nil }
      if empty > 0 { report(.note("\(name): \(empty) texts without a piece are left out")) }
      let unfitted = encoded.reduce(0) { $0 + ($1?.unfitted ?? 0) }
      if unfitted > 0 {
        report(.note("\(name): \(unfitted) spans begin or end inside a piece"))
      }
    }
  }

  /// Pieces of the longest text that heads learn from: a text's windows are all held until its step is
  /// done, which takes about 0.3 MB a piece with the encoder of gloss-small.
  static let longestText = 1 << 14

  /// The texts that heads can learn from.
  private static func learnable(
    _ texts: [TrainingText], of corpus: String, _ report: (TrainingEvent) -> Void
  ) -> [TrainingText] {
    let kept = texts.filter { $0.ids.count <= longestText }
    if let first = texts.first(where: { $0.ids.count > longestText }) {
      report(
        .note(
          "\(corpus): \(texts.count - kept.count) texts of more than \(longestText) pieces are left out,"
            + " the first at \(first.row); split them"))
    }
    return kept
  }

  /// A stage over the texts of its mixture.
  private static func stage(
    _ name: String, _ mixture: Mixture, _ settings: OptimizationSettings, _ recipe: Recipe,
    _ stream: Stream, texts: (String) -> [TrainingText],
    objective: (BatchPlan) -> any Objective
  ) throws(TrainingError) -> Stage {
    let texts = mixture.shares.map { texts($0.name) }
    let passes = mixture.passes(counts: texts.map(\.count))
    let met = zip(texts, passes).reduce(0) { $0 + Double($1.0.count) * $1.1 }
    guard met <= Double(Mixture.textLimit) else {
      throw .input(
        "\(recipe.path): \(name): meets \(met) texts; it has to be at most \(Mixture.textLimit)")
    }
    var random = SeededRandom(seed: recipe.seed, stream: stream.rawValue)
    let plan = BatchPlan(
      Array(zip(texts, passes)), batchTokens: settings.batchTokens,
      batchesPerStep: settings.gradientAccumulation, seed: random.next())
    guard plan.count > 0 else {
      throw .input("\(recipe.path): \(name): its corpora hold no text; name others or more passes")
    }
    let shares = zip(mixture.shares, zip(texts, passes)).map { share, part in
      StageShare(corpus: share.name, texts: part.0.count, passes: part.1)
    }
    return Stage(
      name: name, plan: plan, objective: objective(plan), settings: settings,
      seed: random.next(), shares: shares)
  }

  private static func development(
    _ finetune: FinetuneSettings, _ recipe: Recipe,
    _ corpora: TrainingCorpora, _ loaded: LoadedModel, threads: Int
  ) throws(TrainingError) -> Development? {
    guard let settings = finetune.earlyStopping else { return nil }
    let splits = finetune.mixture.shares.compactMap { share in
      corpora.development[share.name].map { (corpus: share.name, examples: $0) }
    }
    guard
      let development = Development(
        settings, splits, model: loaded,
        random: SeededRandom(seed: recipe.seed, stream: Stream.development.rawValue),
        threads: threads)
    else {
      throw .input(
        "\(recipe.path): early_stopping: no corpus of finetune has a dev split that"
          + " \(settings.metric.head == "sentiment" ? "tells apart" : "labels") \(settings.metric.head);"
          + " name another metric")
    }
    return development
  }

  /// A text's pieces cut into windows that do not overlap; labels are left behind.
  private static func windows(_ text: TrainingText, _ size: Int) -> [TrainingText] {
    stride(from: 0, to: text.ids.count, by: size).map { start in
      TrainingText(
        corpus: text.corpus, row: text.row,
        ids: Array(text.ids[start..<min(start + size, text.ids.count)]))
    }
  }

  /// The uses of the recipe's seed.
  enum Stream: UInt64 {
    case tokenizer = 1
    case pretrain, finetune, development, ngrams, calibration, joining
  }
}
