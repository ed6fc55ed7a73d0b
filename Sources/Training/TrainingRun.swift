import Corpora
import Files
public import Foundation
public import Models
import Tensors
import Tokenization

/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// Something worth a line.
  case note(String)
  /// A stage begins, or goes on with `step` steps done.
  case stage(name: String, step: Int, steps: Int, tokens: Int)
  /// A step of the stage is done.
  case step(StepReport)
}

/// How a run ended.
public enum TrainingOutcome: Equatable, Sendable {
  /// The model folder is whole.
  case trained(ModelConfiguration)
  /// The run was asked to stop; a checkpoint holds everything up to this step of this stage.
  case interrupted(stage: String, step: Int)
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

  /// Trains and writes the model folder; checkpoints lie in its folder `checkpoints` until then.
  ///
  /// - Parameters:
  ///   - folder: the model folder.
  ///   - resuming: whether to go on from the folder's newest checkpoint; the model is the one that
  ///     an undisturbed run would have given.
  ///   - checkpointInterval: seconds between two checkpoints; 0 for one after every step.
  ///   - isInterrupted: asked after every step whether to stop.
  ///   - report: told what happens.
  /// - Returns: whether the model is done, or how far it came when it was asked to stop.
  /// - Throws: `TrainingError` when a corpus cannot be read, a loss is no number, the folder cannot
  ///   be written, or its checkpoints are of another run.
  @discardableResult
  public func run(
    to folder: String, resuming: Bool = false, checkpointInterval: TimeInterval = 300,
    isInterrupted: () -> Bool = { false }, report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingOutcome {
    let checkpoints = CheckpointFolder(in: folder)
    var run = CheckpointFolder.Run(recipe: Checksum.crc32(of: Data(recipe.text.utf8)))
    let begun = try checkpoints.run()
    if resuming, begun == nil, let model = try finished(in: folder) {
      report(.note("\(folder): trained already"))
      checkpoints.remove()
      return .trained(model)
    }
    if let begun { try check(begun, run, checkpoints, resuming: resuming, report) }
    try prepare(folder)
    if !resuming || begun == nil {
      checkpoints.remove()
      try checkpoints.write(run)
    }

    let corpora = try readCorpora(report)
    run.corpora = corpora.checksum
    if resuming, let old = begun?.corpora, old != run.corpora {
      throw .model(
        "\(checkpoints.path): the corpora have changed since; restore them,"
          + " or remove that folder to train from the beginning")
    }
    let preparation = try Preparation(
      recipe, recipePath: recipePath, corpora: corpora,
      tokenizer: begun?.corpora == nil ? nil : checkpoints.tokenizer(), workers: workers,
      report: report)
    let loaded = preparation.loaded
    try checkpoints.write(tokenizer: loaded.tokenizer.modelData)
    try checkpoints.write(run)
    var checkpoint =
      resuming
      ? try checkpoints.newest(layout: loaded.model.layout) { report(.note($0)) } : nil

    var writer = CheckpointWriter(folder: checkpoints, interval: checkpointInterval)
    for (index, stage) in preparation.stages.enumerated() {
      if let name = checkpoint?.state.stage, name != stage.name { continue }
      writer.stageIndex = index
      let ending = try train(stage, loaded, from: checkpoint, &writer, isInterrupted, report)
      checkpoint = nil
      if let step = ending.interruptedStep { return .interrupted(stage: stage.name, step: step) }
      if let best = ending.best { try keepLast(loaded, best: best, in: folder) }
    }
    let configuration = try save(loaded, preparation.vocabulary, to: folder)
    checkpoints.remove()
    return .trained(configuration)
  }

  /// What `run` would do, from reading and checking everything; nothing is written.
  ///
  /// The tokenizer is learned as in the run, so the counts are the run's own. A few steps of each
  /// stage are timed on numbers that are thrown away.
  ///
  /// - Throws: `TrainingError` where `run` would, before its first step.
  public func plan(report: (TrainingEvent) -> Void) throws(TrainingError) -> TrainingPlan {
    let corpora = try readCorpora(report)
    let preparation = try Preparation(
      recipe, recipePath: recipePath, corpora: corpora, tokenizer: nil, workers: workers,
      report: report)
    var plans: [StagePlan] = []
    for stage in preparation.stages {
      var trainer = trainer(stage, preparation.loaded)
      // The first step also asks for memory.
      let first = try next(&trainer, stage)?.tokens ?? 0
      let start = Date()
      var tokens = 0
      while Date().timeIntervalSince(start) < 3, let step = try next(&trainer, stage) {
        tokens += step.tokens
      }
      let rate = Double(tokens > 0 ? tokens : first) / Date().timeIntervalSince(start)
      plans.append(
        StagePlan(
          name: stage.name, shares: stage.shares, texts: stage.plan.textCount,
          steps: stage.plan.count, tokens: stage.plan.tokens,
          seconds: Double(stage.plan.tokens) / rate))
    }
    return TrainingPlan(
      name: recipe.name, seed: recipe.seed, threads: workers.count,
      vocabularySize: preparation.loaded.tokenizer.vocabularySize,
      parameterCount: preparation.loaded.model.layout.count, stages: plans,
      peakMemory: ProcessMemory.peak)
  }

  private func trainer(_ stage: Stage, _ loaded: LoadedModel) -> Trainer {
    Trainer(
      loaded.model, weights: loaded.weights, plan: stage.plan, objective: stage.objective,
      settings: stage.settings, seed: stage.seed, workers: workers)
  }

  /// The model that a finished run of this recipe left; nil where there is none.
  private func finished(in folder: String) throws(TrainingError) -> ModelConfiguration? {
    guard let text = try? WholeFile.read("\(folder)/recipe.yaml") else { return nil }
    guard text == Data(recipe.text.utf8) else {
      throw .model(
        "\(folder)/recipe.yaml: is of another run; train with that recipe or name another --out")
    }
    return try? ModelFolder.load(folder).configuration
  }

  /// Whether a run that was begun may be gone on with, or begun anew.
  private func check(
    _ begun: CheckpointFolder.Run, _ run: CheckpointFolder.Run, _ checkpoints: CheckpointFolder,
    resuming: Bool, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    guard resuming else {
      if checkpoints.isEmpty { return }
      throw .model(
        "\(checkpoints.path): holds checkpoints of a run; go on with --resume,"
          + " or remove that folder to train from the beginning")
    }
    guard begun.recipe == run.recipe else {
      throw .model(
        "\(checkpoints.path): is of a run with another recipe or seed; train with that recipe,"
          + " or remove that folder to train from the beginning")
    }
    for (what, old, new) in [
      ("program", begun.producer, run.producer), ("kernels", begun.kernels, run.kernels),
    ] where old != new {
      report(
        .note(
          "\(checkpoints.path): was begun with other \(what) (\(old), now \(new));"
            + " the last bits of the model may differ"))
    }
  }

  /// Writes the recipe first: a folder that takes no file says so before the work, not after it.
  private func prepare(_ folder: String) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      OutputFile.removeLeftovers(in: folder)
      OutputFile.removeLeftovers(in: CheckpointFolder(in: folder).path)
      try AtomicFile.write(Data(recipe.text.utf8), to: "\(folder)/recipe.yaml")
    } catch let error as FileError {
      throw .model(error.description)
    } catch {
      throw .model("\(folder): cannot be made; name another folder with --out")
    }
  }

  private func readCorpora(
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingCorpora {
    let cards =
      recipe.cards.hasPrefix("/")
      ? recipe.cards
      : ((recipePath as NSString).deletingLastPathComponent as NSString)
        .appendingPathComponent(recipe.cards)
    return try TrainingCorpora(
      names: recipe.corpusNames, cards: cards, data: data ?? cards
    ) { report(.note($0)) }
  }

  /// How a stage ended.
  private struct Ending {
    /// Steps done, where the run was asked to stop.
    var interruptedStep: Int?
    /// The best parameters, where development splits told when to stop.
    var best: ParameterBuffer?
  }

  /// Takes every step of one stage that is left.
  private func train(
    _ stage: Stage, _ loaded: LoadedModel, from checkpoint: Checkpoint?,
    _ writer: inout CheckpointWriter, _ isInterrupted: () -> Bool,
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> Ending {
    var trainer = trainer(stage, loaded)
    if let checkpoint { trainer.restore(checkpoint) }
    var stopping = stage.development.map { EarlyStopping($0, resuming: checkpoint) }
    report(
      .stage(
        name: stage.name, step: trainer.step, steps: stage.plan.count, tokens: stage.plan.tokens))
    while stopping?.isOver != true, let step = try next(&trainer, stage) {
      report(.step(step))
      if let note = stopping?.look(after: step, at: loaded.weights) {
        report(.note("\(stage.name) step \(step.step): \(note)"))
      }
      let isStopping = isInterrupted()
      let isLast = step.step == step.steps || stopping?.isOver == true
      try writer.write(isDue: isStopping || isLast) {
        trainer.checkpoint(
          stage: stage.name, best: stopping?.best, bestParameters: stopping?.bestParameters)
      }
      if isStopping { return Ending(interruptedStep: step.step) }
    }
    return Ending(best: stopping?.bestParameters)
  }

  private func next(
    _ trainer: inout Trainer, _ stage: Stage
  ) throws(TrainingError) -> StepReport? {
    do {
      return try trainer.next()
    } catch {
      let rows = Dictionary(grouping: error.texts, by: \.corpus).sorted { $0.key < $1.key }
        .map { "\($0.key) \(Set($0.value.map(\.row)).sorted().joined(separator: ", "))" }
      throw .model(
        "\(recipePath): \(stage.name): the \(error.what) of step \(error.step) is not finite;"
          + " lower the learning_rate or mend the rows: \(rows.joined(separator: "; "))")
    }
  }

  /// Keeps the last parameters as a model in `last`, and makes the best ones the model.
  private func keepLast(
    _ loaded: LoadedModel, best: ParameterBuffer, in folder: String
  ) throws(TrainingError) {
    do {
      try ModelFolder.save(loaded, to: "\(folder)/last")
    } catch {
      throw .model(error.description)
    }
    loaded.weights.all.copy(from: best.all)
  }

  private func save(
    _ loaded: LoadedModel, _ vocabulary: String, to folder: String
  ) throws(TrainingError) -> ModelConfiguration {
    do {
      let configuration = try ModelFolder.save(loaded, to: folder)
      try AtomicFile.write(Data(vocabulary.utf8), to: "\(folder)/tokenizer.vocab")
      return configuration
    } catch {
      throw .model(String(describing: error))
    }
  }
}
