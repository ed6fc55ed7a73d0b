import Foundation
import Reviews
import TestSupport
import Testing

/// How `--redact` and `--pseudonymize` are used, rightly and wrongly, and what becomes of times.
@Suite struct PrivacyOptionTests {
  private func write(_ text: String, _ folder: URL, _ name: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func expectOneLine(
    _ result: Program.Result, _ status: Int32, _ parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == status, "\(result.messages)", sourceLocation: sourceLocation)
    let line = result.messages.split(separator: "\n").first ?? ""
    for part in parts {
      #expect(line.contains(part), "\(result.messages)", sourceLocation: sourceLocation)
    }
  }

  /// By Python's hmac.new(b"sixteen letters!", user, "sha256").
  @Test func recordsHaveHiddenTextsAndUsers() throws {
    try withTemporaryFolder { folder in
      let key = try write("sixteen letters!\n", folder, "key")
      let rows = """
        {"id":"555-234-5678","user":"ana","item":"4111111111111111","time":"yesterday","text":"Mail marla@post.example, awful screen"}
        {"id":2,"user":"李伟","text":"Fine"}
        {"id":3,"text":"Fine"}

        """
      let result = try Program.run(
        "classify", "-", "--format", "jsonl", "--redact", "--pseudonymize", key, input: rows)
      #expect(result.status == 0, "\(result.messages)")
      let glosses = try result.lines.map { try Gloss(jsonLine: $0) }
      #expect(
        glosses.map(\.user) == [
          "7dcd8da10f1dc12b3e9ce49328511ffbe280aa748c06622210eeda396b759b0c",
          "d8ae3ffb43d9d04cde6f727289af5d3995b15ada4dbd9fd33d043172afc39ce9", nil,
        ])
      // Ids, items and times are handed on.
      #expect(glosses[0].id == "555-234-5678" && glosses[0].item == "4111111111111111")
      #expect(glosses[0].time == "yesterday")
      let plain = try Program.run(
        "classify", "-", "--format", "jsonl",
        input: #"{"id":1,"text":"Mail [EMAIL___________], awful screen"}"#)
      let twin = try Gloss(jsonLine: try #require(plain.lines.first))
      #expect(glosses[0].entities == twin.entities && glosses[0].sentiment == twin.sentiment)
      #expect(
        result.messages.contains(
          "redacted in the texts: 1 email, 0 phone, 0 card, 0 national_id, 0 url, 0 ip\n"))
    }
  }

  @Test func wrongUseIsToldInOneLine() throws {
    try withTemporaryFolder { folder in
      let key = try write("sixteen letters!", folder, "key")
      let short = try write("too short\r\n", folder, "short")
      let store = folder.appendingPathComponent("store.sqlite").path
      func classify(_ options: String...) throws -> Program.Result {
        try Program.run(["classify", "-"] + options, input: Data("Fine\n".utf8))
      }
      expectOneLine(
        try classify("--redact", "--keep-fields"), 64, "--redact", "--keep-fields", "leave one")
      expectOneLine(
        try classify("--pseudonymize", key, "--rejects", key), 64, "--rejects", "is the key too")
      expectOneLine(
        try classify("--pseudonymize", short), 2, short, "9 bytes, fewer than 16", "random bytes")
      for path in [folder.path + "/none", folder.path] {
        expectOneLine(
          try Program.run(
            "annotate", "-", "--store", store, "--pseudonymize", path, input: "Fine\n"), 2, path)
      }
      #expect(!FileManager.default.fileExists(atPath: store))
      #expect(try classify("--pseudonymize", key, "--keep-fields").status == 0)
    }
  }

  /// What was counted before a run was cut short counts still; another key is another run.
  @Test func aResumedRunCountsWhatItFindsWritten() throws {
    try withTemporaryFolder { folder in
      let key = try write("sixteen letters!", folder, "key")
      let out = folder.appendingPathComponent("out").path
      let row = "{\"id\":1,\"user\":\"ana\",\"text\":\"a@b.example, 10.0.0.1\"}\n"
      func classify(_ input: String, _ more: [String] = []) throws -> Program.Result {
        try Program.run(
          [
            "classify", "-", "--format", "jsonl", "--out", out, "--on-bad-row", "stop", "--redact",
            "--pseudonymize", key, "--summary", folder.appendingPathComponent("summary.json").path,
          ] + more, input: Data(input.utf8))
      }
      #expect(try classify(row + "bad\n").status == 2)
      // The same key elsewhere.
      try FileManager.default.removeItem(atPath: key)
      _ = try write("sixteen letters!\n", folder, "key")
      let resumed = try classify(row + row.replacing("\"id\":1", with: "\"id\":2"), ["--resume"])
      #expect(resumed.status == 0 && resumed.messages.contains("going on after 1 records"))
      #expect(
        try PrivateSummary(folder).redacted
          == ["email": 2, "ip": 2, "phone": 0, "card": 0, "national_id": 0, "url": 0])
      #expect(try classify(row + "bad\n").status == 2)
      _ = try write("another 16 bytes", folder, "key")
      let other = try classify(row, ["--resume"])
      #expect(other.status == 0 && !other.messages.contains("going on after"))
    }
  }

  @Test func annotateKeepsTimesThatSortAndRejectsWhatIsNone() throws {
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("store.sqlite")
      let rows = """
        user,when,text
        ana,2024-05-02T00:11:12+08:00,Fine
        ana,"January 5, 2004",Fine
        ana,1441324800123,Fine
        ana,2022年4月5日,Fine
        ana,,Fine
        ana,2/5/2024,Fine
        ana,yesterday,Fine

        """
      let result = try Program.run(
        "annotate", "-", "--format", "csv", "--time-field", "when", "--store", store.path,
        input: rows)
      #expect(result.status == 1)
      for (line, value) in [(7, "2/5/2024"), (8, "yesterday")] {
        #expect(
          result.messages.contains(
            "<stdin>:\(line): field 'when' is '\(value)', no time that can be read; write it as"
              + " 2024-05-02 or 2024-05-02T10:11:12Z, or name the field with --time-field\n"))
      }
      #expect(result.messages.contains("5 added"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let bytes = try names.map { try Data(contentsOf: folder.appendingPathComponent($0)) }
        .reduce(Data(), +)
      for time in ["2024-05-01T16:11:12Z", "2004-01-05", "2015-09-04T00:00:00Z", "2022-04-05"] {
        #expect(bytes.range(of: Data(time.utf8)) != nil, "\(time)")
      }
    }
  }
}
