import Foundation
import TestSupport
import Testing

/// `--redact` and `--pseudonymize`: what was personal in a row is in nothing that Gloss writes.
@Suite struct PersonalDataTests {
  private static let files = ["store.sqlite", "rejects.jsonl", "summary.json"]

  private func annotate(_ folder: URL, _ more: [String]) throws -> Program.Result {
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    return try Program.run(
      [
        "annotate", path("rows.jsonl"), path("rows.csv"), "--store", path("store.sqlite"),
        "--rejects", path("rejects.jsonl"), "--summary", path("summary.json"),
      ] + more)
  }

  /// What is in the folder but the input and the key.
  private func written(_ folder: URL) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !["rows.jsonl", "rows.csv", "key"].contains($0) }
    let pairs = try names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private func expectNone(
    of planted: [String], in files: [String: Data],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (name, data) in files {
      let left = planted.filter { data.range(of: Data($0.utf8)) != nil }
      #expect(left.isEmpty, "\(name) holds \(left)", sourceLocation: sourceLocation)
    }
  }

  @Test func nothingPersonalIsLeftAnywhere() throws {
    try withTemporaryFolder { folder in
      let rows = PlantedRows(seed: 17)
      try rows.write(to: folder)
      let hidden = ["--redact", "--pseudonymize", folder.appendingPathComponent("key").path]
      let result = try annotate(folder, hidden)
      #expect(result.status == 1, "\(result.messages)")
      var files = try written(folder)
      #expect(Set(files.keys).isSuperset(of: Self.files))
      files["stderr"] = Data(result.messages.utf8)
      files["stdout"] = Data(result.output.utf8)
      expectNone(of: rows.secrets + rows.users, in: files)
      // All was read, and something of every kind was found.
      let counts = try PrivateSummary(folder)
      #expect(counts.read == rows.count && counts.glossed >= 300 && counts.rejected >= 60)
      #expect(Set(counts.redacted?.keys.map { $0 } ?? []) == Set(PersonalCaseMaker.kinds))
      #expect(counts.redacted?.values.allSatisfy { $0 >= 40 } == true, "\(counts)")
      #expect(
        result.messages.contains("redacted in the texts: \(counts.redacted?["email"] ?? 0) email"))
    }
  }

  /// The same rows without the options: what is looked for would be found.
  @Test func withoutTheOptionsItIsThere() throws {
    try withTemporaryFolder { folder in
      let rows = PlantedRows(seed: 17)
      try rows.write(to: folder)
      _ = try annotate(folder, [])
      let all = try written(folder).values.reduce(Data(), +)
      #expect(rows.users.count { all.range(of: Data($0.utf8)) != nil } > 400)
      #expect(rows.secrets.count { all.range(of: Data($0.utf8)) != nil } > 60)
      #expect(try PrivateSummary(folder).redacted == nil)
      // With the first option alone rejected rows stay, redacted.
      for name in try written(folder).keys {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
      let redacted = try annotate(folder, ["--redact"])
      var files = try written(folder)
      files["stderr"] = Data(redacted.messages.utf8)
      expectNone(of: rows.secrets, in: files)
      let rejects = String(decoding: files["rejects.jsonl"] ?? Data(), as: UTF8.self)
      #expect(rejects.contains("[EMAIL") && rejects.contains("ursula.quill."))
      #expect(!rejects.contains("raw_base64"))
    }
  }

  /// A store that is being written has its newest records in a file beside it.
  @Test func nothingPersonalIsInTheLogOfAStore() throws {
    try withTemporaryFolder { folder in
      let rows = PlantedRows(seed: 18)
      try rows.write(to: folder)
      let input = Pipe()
      let process = try Program.start(
        [
          "annotate", "-", "--format", "jsonl", "--store",
          folder.appendingPathComponent("store.sqlite").path, "--rejects",
          folder.appendingPathComponent("rejects.jsonl").path, "--redact", "--pseudonymize",
          folder.appendingPathComponent("key").path,
        ], input: input)
      defer { if process.isRunning { process.terminate() } }
      try input.fileHandleForWriting.write(
        contentsOf: Data(contentsOf: folder.appendingPathComponent("rows.jsonl")))
      var files: [String: Data] = [:]
      let end = Date() + 60
      while process.isRunning, Date() < end,
        files["store.sqlite-wal", default: Data()].count < 100_000
      {
        usleep(100_000)
        files = try written(folder)
      }
      #expect(files["store.sqlite-wal", default: Data()].count >= 100_000)
      #expect(files["store.sqlite-shm"] != nil)
      expectNone(of: rows.secrets + rows.users, in: files)
      // Left as by a machine that lost power.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      expectNone(of: rows.secrets + rows.users, in: try written(folder))
    }
  }
}

/// What `--summary` says of personal data.
struct PrivateSummary: Decodable {
  let read, glossed, rejected: Int
  let redacted: [String: Int]?

  init(_ folder: URL) throws {
    self = try JSONDecoder().decode(
      Self.self, from: Data(contentsOf: folder.appendingPathComponent("summary.json")))
  }
}
