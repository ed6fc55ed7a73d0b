import Files
import Foundation
import Models
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Training

/// Runs over recipes and cards written to a temporary folder.
@Suite struct TrainingRunTests {
  private static let recipe = TrainingPlace.recipe

  /// A folder with a recipe and the samples, and a run of it.
  private func withRun<T>(
    recipe: String = recipe, threads: Int = 2,
    _ body: (_ folder: URL, _ run: TrainingRun) throws -> T
  ) throws -> T {
    BLAS.useOneThread()
    return try TrainingPlace.with(recipe: recipe) { place in
      let run = TrainingRun(
        recipe: try Recipe.load(place.recipePath), data: nil,
        threads: threads)
      return try body(place.folder, run)
    }
  }

  /// The error line of a run, without the folder's name.
  private func problem(
    recipe: String = recipe, _ prepare: (URL) throws -> Void = { _ in }
  ) throws -> String {
    try withRun(recipe: recipe) { folder, run in
      try prepare(folder)
      do throws(TrainingError) {
        try run.run(to: folder.appendingPathComponent("model").path) { _ in }
        return "none"
      } catch {
        return error.description.replacingOccurrences(of: folder.path + "/", with: "")
      }
    }
  }

  @Test func writesAModelFolderThatLoads() throws {
    try withRun { folder, run in
      let model = folder.appendingPathComponent("models/gloss-test")
      var notes: [String] = []
      var stages: [String] = []
      var steps: [Int] = []
      let written = try run.run(to: model.path) { event in
        switch event {
        case .note(let line): notes.append(line)
        case .stage(let name, _, let count, _): stages.append("\(name) \(count)")
        case .step(let report): steps.append(report.step)
        }
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: model.path)
      #expect(
        Set(files) == [
          "config.json", "model.safetensors", "recipe.yaml", "tokenizer.model", "tokenizer.vocab",
        ])
      let loaded = try ModelFolder.load(model.path)
      #expect(written == .trained(loaded.configuration))
      #expect(loaded.configuration.name == "gloss-test")
      #expect(loaded.tokenizer.vocabularySize == 1_200)
      #expect(loaded.weights.all.values.allSatisfy { $0.isFinite })
      // Every parameter has moved from its start.
      let start = ParameterBuffer(loaded.model.layout)
      start.initialize(seed: 3)
      for slot in loaded.model.layout.slots {
        #expect(loaded.weights[slot].values != start[slot].values, "\(slot.name)")
      }
      let recipe = try WholeFile.read("\(model.path)/recipe.yaml")
      #expect(String(decoding: recipe, as: UTF8.self) == Self.recipe)
      let vocabulary = try WholeFile.read("\(model.path)/tokenizer.vocab")
      #expect(String(decoding: vocabulary, as: UTF8.self) == loaded.tokenizer.vocabulary)
      let counts = try stages.map { try #require(Int($0.split(separator: " ")[1])) }
      #expect(stages.map { $0.split(separator: " ")[0] } == ["pretrain", "finetune"])
      #expect(counts.count == 2 && counts.allSatisfy { $0 > 1 })
      #expect(steps == counts.flatMap { Array(1...$0) })
      #expect(notes.contains { $0.hasPrefix("samples: ") && $0.contains(" training texts") })
    }
  }

  @Test func textsThatNothingIsLearnedFromAreTold() throws {
    try withRun { folder, run in
      // All rows are trained on.
      let card = folder.appendingPathComponent("cards/samples.yaml")
      let lines = try String(contentsOf: card, encoding: .utf8).split(separator: "\n")
      try Data(lines.filter { !$0.hasPrefix("hash:") }.joined(separator: "\n").utf8).write(to: card)
      let file = folder.appendingPathComponent("cards/samples/reviews.jsonl")
      var rows = try String(contentsOf: file, encoding: .utf8)
      let long = String(repeating: "good soap ", count: 20_000)
      rows += "{\"id\": \"long\", \"text\": \"\(long)\", \"stars\": 5}\n"
      rows += #"{"id": "none", "text": "\u200b", "stars": 5}"# + "\n"
      try Data(rows.utf8).write(to: file)
      var notes: [String] = []
      _ = try run.plan(for: nil, resuming: false) { event in
        if case .note(let line) = event { notes.append(line) }
      }
      #expect(
        notes.contains(
          "samples: 1 texts of more than 16384 pieces are left out, the first at long; split them"))
      #expect(notes.contains("samples: 1 texts without a piece are left out"))
    }
  }

  @Test func theModelFollowsFromTheSeedAlone() throws {
    func checksum(_ recipe: String, threads: Int) throws -> String {
      try withRun(recipe: recipe, threads: threads) { folder, run in
        let model = folder.appendingPathComponent("model").path
        try run.run(to: model) { _ in }
        return try ModelFolder.load(model).configuration.weightsChecksum
      }
    }
    let one = try checksum(Self.recipe, threads: 1)
    #expect(try checksum(Self.recipe, threads: 3) == one)
    let other = Self.recipe.replacingOccurrences(of: "seed: 3", with: "seed: 4")
    #expect(try checksum(other, threads: 1) != one)
  }

  @Test func theStepThatIsNotFiniteNamesItsRows() throws {
    // Each step multiplies every matrix by -999.
    let line = try problem(
      recipe: Self.recipe.replacingOccurrences(
        of: "passes: 4}]\n  optimization: {batch_tokens: 1024, learning_rate: 0.01",
        with: "passes: 9}]\n  optimization: {batch_tokens: 512, learning_rate: 10, warmup: 0,"
          + " weight_decay: 10"))
    #expect(
      line.hasPrefix("recipe.yaml: finetune: the ") && line.contains(" not finite;")
        && line.contains("lower the learning_rate"), "\(line)")
    #expect(!line.contains("\n"))
  }

  @Test func aCorpusWithoutACardIsNamed() throws {
    let recipe = Self.recipe.replacingOccurrences(
      of: "{name: samples, passes: 4}", with: "{name: sampels}")
    #expect(
      try problem(recipe: recipe)
        == "cards: no card for corpus 'sampels'; add one or choose from samples")
  }

  @Test func aMissingFileIsNamed() throws {
    let line = try problem { folder in
      try FileManager.default.removeItem(
        at: folder.appendingPathComponent("cards/samples/reviews.jsonl"))
    }
    #expect(
      line == "cards/samples/reviews.jsonl: no such file; put the corpus samples there"
        + " or name the folder of the corpora with --corpora")
  }

  @Test func aMissingCardFolderIsNamed() throws {
    let line = try problem(
      recipe: Self.recipe.replacingOccurrences(of: "cards: cards", with: "cards: crads"))
    #expect(line.hasPrefix("crads: ") && !line.contains("\n"), "\(line)")
  }

  @Test func aDamagedCardIsNamed() throws {
    let line = try problem { folder in
      try Data("name: samples\nlanguge: en\n".utf8).write(
        to: folder.appendingPathComponent("cards/samples.yaml"))
    }
    #expect(
      line == "cards/samples.yaml:2: unknown key 'languge'; did you mean 'language'?", "\(line)")
  }

  @Test func aVocabularyTooLargeForTheTextsIsOneLine() throws {
    let line = try problem(
      recipe: Self.recipe.replacingOccurrences(
        of: "vocabulary_size: 1200", with: "vocabulary_size: 90000"))
    #expect(
      line.contains(": tokenizer: these texts give at most ") && line.hasSuffix("or give more text")
        && !line.contains("\n"), "\(line)")
  }

  @Test func anOutputThatCannotBeWrittenIsOneLine() throws {
    let line = try problem { folder in
      try Data("a file".utf8).write(to: folder.appendingPathComponent("model"))
    }
    #expect(line.hasPrefix("model: ") && !line.contains("\n"), "\(line)")
  }
}
