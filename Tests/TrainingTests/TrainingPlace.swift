import Files
import Foundation
import Tensors
import TestSupport

@testable import Training

/// A folder with a recipe and the samples, and what can be done in it.
struct TrainingPlace {
  /// Both stages in about a dozen steps.
  static let recipe = """
    name: gloss-test
    seed: 3
    cards: cards
    tokenizer: {vocabulary_size: 1200, character_coverage: 0.98, corpora: [samples]}
    model: {hidden_size: 8, layer_count: 1, attention_head_count: 2, feed_forward_size: 12,
      window_size: 32, window_overlap: 8}
    pretrain:
      corpora: [{name: samples, passes: 1}]
      optimization: {batch_tokens: 1024, learning_rate: 0.01}
    finetune:
      corpora: [{name: samples, passes: 4}]
      optimization: {batch_tokens: 1024, learning_rate: 0.01}
    """

  let folder: URL
  var model: String { folder.appendingPathComponent("model").path }
  var checkpoints: String { model + "/checkpoints" }
  var recipePath: String { folder.appendingPathComponent("recipe.yaml").path }

  /// Trains; asked to stop after `steps` steps of this session or a note that begins with `note`, where
  /// that is given.
  func run(
    resuming: Bool = false, stopAfter steps: Int? = nil, stopAt note: String? = nil,
    threads: Int = 2,
    notes: ((String) -> Void)? = nil
  ) throws -> TrainingOutcome {
    BLAS.useOneThread()
    let run = TrainingRun(
      recipe: try Recipe.load(recipePath), data: nil, threads: threads)
    var done = 0
    var isNoted = false
    return try run.run(
      to: model, resuming: resuming, checkpointInterval: 0,
      isInterrupted: { isNoted || steps.map { done >= $0 } ?? false }
    ) { event in
      switch event {
      case .step: done += 1
      case .note(let line):
        if let note, line.hasPrefix(note) { isNoted = true }
        notes?(line)
      case .stage: break
      }
    }
  }

  /// The error line of a run, without the folder's name.
  func problem(resuming: Bool) throws -> String {
    do {
      _ = try run(resuming: resuming)
      return "none"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  /// Every file of the model and its bytes.
  func files(in subfolder: String = "") throws -> [String: Data] {
    let path = subfolder.isEmpty ? model : "\(model)/\(subfolder)"
    return try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: [:]) {
      let file = URL(fileURLWithPath: "\(path)/\($1)")
      $0[$1] = try? Data(contentsOf: file)
    }
  }

  /// Runs `body` in a fresh folder with `recipe` and the samples.
  static func with<T>(
    recipe: String = recipe, _ body: (TrainingPlace) throws -> T
  ) throws -> T {
    try withTemporaryFolder { folder in
      let source = Project.root.appendingPathComponent("corpora")
      let cards = folder.appendingPathComponent("cards")
      try FileManager.default.createDirectory(at: cards, withIntermediateDirectories: true)
      for name in ["samples.yaml", "samples"] {
        try FileManager.default.copyItem(
          at: source.appendingPathComponent(name), to: cards.appendingPathComponent(name))
      }
      let place = TrainingPlace(folder: folder)
      try Data(recipe.utf8).write(to: URL(fileURLWithPath: place.recipePath))
      return try body(place)
    }
  }
}
