import ArgumentParser
import Foundation
import Models
import Training

/// `gloss train`: a recipe becomes a model folder.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model from a recipe: tokenizer, pretraining, fine-tuning.",
    discussion: """
      Exit status: 0 done; 2 the run could not go on; 64 wrong usage; 130 interrupted: go on with \
      --resume.
      """)

  @Argument(help: "The recipe, a YAML file.") var recipe: String
  @Option(help: "The model folder to write.") var out: String?
  @Option(help: "The folder of the corpora's files. (default: the cards' own folder)")
  var corpora: String?
  @OptionGroup var threads: ThreadOptions
  @Option(help: "Overrides the recipe's seed.") var seed: UInt64?
  @Option(help: "A model folder to begin with: its tokenizer, architecture and encoder.")
  var from: String?
  @Flag(help: "Go on from the last checkpoint in --out; begin where there is none.")
  var resume = false
  @Option(
    help: "Seconds between two checkpoints; 0 for one after every step.")
  var checkpointSeconds: Double = 300

  @Flag(help: "Read and check everything, print the plan, train and write nothing.")
  var dryRun = false

  func validate() throws {
    if out == nil && !dryRun { throw ValidationError("--out is missing; name the model folder") }
    if !(0...1e9).contains(checkpointSeconds) {
      throw ValidationError("--checkpoint-seconds is \(checkpointSeconds); it has to be 0 or more")
    }
  }

  func run() throws {
    try failing {
      var recipe = try Recipe.load(self.recipe)
      if let seed { recipe = recipe.seeded(seed) }
      if let from { recipe = recipe.started(from: from) }
      let run = TrainingRun(recipe: recipe, data: corpora, threads: threads.count)
      var display = TrainingDisplay()
      guard let out, !dryRun else {
        return try Console.output(run.plan(for: out, resuming: resume) { display.show($0) }.table())
      }
      let interruption = Interruption()
      let start = Date()
      let outcome = try run.run(
        to: out, resuming: resume, checkpointInterval: checkpointSeconds,
        isInterrupted: { interruption.wasRequested }, report: { display.show($0) })
      switch outcome {
      case .trained(let configuration):
        let seconds = Int(Date().timeIntervalSince(start))
        Console.note("\(out): \(configuration.identifier) in \(duration(seconds))")
      case .interrupted(let stage, let step):
        let place = stage.map { "after step \(step) of \($0)" } ?? "before the first step"
        Console.note("\(out): stopped \(place); go on with the same command and --resume")
        throw Status.interrupted
      }
    }
  }
}

extension TrainingPlan {
  /// The plan for people: a block of lines for every stage.
  fileprivate func table() -> String {
    var lines = [
      "\(name): \(parameterCount) parameters, \(vocabularySize) pieces, seed \(seed)"
    ]
    for stage in stages {
      // Pretraining reads texts in windows.
      let unit = stage.name == "pretrain" ? "windows" : "texts"
      lines.append(
        "\(stage.name): \(stage.steps) steps, \(stage.texts) \(unit), \(stage.tokens) pieces,"
          + " about \(duration(Int(stage.seconds.rounded(.up))))")
      let width = stage.shares.reduce(0) { max($0, $1.corpus.count) }
      for share in stage.shares {
        let padding = String(repeating: " ", count: width - share.corpus.count)
        lines.append(
          "  \(share.corpus)\(padding)  \(share.texts) \(unit), \(decimals(share.passes, 2)) passes"
        )
      }
    }
    let seconds = stages.reduce(0) { $0 + $1.seconds }
    lines.append(
      "about \(duration(Int(seconds.rounded(.up)))) on \(threads) threads, by the speed of the"
        + " first steps; \(peakMemory >> 20) MiB of memory")
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Shows a run on the console.
struct TrainingDisplay {
  private var stage = ""
  private var stageTokens = 0
  private var tokens = 0
  private var start = Date()
  private var means: [String: Double] = [:]

  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .note(let line): Console.note(line)
    case .stage(let name, let step, let steps, let tokens):
      stage = name
      // What is left, about.
      stageTokens = tokens * (steps - step) / max(steps, 1)
      self.tokens = 0
      start = Date()
      means = [:]
      let done = step > 0 ? "; going on after step \(step)" : ""
      Console.note("\(name): \(steps) steps, \(tokens) pieces\(done)")
    case .step(let report): show(report)
    }
  }

  private mutating func show(_ report: StepReport) {
    tokens += report.tokens
    for (name, value) in report.losses {
      // A running mean over about twenty steps.
      means[name] = means[name].map { 0.95 * $0 + 0.05 * value } ?? value
    }
    let seconds = Date().timeIntervalSince(start)
    let rate = Double(tokens) / max(seconds, 1e-3)
    let left = Double(max(0, stageTokens - tokens)) / max(rate, 1)
    Console.progress(isLast: report.step == report.steps) {
      let losses = report.losses.map { "\($0.name) \(decimals(means[$0.name] ?? 0, 3))" }
      return "\(stage) \(report.step)/\(report.steps)  \(duration(Int(left))) left"
        + "  \(decimals(rate / 1_000, 1))k pieces/s  \(losses.joined(separator: "  "))"
    }
  }
}
