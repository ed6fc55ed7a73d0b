import Corpora
import Evaluation
import Files
import Foundation
import Inference
import Models
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Training

/// A run that stops and goes on ends as one that never stopped.
@Suite struct ResumeTests {
  private static let recipe = TrainingPlace.recipe
  private static let stopping = """
      early_stopping: {metric: sentiment.accuracy, every_steps: 3, patience: 2}
    """

  @Test(
    arguments: zip(
      [1, 4, 5, 9], ["", "", ", optimizer: muon", ", optimizer: muon, precision: bfloat16"]))
  func aRunStoppedAgainAndAgainEndsAsAnUndisturbedOne(steps: Int, settings: String) throws {
    let recipe = Self.recipe.replacingOccurrences(
      of: "learning_rate: 0.01}", with: "learning_rate: 0.01\(settings)}")
    #expect(settings.isEmpty || recipe.contains(settings))
    let undisturbed = try TrainingPlace.with(recipe: recipe) { place in
      _ = try place.run()
      return try place.files()
    }
    try TrainingPlace.with(recipe: recipe) { place in
      var outcome = try place.run(stopAfter: steps)
      var sessions = 1
      while case .interrupted = outcome {
        // Another number of threads each time: the model does not depend on it.
        outcome = try place.run(resuming: true, stopAfter: steps, threads: 1 + sessions % 3)
        sessions += 1
      }
      #expect(sessions > 2)
      #expect(try place.files() == undisturbed)
    }
  }

  @Test func aRunStopsAfterItsLastStepToo() throws {
    let recipe = Self.recipe + "\nngrams: {corpora: [{name: samples}]}\ncalibration: {}\n"
    let undisturbed = try TrainingPlace.with(recipe: recipe) { place in
      _ = try place.run()
      return try place.files()
    }
    try TrainingPlace.with(recipe: recipe) { place in
      guard case .interrupted(let stage, let step) = try place.run(stopAt: "n-grams:") else {
        Issue.record("it went on")
        return
      }
      #expect(stage == "finetune" && step > 1)
      #expect(!FileManager.default.fileExists(atPath: place.model + "/config.json"))
      _ = try place.run(resuming: true)
      #expect(try place.files() == undisturbed)
    }
  }

  @Test func earlyStoppingGoesOnWhereItWas() throws {
    let recipe = Self.recipe + "\n" + Self.stopping
    let undisturbed = try TrainingPlace.with(recipe: recipe) { place in
      var notes: [String] = []
      _ = try place.run { notes.append($0) }
      let looks = notes.filter { $0.contains("sentiment.accuracy") }
      #expect(looks.first?.hasSuffix("the best so far") == true, "\(looks)")
      return (model: try place.files(), last: try place.files(in: "last"), looks: looks)
    }
    // The best is the model; the last one lies beside it and is a whole model too.
    #expect(
      undisturbed.last.keys.sorted() == ["config.json", "model.safetensors", "tokenizer.model"])
    try TrainingPlace.with(recipe: recipe) { place in
      var looks: [String] = []
      var outcome = try place.run(stopAfter: 2) { looks.append($0) }
      while case .interrupted = outcome {
        outcome = try place.run(resuming: true, stopAfter: 2) { looks.append($0) }
      }
      #expect(looks.filter { $0.contains("sentiment.accuracy") } == undisturbed.looks)
      #expect(try place.files() == undisturbed.model)
      #expect(try place.files(in: "last") == undisturbed.last)
    }
  }

  @Test func patienceEndsTheStageAndTheBestIsKept() throws {
    // So high a learning rate that the figure cannot go on rising.
    let recipe = Self.recipe.replacingOccurrences(
      of: "passes: 4}]\n  optimization: {batch_tokens: 1024, learning_rate: 0.01}",
      with: "passes: 40}]\n  optimization: {batch_tokens: 512, learning_rate: 0.3}")
    try TrainingPlace.with(recipe: recipe + "\n" + Self.stopping) { place in
      var notes: [String] = []
      var steps = (done: 0, planned: 0)
      let run = TrainingRun(
        recipe: try Recipe.load(place.recipePath), data: nil,
        threads: 2)
      try run.run(to: place.model) { event in
        switch event {
        case .note(let line): notes.append(line)
        case .stage(_, _, let count, _): steps = (0, count)
        case .step(let step): steps.done = step.step
        }
      }
      let looks = notes.filter { $0.contains("sentiment.accuracy") }
      #expect(steps.done < steps.planned)
      #expect(looks.last?.contains("no better 2 times, so training ends") == true, "\(looks)")
      // The model in the folder is not the last one.
      let (best, last) = (try place.files(), try place.files(in: "last"))
      #expect(best["model.safetensors"] != last["model.safetensors"])
      let figures = looks.compactMap { look in
        look.firstMatch(of: /accuracy (\d\.\d+)/).flatMap { Double($0.1) }
      }
      #expect(figures.count == looks.count)
      #expect(try accuracy(of: place.model) == figures.max())
      #expect(try accuracy(of: place.model + "/last") == figures.last)
    }
  }

  /// The accuracy of a model's stars on the development split, with four decimals.
  private func accuracy(of model: String) throws -> Double? {
    let folder = Project.root.appendingPathComponent("corpora").path
    let examples = try CorpusFolder(cards: folder, data: folder).corpus(named: "samples")
      .examples(.dev)
    let reader = TextReader(try ModelFolder.load(model), threads: 1)
    let report = Evaluation.report(on: examples, corpus: "samples", split: .dev, reader: reader)
    return report.heads.first { $0.head == "sentiment" }?.scores.accuracy
      .map { ($0 * 10_000).rounded() / 10_000 }
  }

  @Test func anOlderModelIsNotTakenForTheNewOne() throws {
    try TrainingPlace.with { place in
      _ = try place.run()
      let old = try place.files()
      let other = Self.recipe.replacingOccurrences(of: "seed: 3", with: "seed: 4")
      try Data(other.utf8).write(to: URL(fileURLWithPath: place.recipePath))
      // The new run stops early; then its checkpoints are thrown away.
      _ = try place.run(stopAfter: 1)
      #expect(try place.files()["recipe.yaml"] == old["recipe.yaml"])
      try FileManager.default.removeItem(atPath: place.checkpoints)
      #expect(
        try place.problem(resuming: true)
          == "model/recipe.yaml: is of another run; train with that recipe or name another --out")
      _ = try place.run()
      #expect(try place.files()["model.safetensors"] != old["model.safetensors"])
    }
  }

  @Test func checkpointsWithoutTheirRunAreNotOverwritten() throws {
    try TrainingPlace.with { place in
      _ = try place.run(stopAfter: 2)
      let kept = try place.files(in: "checkpoints")
      try FileManager.default.removeItem(atPath: place.checkpoints + "/run.json")
      #expect(
        try place.problem(resuming: true)
          == "model/checkpoints: holds checkpoints of a run; its run.json is missing, so"
          + " remove that folder to train from the beginning")
      #expect(try place.problem(resuming: false).hasPrefix("model/checkpoints: holds checkpoints"))
      for damage in ["{", #"{"formatVersion": 2}"#, #"{"formatVersion": 1}"#] {
        try Data(damage.utf8).write(to: URL(fileURLWithPath: place.checkpoints + "/run.json"))
        let line = try place.problem(resuming: true)
        #expect(line.hasPrefix("model/checkpoints/run.json: ") && !line.contains("\n"), "\(line)")
        #expect(line.hasSuffix("to train from the beginning"), "\(line)")
      }
      for (name, data) in kept where name.hasSuffix("safetensors") {
        #expect(try place.files(in: "checkpoints")[name] == data)
      }
    }
  }

  @Test func twoRunsDoNotShareAFolder() throws {
    try TrainingPlace.with { place in
      _ = try place.run(stopAfter: 1)
      let lock = try #require(FolderLock(place.checkpoints))
      let begun = try place.files(in: "checkpoints")["run.json"]
      withExtendedLifetime(lock) {
        #expect(
          (try? place.problem(resuming: true))
            == "\(place.model): another gloss is training it; wait until it is done"
            .replacingOccurrences(of: place.folder.path + "/", with: ""))
        // Nor does one that begins anew say that the folder is its own.
        #expect(
          (try? place.problem(resuming: false))
            == "model: another gloss is training it; wait until it is done")
      }
      let left = try place.files(in: "checkpoints")["run.json"]
      #expect(left == begun)
    }
  }

  /// Every key that shapes the loss or the order reaches the model.
  @Test(arguments: [
    ("passes: 4}]", "passes: 4}]\n  label_smoothing: 0.1"),
    ("passes: 4}]", "passes: 4}]\n  class_weights: {sentiment: auto}"),
    ("passes: 4}]", "passes: 4}]\n  class_weights: {intents: {complaint: 9}}"),
    ("passes: 4}]", "passes: 4}]\n  head_weights: {names: 0}"),
    ("passes: 4}]", "passes: 4}]\n  piece_dropout: 0.2"),
    ("passes: 4}]", "passes: 4}]\n  adversarial_norm: 0.2"),
    ("passes: 4}]", "weight: 2}]\n  examples: 300"),
    ("passes: 1}]", "weight: 2}]\n  examples: 300"),
    ("passes: 1}]", "passes: 1}]\n  mask_probability: 0.3"),
    ("window_overlap: 8}", "window_overlap: 4}"),
    ("rate: 0.01}", "rate: 0.01, gradient_accumulation: 2}"),
    ("rate: 0.01}", "rate: 0.01, gradient_clip: 0.1}"),
    ("rate: 0.01}", "rate: 0.01, weight_decay: 0.5}"),
    ("rate: 0.01}", "rate: 0.01, dropout: 0.3}"),
    ("rate: 0.01}", "rate: 0.01, warmup: 0.5}"),
  ])
  func everyKeyChangesTheModel(text: String, changed: String) throws {
    func model(_ recipe: String) throws -> Data? {
      try TrainingPlace.with(recipe: recipe) { place in
        _ = try place.run()
        return try place.files()["model.safetensors"]
      }
    }
    #expect(Self.recipe.contains(text))
    let other = Self.recipe.replacingOccurrences(of: text, with: changed)
    #expect(try model(other) != model(Self.recipe))
  }

  @Test func aDevelopmentMetricWithoutDataIsAnErrorBeforeTheFirstStep() throws {
    let recipe = (Self.recipe + "\n" + Self.stopping).replacingOccurrences(
      of: "[{name: samples, passes: 4}]", with: "[{name: bare}]")
    try TrainingPlace.with(recipe: recipe) { place in
      let cards = place.folder.appendingPathComponent("cards")
      let card = try String(
        contentsOf: cards.appendingPathComponent("samples.yaml"), encoding: .utf8)
      // A corpus without a development split.
      let lines = card.replacingOccurrences(of: "name: samples", with: "name: bare")
        .split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.contains("hash") && !$0.contains("test:") && !$0.contains("dev:") }
      try Data(lines.joined(separator: "\n").utf8).write(
        to: cards.appendingPathComponent("bare.yaml"))
      let problem =
        "recipe.yaml: early_stopping: no corpus of finetune has a dev split that tells apart sentiment;"
        + " name another metric"
      #expect(try place.problem(resuming: false) == problem)
      // One whose texts are all of one opinion has no figure either.
      let alike = (0..<3).map { #"{"text": "Fine, number \#($0).", "stars": 5}"# + "\n" }
      try Data(alike.joined().utf8).write(to: cards.appendingPathComponent("alike.jsonl"))
      let withDev = lines.map { $0 == "files:" ? "files:\n  dev: [./alike.jsonl]" : $0 }
      try Data(withDev.joined(separator: "\n").utf8).write(
        to: cards.appendingPathComponent("bare.yaml"))
      #expect(try place.problem(resuming: false) == problem)
    }
  }

  @Test func whatIsHalfDoneIsNotOverwrittenUnasked() throws {
    try TrainingPlace.with { place in
      _ = try place.run(stopAfter: 2)
      #expect(
        try place.problem(resuming: false)
          == "model/checkpoints: holds checkpoints of a run; go on with --resume, or"
          + " remove that folder to train from the beginning")
      #expect(try place.problem(resuming: true) == "none")
      #expect(!FileManager.default.fileExists(atPath: place.checkpoints))
    }
  }

  @Test func anotherRecipeOrOtherCorporaAreRefused() throws {
    try TrainingPlace.with { place in
      _ = try place.run(stopAfter: 2)
      let kept = try place.files(in: "checkpoints")
      let other = Self.recipe.replacingOccurrences(of: "seed: 3", with: "seed: 4")
      try Data(other.utf8).write(to: URL(fileURLWithPath: place.recipePath))
      #expect(
        try place.problem(resuming: true)
          == "model/checkpoints: is of a run with another recipe or seed; train with that recipe,"
          + " or remove that folder to train from the beginning")
      try Data(Self.recipe.utf8).write(to: URL(fileURLWithPath: place.recipePath))
      let reviews = place.folder.appendingPathComponent("cards/samples/reviews.jsonl")
      let text = try String(contentsOf: reviews, encoding: .utf8)
      try Data(text.split(separator: "\n").dropLast().joined(separator: "\n").utf8).write(
        to: reviews)
      #expect(
        try place.problem(resuming: true)
          == "model/checkpoints: the corpora have changed since; restore them,"
          + " or remove that folder to train from the beginning")
      #expect(try place.files(in: "checkpoints") == kept)
    }
  }

  @Test func aFinishedRunIsNotTrainedAgain() throws {
    try TrainingPlace.with { place in
      let outcome = try place.run(resuming: true)
      let files = try place.files()
      var notes: [String] = []
      let again = try place.run(resuming: true) { notes.append($0) }
      #expect(again == outcome)
      #expect(notes == ["\(place.model): trained already"])
      #expect(try place.files() == files)
      let other = Self.recipe.replacingOccurrences(of: "seed: 3", with: "seed: 4")
      try Data(other.utf8).write(to: URL(fileURLWithPath: place.recipePath))
      #expect(
        try place.problem(resuming: true)
          == "model/recipe.yaml: is of another run; train with that recipe or name another --out")
    }
  }

  @Test func checkpointsThatAreAllDamagedMeanFromTheBeginning() throws {
    let undisturbed = try TrainingPlace.with { place in
      _ = try place.run()
      return try place.files()
    }
    try TrainingPlace.with { place in
      _ = try place.run(stopAfter: 6)
      for (name, data) in try place.files(in: "checkpoints") where name.hasSuffix("safetensors") {
        try data.prefix(data.count / 2).write(
          to: URL(fileURLWithPath: "\(place.checkpoints)/\(name)"))
      }
      var notes: [String] = []
      _ = try place.run(resuming: true, stopAfter: 3) { notes.append($0) }
      _ = try place.run(resuming: true)
      #expect(notes.count { $0.hasSuffix("; removed") } == 2)
      #expect(try place.files() == undisturbed)
    }
  }

  @Test func whatAKilledWriterLeftIsRemoved() throws {
    try TrainingPlace.with { place in
      _ = try place.run(stopAfter: 2)
      let leftover = "\(place.checkpoints)/.\(UUID().uuidString).part"
      let foreign = "\(place.checkpoints)/.notes.part"
      for file in [leftover, foreign] {
        try Data("half".utf8).write(to: URL(fileURLWithPath: file))
      }
      _ = try place.run(resuming: true, stopAfter: 1)
      #expect(!FileManager.default.fileExists(atPath: leftover))
      #expect(FileManager.default.fileExists(atPath: foreign))
    }
  }

  @Test func thePlanIsWhatTheRunDoes() throws {
    try TrainingPlace.with { place in
      let run = TrainingRun(
        recipe: try Recipe.load(place.recipePath), data: nil,
        threads: 2)
      let plan = try run.plan { _ in }
      #expect(!FileManager.default.fileExists(atPath: place.model))
      var stages: [String] = []
      var tokens: [String: Int] = [:]
      try run.run(to: place.model) { event in
        switch event {
        case .stage(let name, _, let steps, let count):
          stages.append("\(name) \(steps) \(count)")
        case .step(let step): tokens[stages.last ?? "", default: 0] += step.tokens
        case .note: break
        }
      }
      #expect(plan.stages.map { "\($0.name) \($0.steps) \($0.tokens)" } == stages)
      #expect(plan.stages.map(\.tokens) == stages.map { tokens[$0] ?? 0 })
      let model = try ModelFolder.load(place.model)
      #expect(plan.parameterCount == model.model.layout.count)
      #expect(plan.vocabularySize == model.tokenizer.vocabularySize)
      #expect(plan.stages.map { $0.shares.map(\.corpus) } == [["samples"], ["samples"]])
      #expect(plan.stages.allSatisfy { $0.seconds > 0 && $0.seconds < 60 })
      #expect(plan.peakMemory > 1 << 20)
      // It says what a run would trip over.
      _ = try place.run(stopAfter: 1)
      let error = #expect(throws: TrainingError.self) { try run.plan(for: place.model) { _ in } }
      #expect(error?.description.contains("go on with --resume") == true)
      let resumed = try run.plan(for: place.model, resuming: true) { _ in }
      #expect(resumed.stages.map(\.steps) == plan.stages.map(\.steps))
    }
  }
}
