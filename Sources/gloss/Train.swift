import ArgumentParser
import Foundation
import Models
import Training

/// `gloss train`: a recipe becomes a model folder.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model from a recipe: tokenizer, pretraining, fine-tuning.")

  @Argument(help: "The recipe, a YAML file.") var recipe: String
  @Option(help: "The model folder to write.") var out: String
  @Option(help: "The folder of the corpora's files. (default: the cards' own folder)")
  var corpora: String?
  @OptionGroup var threads: ThreadOptions
  @Option(help: "Overrides the recipe's seed.") var seed: UInt64?

  func run() throws {
    try failing {
      var recipe = try Recipe.load(self.recipe)
      if let seed { recipe = recipe.seeded(seed) }
      var display = TrainingDisplay()
      let start = Date()
      let run = TrainingRun(
        recipe: recipe, recipePath: self.recipe, data: corpora, threads: threads.count)
      let configuration = try run.run(to: out) { display.show($0) }
      let seconds = Int(Date().timeIntervalSince(start))
      Console.note("\(out): \(configuration.identifier) in \(duration(seconds))")
    }
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
    case .stage(let name, let steps, let tokens):
      stage = name
      stageTokens = tokens
      self.tokens = 0
      start = Date()
      means = [:]
      Console.note("\(name): \(steps) steps, \(tokens) pieces")
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
    let left = Double(stageTokens - tokens) / max(rate, 1)
    Console.progress(isLast: report.step == report.steps) {
      let losses = report.losses.map { "\($0.name) \(decimals(means[$0.name] ?? 0, 3))" }
      return "\(stage) \(report.step)/\(report.steps)  \(duration(Int(left))) left"
        + "  \(decimals(rate / 1_000, 1))k pieces/s  \(losses.joined(separator: "  "))"
    }
  }
}

/// `value` with `places` decimals.
func decimals(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

/// `1h 2m`, `3m 20s` or `12s`.
func duration(_ seconds: Int) -> String {
  if seconds >= 3_600 { return "\(seconds / 3_600)h \(seconds % 3_600 / 60)m" }
  return seconds >= 60 ? "\(seconds / 60)m \(seconds % 60)s" : "\(seconds)s"
}
