import Foundation
import TestSupport
import Testing

/// Every error a user can cause is one line that says where, what, and what to do.
@Suite struct ErrorTests {
  private func expectOneLine(
    _ result: Program.Result, status: Int32, mentions parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == status, "\(result.messages)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    let lines = result.messages.split(separator: "\n").filter { !$0.contains(" read = ") }
    #expect(lines.count == 1, "\(result.messages)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(result.messages.contains(part), "\(result.messages)", sourceLocation: sourceLocation)
    }
  }

  @Test func missingFile() throws {
    expectOneLine(
      try Program.run("classify", "nowhere.jsonl"), status: 2,
      mentions: "nowhere.jsonl", "check the path")
  }

  @Test(arguments: [
    ["train", "k", "--dry-run"], ["classify", "x"], ["corpora", "check", "x", "--card", "d"],
    ["profile", "export", "--store", "s", "--out", "o"],
  ])
  func namesOfOneCharacterAreNamesAsAny(arguments: [String]) throws {
    expectOneLine(try Program.run(arguments), status: 2, mentions: ": ")
  }

  @Test func aProgramWithoutItsModelSaysWhereItLooked() throws {
    try withTemporaryFolder { folder in
      try Data("Fine.\n".utf8).write(to: folder.appendingPathComponent("a.txt"))
      expectOneLine(
        try Program.shell(
          "cp \"$0\" \(folder.path)/gloss; cd \(folder.path); GLOSS_MODEL= ./gloss classify a.txt",
          Program.path.path),
        status: 2, mentions: "no model: models/gloss-small is neither", "--model or GLOSS_MODEL")
    }
  }

  @Test func aModelWithoutHeadsIsWrongUsage() throws {
    let result = try Program.run(
      "classify", "corpora/samples/reviews.jsonl", "--model", "models/gloss-base")
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.messages.contains("Error: models/gloss-base is a pretrained encoder"))
  }

  @Test func aStoreIsMadeOnceThereIsAModel() throws {
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("store.sqlite").path
      expectOneLine(
        try Program.run(
          "annotate", "corpora/samples/reviews.jsonl", "--store", store, "--model", "models/none"),
        status: 2, mentions: "models/none/config.json: no such file")
      #expect(!FileManager.default.fileExists(atPath: store))
    }
  }

  @Test func folderInsteadOfAFile() throws {
    expectOneLine(
      try Program.run("classify", "corpora"), status: 2, mentions: "corpora: is a folder")
  }

  @Test func emptyFile() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("empty.jsonl").path
      try Data().write(to: URL(fileURLWithPath: file))
      expectOneLine(
        try Program.run("classify", file), status: 1,
        mentions: "empty.jsonl: no reviews in it; check")
    }
  }

  @Test func columnThatIsNotThere() throws {
    expectOneLine(
      try Program.run("classify", "corpora/samples/reviews-messy.csv"), status: 2,
      mentions: "reviews-messy.csv:1", "--text-field", "'review'")
  }

  @Test func quoteThatNeverCloses() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("open.csv").path
      try Data("id,text\n1,fine\n1,2,3\n2,\"open\n3,more\n".utf8).write(
        to: URL(fileURLWithPath: file))
      let result = try Program.run("classify", file)
      #expect(result.status == 1)
      // One line is lost to the quote, and told; the rows around it are read.
      #expect(result.lines.count == 2)
      #expect(result.messages.contains("open.csv:3: the number of fields is 3, the header has 2"))
      #expect(result.messages.contains("open.csv:4: a quote opens here and never closes"))
    }
  }

  @Test func unknownRecipeKey() throws {
    try withTemporaryFolder { folder in
      let recipe = folder.appendingPathComponent("typo.yaml").path
      let text = try String(
        contentsOf: Project.root.appendingPathComponent("training/smoke.yaml"), encoding: .utf8)
      try Data(
        text.replacingOccurrences(of: "hidden_size", with: "hiden_size").utf8
      ).write(to: URL(fileURLWithPath: recipe))
      expectOneLine(
        try Program.run("train", recipe, "--out", folder.appendingPathComponent("model").path),
        status: 2, mentions: "typo.yaml:", "unknown key 'hiden_size'", "'hidden_size'")
    }
  }

  @Test func recipeWithoutItsCorpora() throws {
    try withTemporaryFolder { folder in
      expectOneLine(
        try Program.run(
          "train", "training/gloss-tiny.yaml", "--corpora", folder.path, "--out",
          folder.appendingPathComponent("model").path),
        status: 2, mentions: "no such file", "--corpora")
    }
  }

  @Test(arguments: [
    ("model.safetensors", "not a header at all"), ("model.safetensors", ""),
    ("config.json", ""), ("config.json", "{\"format_version\":1}"), ("tokenizer.model", "x"),
  ]) func brokenModelFile(name: String, content: String) throws {
    try withTemporaryFolder { folder in
      let model = folder.appendingPathComponent("model")
      try FileManager.default.copyItem(
        at: Project.root.appendingPathComponent("models/gloss-tiny"), to: model)
      let damaged = model.appendingPathComponent(name)
      try Data(content.utf8).write(to: damaged)
      expectOneLine(
        try Program.run("classify", "-", "--model", model.path, input: "Fine.\n"), status: 2,
        mentions: "\(damaged.path):")
    }
  }

  @Test func missingModel() throws {
    expectOneLine(
      try Program.run("classify", "-", "--model", "nowhere", input: "Fine.\n"), status: 2,
      mentions: "nowhere/config.json", "check the path")
  }

  @Test func reportThatCannotBeWritten() throws {
    // The model is not even looked for.
    expectOneLine(
      try Program.run(
        "evaluate", "--model", "nowhere", "samples", "--report", "README.md/report"),
      status: 2, mentions: "README.md: cannot be made; name another folder")
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("metrics.json"), withIntermediateDirectories: false)
      expectOneLine(
        try Program.run("evaluate", "--model", "nowhere", "samples", "--report", folder.path),
        status: 2, mentions: "metrics.json: cannot be created (Is a directory)")
    }
  }

  @Test func storeThatIsNone() throws {
    expectOneLine(
      try Program.run("profile", "list", "--store", "README.md"), status: 2,
      mentions: "README.md: not a Gloss store")
    expectOneLine(
      try Program.run("profile", "list", "--store", "nowhere.sqlite"), status: 2,
      mentions: "nowhere.sqlite: no such store")
  }

  @Test func wrongUsage() throws {
    for arguments in [
      ["classify"], ["classify", "-", "--format", "xml"], ["classify", "-", "--threads", "0"],
      ["evaluate", "--split", "validation"], ["paint"],
    ] {
      let result = try Program.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.messages.hasPrefix("Error: "), "\(arguments)")
    }
  }
}
