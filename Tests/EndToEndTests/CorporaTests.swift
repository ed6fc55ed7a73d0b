import Foundation
import TestSupport
import Testing

/// `gloss corpora` as a user runs it.
@Suite struct CorporaTests {
  private func withFiles<T>(
    _ files: [String: String], _ body: (_ folder: String) throws -> T
  ) throws -> T {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      return try body(folder.path)
    }
  }

  private static let card = """
    name: mine
    language: en
    reader: {format: delimited}
    fields: {text: comment, label: mood}
    files: {train: [./mine.csv]}
    hash: {dev: 10, test: 10}
    labels:
      stars: {unhappy: [1, 2], so-so: [3], happy: [4, 5]}
    """

  @Test func ownFilesAreExplainedByLine() throws {
    let csv =
      "comment,mood\nFine soap,happy\n\"Shut by noon, sadly\",Unhappy\nno quotes, here,so-so\n"
      + ",happy\n\"odd\" one,happy\n\"never closed,happy\n"
    try withFiles(["mine.yaml": Self.card, "mine.csv": csv]) { folder in
      let (file, card) = (folder + "/mine.csv", folder + "/mine.yaml")
      let result = try Program.run("corpora", "check", file, "--card", card)
      #expect(result.status == 1 && result.messages.isEmpty, "\(result.messages)")
      let told = result.lines.filter { $0.hasPrefix("mine: \(file):") }
        .map { String($0.dropFirst("mine: \(file):".count)) }
      #expect(
        told == [
          "3: label 'Unhappy' is not in the card's labels.stars; write 'unhappy'",
          "4: the number of fields is 3, expected 2; quote fields that hold the delimiter",
          "5: empty text; write one or leave the row out",
          "6: text follows a closing quote; double the quotes inside the field",
          "7: a quote opens on line 7 and never closes; close it or double it",
          " 5 rows cannot be used; correct them",
        ])
      #expect(result.lines.last == "1 disagreements of cards and data")

      let sound = try Program.run(
        "corpora", "check", "--card", card, "--corpora", folder, "--json")
      #expect(sound.status == 1)
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(sound.output.utf8)) as? [String: Any])
      let found = try #require((report["corpora"] as? [[String: Any]])?.first)
      #expect(found["rows"] as? Int == 6 && found["rejected"] as? Int == 5)
    }
  }

  @Test func importReplacesNothingThatItReads() throws {
    let csv = "comment,mood\nFine soap,happy\nSad soap,sad\n"
    try withFiles(["mine.yaml": Self.card, "mine.csv": csv]) { folder in
      let refused = try Program.run("corpora", "import", "--cards", folder, "--out", folder)
      #expect(refused.status == 64)
      #expect(refused.messages.contains("mine.yaml is read from and would be replaced"))
      let files = FileManager.default
      #expect(files.contents(atPath: folder + "/mine.yaml") == Data(Self.card.utf8))
      #expect(!files.fileExists(atPath: folder + "/mine"))
    }
  }

  @Test(arguments: [["check"], ["stats"], ["import", "--out", "nowhere"]])
  func readingNothingIsAnError(arguments: [String]) throws {
    try withFiles(["mine.yaml": Self.card]) { folder in
      let result = try Program.run(["corpora"] + arguments + ["--cards", folder])
      #expect(result.status == 2 && result.output.isEmpty, "\(result.output)")
      #expect(result.messages.contains("the files of no corpus are there"))
    }
  }

  @Test func evaluatingNothingIsAnError() throws {
    let undivided = Self.card.replacing("hash: {dev: 10, test: 10}\n", with: "")
    for files in [
      ["mine.yaml": Self.card], ["mine.yaml": undivided, "mine.csv": "comment,mood\n"],
    ] {
      try withFiles(files) { folder in
        let result = try Program.run(
          "evaluate", "--cards", folder, "--model", "models/gloss-tiny")
        #expect(result.status == 2 && result.output.isEmpty, "\(result.output)")
        #expect(
          result.messages.contains(
            "the files of no labelled corpus with a test split are there; name their folder with"
              + " --corpora, another --split, or give the card one (hash)"))
      }
    }
  }

  @Test func whatDoesNotCountInAFigureIsTold() throws {
    let rows = (0..<40).map { "Soap number \($0),\(["happy", "unhappy"][$0 % 2])\n" }.joined()
    let csv = "comment,mood\n" + rows + "Sad soap,sad\nSo so soap,soso\n"
    try withFiles(["mine.yaml": Self.card, "mine.csv": csv]) { folder in
      func evaluate(_ split: String) throws -> Program.Result {
        try Program.run(
          "evaluate", "mine", "mine", "--cards", folder, "--model", "models/gloss-tiny", "--split",
          split)
      }
      let result = try evaluate("train")
      #expect(result.status == 1)
      #expect(
        result.messages.contains(
          "mine: 2 rows cannot be used and do not count; gloss corpora check mine says why"))
      // Named twice, it counts once.
      #expect(result.lines.count { $0.contains("micro") } == 1)
      // One row is of one split alone.
      try Data("comment,mood\nFine soap,happy\n".utf8).write(
        to: URL(fileURLWithPath: folder + "/mine.csv"))
      let empty = try ["dev", "test"].map(evaluate).filter { $0.status == 1 }
      #expect(!empty.isEmpty)
      for result in empty { #expect(result.messages.contains("split holds no rows")) }
      let alike = try ["train", "dev", "test"].map(evaluate).filter { $0.status == 0 }
      #expect(alike.count == 1)
      #expect(
        alike.allSatisfy {
          $0.messages.contains(
            "mine: all its ratings are alike, so sentiment has no figure (1 texts)")
        })
    }
  }

  @Test func ratingsBetweenTwoStarsAreTold() throws {
    let card = Self.card.replacing("so-so: [3]", with: "so-so: [2, 3], sad: [1]")
      .replacing("hash: {dev: 10, test: 10}\n", with: "")
    let moods = ["unhappy", "happy", "so-so", "sad"]
    let csv = "comment,mood\n" + moods.map { "Soap,\($0)\n" }.joined()
    try withFiles(["mine.yaml": card, "mine.csv": csv]) { folder in
      let result = try Program.run(
        "evaluate", "mine", "--cards", folder, "--model", "models/gloss-tiny", "--split", "train")
      #expect(result.status == 0)
      // Of [1, 2], [4, 5], [2, 3] and [1] the first shares a star with two others.
      #expect(
        result.messages.contains("mine: 2 of 4 ratings lie between two stars and do not count"),
        "\(result.messages)")
    }
  }

  @Test func aSplitThatThereIsNotIsToldBeforeAnythingIsRead() throws {
    let undivided = Self.card.replacing("hash: {dev: 10, test: 10}\n", with: "")
      .replacing("name: mine", with: "name: whole").replacing("mine.csv", with: "whole.csv")
    let csv = "comment,mood\nFine soap,happy\n"
    let files = [
      "mine.yaml": Self.card, "whole.yaml": undivided, "mine.csv": csv, "whole.csv": csv,
    ]
    try withFiles(files) { folder in
      let result = try Program.run(
        "evaluate", "mine", "whole", "--cards", folder, "--model", "models/gloss-tiny", "--split",
        "dev")
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.messages.contains("whole: the corpus has no dev split"))
      #expect(!result.messages.contains("evaluated"), "\(result.messages)")
    }
  }

  @Test func anEmptyNameOfAReportIsRefused() throws {
    let result = try Program.run("evaluate", "samples", "--report", "")
    #expect(result.status == 64 && result.messages.contains("--report is empty; name a folder"))
  }

  @Test func filesOfACardInTheWorkingFolderAreThoseBesideIt() throws {
    try withFiles(["mine.yaml": Self.card.replacing("./mine.csv", with: "mine.csv")]) { folder in
      try Data("comment,mood\nFine soap,happy\n".utf8).write(
        to: URL(fileURLWithPath: folder + "/mine.csv"))
      let result = try Program.shell(
        "cd \"$0\" && \"$1\" corpora check --card mine.yaml --model \"$2\"", folder,
        Program.path.path, Project.root.appendingPathComponent("models/gloss-tiny").path)
      #expect(result.lines.last == "cards and data agree", "\(result.messages)")
    }
  }

  @Test func soundFilesPass() throws {
    let csv = "comment,mood\r\nFine soap,happy\r\n\"Shut by\nnoon\",unhappy\r\n"
    try withFiles(["mine.yaml": Self.card, "mine.csv": csv]) { folder in
      let result = try Program.run(
        "corpora", "check", folder + "/mine.csv", "--card", folder + "/mine.yaml")
      #expect(result.status == 0 && result.lines.last == "cards and data agree")
    }
  }

  @Test func ownSamplesAreListedCheckedCountedShownAndImported() throws {
    let list = try Program.run("corpora", "list")
    #expect(list.status == 0 && list.messages.isEmpty)
    #expect(list.lines.first?.hasPrefix("corpus ") == true)
    let samples = try #require(list.lines.first { $0.hasPrefix("samples ") })
    #expect(
      samples.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        == "samples texts mul mixed sentiment, opinions, names, intents train, dev, test here 130")
    #expect(list.lines.first { $0.hasPrefix("imdb ") }?.contains("not here") == true)

    let check = try Program.run("corpora", "check", "samples")
    #expect(check.status == 0 && check.lines.last == "cards and data agree", "\(check.output)")

    let counts = try Program.run("corpora", "stats", "samples", "--json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(counts.output.utf8)) as? [String: Any])
    let rows = (report["corpora"] as? [[String: Any]])?.compactMap { $0["rows"] as? Int } ?? []
    #expect(rows.count == 3 && rows.reduce(0, +) == 130)
    let table = try Program.run("corpora", "stats", "samples")
    #expect(table.status == 0 && table.output.contains("samples/train spans: ASPECT "))

    let shown = try Program.run("corpora", "show", "samples", "--rows", "1")
    #expect(shown.status == 0 && shown.output.contains("\ntrain:\n{\"id\":\"s-001\","))
    let absent = try Program.run("corpora", "show", "imdb")
    #expect(absent.status == 0 && absent.output.contains("not here"))

    try withTemporaryFolder { folder in
      let out = folder.appendingPathComponent("out").path
      let written = try Program.run("corpora", "import", "samples", "--out", out)
      #expect(written.status == 0 && written.output.isEmpty)
      #expect(written.messages.hasPrefix("samples: "))
      let again = try Program.run("corpora", "check", "--cards", out)
      #expect(again.status == 0, "\(again.output)")
      #expect(again.lines.dropFirst().first?.hasPrefix("samples ") == true)
    }
  }

  @Test func errorsAreOneLine() throws {
    for (arguments, says) in [
      (["check", "nothing"], "no card for corpus 'nothing'"),
      (["check", "imdb"], "imdb/imdb_train.jsonl.gz: no such file"),
      (["list", "--cards", "nowhere"], "nowhere: no such folder of corpus cards"),
      (["check", "a.csv", "--card", "nowhere.yaml"], "nowhere.yaml: no such file"),
      (["show", "nothing"], "no card for corpus 'nothing'"),
      (["check", "samples", "--model", "nowhere"], "nowhere/tokenizer.model"),
    ] {
      let result = try Program.run(["corpora"] + arguments)
      #expect(result.status == 2 && result.output.isEmpty, "\(arguments)")
      #expect(result.messages.split(separator: "\n").count == 1)
      #expect(result.messages.contains(says), "\(result.messages)")
    }
    #expect(try Program.run("corpora", "check", "--show", "-1").status == 64)
    #expect(try Program.run("corpora", "import", "samples").status == 64)
  }
}
