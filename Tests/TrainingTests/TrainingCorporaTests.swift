import Corpora
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct TrainingCorporaTests {
  private static func card(_ name: String, files: String) -> String {
    """
    name: \(name)
    title: A fixture
    language: en
    licence: none
    citation: none
    source: [{repository: none, path: none}]
    reader: {format: gloss-json}
    files: {\(files)}
    labels: {given_stars: true}

    """
  }

  private func withCorpora<T>(
    _ files: [String: String], _ body: (_ folder: String) throws -> T
  ) throws -> T {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      return try body(folder.path)
    }
  }

  private func lines(_ texts: [String]) -> String {
    texts.map { "{\"text\": \"\($0)\", \"stars\": 4}\n" }.joined()
  }

  /// Two corpora; each trains on one text that the other or itself holds out.
  private var leakingCorpora: [String: String] {
    [
      "one.yaml": Self.card("one", files: "train: [one.jsonl]"),
      "two.yaml": Self.card(
        "two", files: "train: [two.jsonl], dev: [dev.jsonl], test: [test.jsonl]"),
      "one.jsonl": lines(["Lovely soap", "A dull lamp", "Fine broom"]),
      "two.jsonl": lines(["Fine broom", "Sturdy shelf", "Loud kettle"]),
      "dev.jsonl": lines(["Sturdy shelf", "Cold soup", "Thin rug"]),
      "test.jsonl": lines(["A dull lamp", "Cold soup"]),
    ]
  }

  @Test func textsThatAnySplitHoldsOutAreNotTrainedOn() throws {
    try withCorpora(leakingCorpora) { folder in
      var notes: [String] = []
      let corpora = try TrainingCorpora(
        names: ["one", "two"], cards: folder, data: folder, workers: Workers(count: 2)
      ) {
        notes.append($0)
      }
      #expect(corpora["one"].map(\.text) == ["Lovely soap", "Fine broom"])
      #expect(corpora["two"].map(\.text) == ["Fine broom", "Loud kettle"])
      #expect(corpora["three"].isEmpty)
      #expect(corpora.development["two"]?.map(\.text) == ["Sturdy shelf", "Thin rug"])
      #expect(
        notes == [
          "one: 2 training texts; 1 left out, they are in a dev or test split",
          "two: 2 training texts; 1 left out, they are in a dev or test split; 1 dev texts left out,"
            + " they are in a test split",
        ])
    }
  }

  @Test func aCorpusReadAsPublishedKeepsThem() throws {
    try withCorpora(leakingCorpora) { folder in
      var notes: [String] = []
      let corpora = try TrainingCorpora(
        names: ["one", "two"], asPublished: ["two"], cards: folder, data: folder,
        workers: Workers(count: 2)
      ) {
        notes.append($0)
      }
      #expect(corpora["one"].map(\.text) == ["Lovely soap", "Fine broom"])
      #expect(corpora["two"].map(\.text) == ["Fine broom", "Sturdy shelf", "Loud kettle"])
      #expect(corpora.development["two"]?.count == 3)
      #expect(
        notes == [
          "one: 2 training texts; 1 left out, they are in a dev or test split",
          "two: 3 training texts; 1 kept as published, though they are in a dev or test split",
        ])
    }
  }

  @Test func rejectedRowsAreReported() throws {
    let files = [
      "one.yaml": Self.card("one", files: "train: [one.jsonl]"),
      "one.jsonl": lines(["Lovely soap"]) + "no JSON\n",
    ]
    try withCorpora(files) { folder in
      var notes: [String] = []
      _ = try TrainingCorpora(
        names: ["one"], cards: folder, data: folder, workers: Workers(count: 1)
      ) { notes.append($0) }
      #expect(notes == ["one: 1 training texts; 1 rows rejected"])
    }
  }

  @Test func aCorpusWithoutATrainingSplitIsNamed() throws {
    let files = [
      "one.yaml": Self.card("one", files: "test: [one.jsonl]"), "one.jsonl": lines(["Fine soap"]),
    ]
    try withCorpora(files) { folder in
      let error = #expect(throws: TrainingError.self) {
        try TrainingCorpora(names: ["one"], cards: folder, data: folder, workers: Workers(count: 1))
        { _ in }
      }
      #expect(error?.description == "one: the corpus has no train split; choose one of: test")
    }
  }
}
