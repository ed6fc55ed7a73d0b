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
  /// The run was asked to stop; a checkpoint holds everything up to this step of this stage. The
  /// stage is nil where none had begun.
  case interrupted(stage: String?, step: Int)
}

/// All of `gloss train`: tokenizer, pretraining, fine-tuning, model folder.
public struct TrainingRun {
  let recipe: Recipe
  private let data: String?
  let workers: Workers

  /// A run of `recipe`.
  ///
  /// - Parameters:
  ///   - recipe: what to train; its card folder is relative to the file it was read from.
  ///   - data: the folder of the corpora; nil where their files lie beside the cards.
  ///   - threads: how many threads work; the model does not depend on it.
  public init(recipe: Recipe, data: String?, threads: Int) {
    BLAS.warnOnce()
    self.recipe = recipe
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
    if resuming, try checkpoints.identity() == nil, let model = try finished(in: folder) {
      report(.note("\(folder): trained already"))
      checkpoints.remove()
      return .trained(model)
    }
    try checkpoints.make()
    guard let lock = FolderLock(checkpoints.path) else {
      throw .model("\(folder): another gloss is training it; wait until it is done")
    }
    defer { withExtendedLifetime(lock) {} }
    var identity =
      try begun(checkpoints, resuming: resuming, report) ?? .init(recipe: recipeChecksum)
    try checkpoints.write(identity)
    for part in [folder, checkpoints.path, "\(folder)/last"] {
      OutputFile.removeLeftovers(in: part)
    }

    let corpora = try readCorpora(report)
    if let old = identity.corpora, old != corpora.checksum {
      throw .model(
        "\(checkpoints.path): the corpora have changed since; restore them,"
          + " or remove that folder to train from the beginning")
    }
    identity.corpora = corpora.checksum
    let preparation = try Preparation(
      recipe, corpora: corpora,
      tokenizer: checkpoints.tokenizer(checksum: identity.tokenizer), workers: workers,
      report: report)
    var loaded = preparation.loaded
    let tokenizer = Checksum.crc32(of: loaded.tokenizer.modelData)
    let teachers = preparation.teachers?.checksum
    for (old, new) in [
      (identity.tokenizer, tokenizer), (identity.base, preparation.baseChecksum),
      (identity.generator, preparation.generatorChecksum), (identity.teachers, teachers),
    ] {
      if let old, old != new {
        throw .model(
          "\(checkpoints.path): a model that the run began with has changed since; restore it,"
            + " or remove that folder to train from the beginning")
      }
    }
    try checkpoints.write(tokenizer: loaded.tokenizer.modelData)
    identity.tokenizer = tokenizer
    identity.base = preparation.baseChecksum
    identity.generator = preparation.generatorChecksum
    identity.teachers = teachers
    try checkpoints.write(identity)
    if isInterrupted() { return .interrupted(stage: nil, step: 0) }

    var checkpoint = try checkpoints.newest(layout: loaded.model.layout) { report(.note($0)) }
    if let name = checkpoint?.state.stage, !preparation.stages.contains(where: { $0.name == name })
    {
      throw .model("\(checkpoints.path): is of a stage '\(name)' that the recipe does not have")
    }
    var writer = CheckpointWriter(folder: checkpoints, interval: checkpointInterval)
    var done: (stage: String, step: Int)?
    for (index, stage) in preparation.stages.enumerated() {
      if let name = checkpoint?.state.stage, name != stage.name { continue }
      writer.stageIndex = index
      var stage = stage
      if stage.name == "finetune", checkpoint?.state.step != stage.plan.count,
        let teachers = preparation.teachers
      {
        let student = loaded.configuration
        guard teach(&stage.plan, teachers, student, isInterrupted, report) else {
          let begun = index > 0 || checkpoint != nil
          return .interrupted(
            stage: begun ? stage.name : nil, step: checkpoint?.state.step ?? 0)
        }
      }
      let ending = try train(stage, loaded, from: &checkpoint, &writer, isInterrupted, report)
      if ending.isInterrupted { return .interrupted(stage: stage.name, step: ending.step) }
      done = (stage.name, ending.step)
      if let best = ending.best { try keepLast(loaded, best: best, in: folder) }
    }
    // The last checkpoint is of the last step; what follows it begins anew.
    let isFinished = loaded.finish(
      as: recipe, on: corpora, workers: workers, isInterrupted: isInterrupted
    ) { report(.note($0)) }
    guard isFinished else { return .interrupted(stage: done?.stage, step: done?.step ?? 0) }
    let configuration = try save(loaded, preparation.vocabulary, to: folder)
    checkpoints.remove()
    return .trained(configuration)
  }

  /// Gives the plan's texts without labels what `teachers` say of them; false where the run was asked
  /// to stop before all were read.
  private func teach(
    _ plan: inout BatchPlan, _ teachers: Teachers, _ student: ModelConfiguration,
    _ isInterrupted: () -> Bool, _ report: (TrainingEvent) -> Void
  ) -> Bool {
    let texts = plan.plainTexts
    report(.note("teachers: reading \(texts.count) texts without labels"))
    let lessons = teachers.lessons(
      for: texts, to: student, threads: workers.count, isInterrupted: isInterrupted)
    plan.teach(lessons ?? [])
    return lessons != nil
  }

  func trainer(_ stage: Stage, _ loaded: LoadedModel) -> Trainer {
    Trainer(
      loaded.model, weights: loaded.weights, plan: stage.plan, objective: stage.objective,
      settings: stage.settings, seed: stage.seed, workers: workers)
  }

  private var recipeChecksum: String { Checksum.crc32(of: Data(recipe.text.utf8)) }

  /// The model that a finished run of this recipe left; nil where there is none.
  private func finished(in folder: String) throws(TrainingError) -> ModelConfiguration? {
    guard FileManager.default.fileExists(atPath: "\(folder)/config.json"),
      let text = try? WholeFile.read("\(folder)/recipe.yaml")
    else { return nil }
    guard text == Data(recipe.text.utf8) else {
      throw .model(
        "\(folder)/recipe.yaml: is of another run; train with that recipe or name another --out")
    }
    do {
      return try ModelFolder.load(folder).configuration
    } catch {
      throw .model("\(error); or name another --out")
    }
  }

  /// The run in the folder to go on with; nil to begin one.
  ///
  /// - Throws: `TrainingError` where this run would overwrite that one, or not end as it would.
  func begun(
    _ checkpoints: CheckpointFolder, resuming: Bool, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> CheckpointFolder.Identity? {
    guard let begun = resuming ? try checkpoints.identity() : nil else {
      if checkpoints.isEmpty { return nil }
      throw .model(
        "\(checkpoints.path): holds checkpoints of a run; "
          + (resuming ? "its run.json is missing, so" : "go on with --resume, or")
          + " remove that folder to train from the beginning")
    }
    guard begun.recipe == recipeChecksum else {
      throw .model(
        "\(checkpoints.path): is of a run with another recipe or seed; train with that recipe,"
          + " or remove that folder to train from the beginning")
    }
    let isOther = (
      producer: begun.producer != Producer.name,
      kernels: !BLAS.roundAlike(begun.kernels, BLAS.coreName)
    )
    if isOther.producer || isOther.kernels {
      report(
        .note(
          "\(checkpoints.path): was begun by \(begun.producer) with kernels \(begun.kernels), now"
            + " \(Producer.name) with \(BLAS.coreName); the last bits of the model may differ"))
    }
    return begun
  }

  func readCorpora(
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingCorpora {
    let cards = Recipe.resolve(recipe.cards, besideRecipe: recipe.path)
    return try TrainingCorpora(
      names: recipe.corpusNames, learned: recipe.learnedCorpora, licences: recipe.licences,
      asPublished: recipe.asPublished,
      cards: cards, data: data ?? cards, workers: workers
    ) { report(.note($0)) }
  }

  /// How a stage ended.
  private struct Ending {
    /// Steps done.
    var step: Int
    /// Whether the run was asked to stop.
    var isInterrupted = false
    /// The best parameters, where development splits told when to stop.
    var best: ParameterBuffer?
  }

  /// Takes every step of one stage that is left.
  private func train(
    _ stage: Stage, _ loaded: LoadedModel, from checkpoint: inout Checkpoint?,
    _ writer: inout CheckpointWriter, _ isInterrupted: () -> Bool,
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> Ending {
    var trainer = trainer(stage, loaded)
    if let checkpoint { trainer.restore(checkpoint) }
    var stopping = stage.development.map { EarlyStopping($0, resuming: checkpoint) }
    // Its buffers are copied.
    checkpoint = nil
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
      try writer.write(isDue: isStopping || isLast) { () throws(TrainingError) in
        try check(loaded.weights, after: step, stage)
        return trainer.checkpoint(
          stage: stage.name, best: stopping?.best, bestParameters: stopping?.bestParameters)
      }
      if isStopping { return Ending(step: step.step, isInterrupted: true) }
    }
    return Ending(step: trainer.step, best: stopping?.bestParameters)
  }

  func next(_ trainer: inout Trainer, _ stage: Stage) throws(TrainingError) -> StepReport? {
    do {
      return try trainer.next()
    } catch {
      var rows: [(corpus: String, rows: [String])] = []
      for text in error.texts {
        let index = rows.firstIndex { $0.corpus == text.corpus } ?? rows.count
        if index == rows.count { rows.append((text.corpus, [])) }
        if !rows[index].rows.contains(text.row) { rows[index].rows.append(text.row) }
      }
      let list = rows.map { "\($0.corpus) \($0.rows.joined(separator: ", "))" }
        .joined(separator: "; ").onOneLine
      throw .model(
        "\(recipe.path): \(stage.name): the \(error.what) of step \(error.step) is not finite;"
          + " lower the learning_rate or mend the rows of that step (the last checkpoint is from"
          + " before it): \(list)")
    }
  }

  /// A checkpoint holds only numbers that one can go on from.
  private func check(
    _ weights: ParameterBuffer, after step: StepReport, _ stage: Stage
  ) throws(TrainingError) {
    guard !Kernels.sumOfSquares(weights.all).isFinite else { return }
    throw .model(
      "\(recipe.path): \(stage.name): the parameters after step \(step.step) are not finite;"
        + " lower the learning_rate (the last checkpoint is from before it)")
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

  /// Writes the model; its configuration comes last and makes it one.
  private func save(
    _ loaded: LoadedModel, _ vocabulary: String, to folder: String
  ) throws(TrainingError) -> ModelConfiguration {
    do {
      try? FileManager.default.removeItem(atPath: "\(folder)/config.json")
      try AtomicFile.write(Data(recipe.text.utf8), to: "\(folder)/recipe.yaml")
      try AtomicFile.write(Data(vocabulary.utf8), to: "\(folder)/tokenizer.vocab")
      return try ModelFolder.save(loaded, to: folder, as: recipe.weights)
    } catch {
      throw .model(String(describing: error))
    }
  }
}
