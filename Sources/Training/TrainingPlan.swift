import Files
import Foundation
import Models
import Tensors
import Tokenization

/// What a run would do.
public struct TrainingPlan: Equatable, Sendable {
  /// The model's name.
  public var name: String
  /// Where all randomness comes from.
  public var seed: UInt64
  /// Threads that would work.
  public var threads: Int
  /// Pieces of the tokenizer.
  public var vocabularySize: Int
  /// Numbers of the model.
  public var parameterCount: Int
  /// In the order in which they would run.
  public var stages: [StagePlan]
  /// Bytes, measured with every text read and all buffers of the largest stage in use.
  public var peakMemory: Int
}

/// What a stage would do.
public struct StagePlan: Equatable, Sendable {
  /// pretrain or finetune.
  public var name: String
  /// How much of each corpus it reads.
  public var shares: [StageShare]
  /// Texts that it meets, each as often as it is met.
  public var texts: Int
  /// Its steps.
  public var steps: Int
  /// Pieces of all steps.
  public var tokens: Int
  /// Estimated from the speed of the first steps.
  public var seconds: Double
}

extension TrainingRun {
  /// What `run` would do, from reading and checking everything; nothing is written.
  ///
  /// The tokenizer is learned as in the run, so the counts are the run's own. A few steps of each
  /// stage are timed on numbers that are thrown away.
  ///
  /// - Parameters:
  ///   - folder: the model folder, to see whether a run could begin there; nil to leave that out.
  ///   - resuming: whether the run would go on from the folder's newest checkpoint.
  ///   - report: told what happens.
  /// - Returns: stages, steps, pieces, memory and time.
  /// - Throws: `TrainingError` where `run` would, before its first step.
  public func plan(
    for folder: String? = nil, resuming: Bool = false, report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingPlan {
    if let folder {
      _ = try begun(CheckpointFolder(in: folder), resuming: resuming, report)
      try checkWritable(folder)
    }
    let corpora = try readCorpora(report)
    let preparation = try Preparation(
      recipe, corpora: corpora, tokenizer: nil, workers: workers,
      report: report)
    return TrainingPlan(
      name: recipe.name, seed: recipe.seed, threads: workers.count,
      vocabularySize: preparation.loaded.tokenizer.vocabularySize,
      parameterCount: preparation.loaded.model.layout.count,
      stages: preparation.stages.map { stage in
        StagePlan(
          name: stage.name, shares: stage.shares, texts: stage.plan.textCount,
          steps: stage.plan.count, tokens: stage.plan.tokens,
          seconds: seconds(stage, preparation))
      },
      peakMemory: ProcessMemory.peak)
  }

  private func checkWritable(_ folder: String) throws(TrainingError) {
    // The nearest folder that is there.
    var existing = folder
    while !existing.isEmpty, !FileManager.default.fileExists(atPath: existing) {
      existing = Folder.parent(of: existing)
    }
    if existing.isEmpty { existing = "." }
    let url = URL(fileURLWithPath: existing).resolvingSymlinksInPath()
    let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    guard isFolder, FileManager.default.isWritableFile(atPath: existing) else {
      throw .model("\(folder): cannot be written; name another folder with --out")
    }
  }

  /// About how long a stage takes, looks at the development splits and the reading of teachers
  /// included.
  private func seconds(_ stage: Stage, _ preparation: Preparation) -> Double {
    func seconds(since start: ContinuousClock.Instant) -> Double {
      (ContinuousClock.now - start) / .seconds(1)
    }
    var trainer = trainer(stage, preparation.loaded)
    var rate = 0.0
    // The first steps also ask for memory, so the second round counts, unless the first took all.
    for _ in 0..<2 {
      let start = ContinuousClock.now
      var tokens = 0
      while seconds(since: start) < 4, let step = try? trainer.next() { tokens += step.tokens }
      if tokens > 0 { rate = Double(tokens) / seconds(since: start) }
    }
    var steps = rate > 0 ? Double(stage.plan.tokens) / rate : 0
    if stage.name == "finetune", let teachers = preparation.teachers {
      let texts = stage.plan.plainTexts
      // A few from everywhere.
      let some = stride(from: 0, to: texts.count, by: texts.count / 200 + 1).map { texts[$0] }
      let start = ContinuousClock.now
      _ = teachers.lessons(for: some, to: preparation.loaded.configuration, threads: workers.count)
      steps += seconds(since: start) * Double(texts.count) / Double(some.count)
    }
    guard let development = stage.development else { return steps }
    let start = ContinuousClock.now
    _ = development.value()
    return steps + seconds(since: start)
      * Double(stage.plan.count / development.settings.everySteps + 1)
  }
}
