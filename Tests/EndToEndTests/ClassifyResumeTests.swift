import Foundation
import TestSupport
import Testing

/// `gloss classify --out FILE --resume`: killed at any moment, a run ends as an undisturbed one.
@Suite(.serialized) struct ClassifyResumeTests {
  /// Some thousand rows of many lengths, every seventh of which is no review.
  private static func input() throws -> Data {
    let samples = try String(
      contentsOf: Project.root.appendingPathComponent("corpora/samples/reviews.jsonl"),
      encoding: .utf8
    ).split(separator: "\n")
    let rows = (0..<9_000).map { number in
      number % 7 == 3
        ? "{\"id\":\"n\(number)\"}"
        : samples[number % samples.count].replacing("\"id\":\"", with: "\"id\":\"n\(number)-")
    }
    return Data(rows.joined(separator: "\n").utf8)
  }

  private func part(_ folder: URL) throws -> URL? {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .first { $0.hasPrefix("out.") && $0.hasSuffix(".part") }.map(folder.appendingPathComponent)
  }

  private func size(_ file: URL?) -> Int {
    let attributes = file.flatMap { try? FileManager.default.attributesOfItem(atPath: $0.path) }
    return attributes?[.size] as? Int ?? 0
  }

  @Test(arguments: ["jsonl", "csv"]) func killedTwentyTimesARunEndsWithTheSameBytes(
    output: String
  ) throws {
    try withTemporaryFolder { folder in
      let input = folder.appendingPathComponent("rows.jsonl")
      try Self.input().write(to: input)
      func arguments(_ name: String) -> [String] {
        [
          "classify", input.path, "--output", output, "--out",
          folder.appendingPathComponent("\(name)/out").path, "--rejects",
          folder.appendingPathComponent("\(name)/bad").path, "--summary",
          folder.appendingPathComponent("\(name)/summary").path,
        ]
      }
      let (undisturbed, torn) = (
        folder.appendingPathComponent("undisturbed"), folder.appendingPathComponent("torn")
      )
      for folder in [undisturbed, torn] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      let first = try Program.run(arguments("undisturbed"))
      #expect(first.status == 1, "\(first.messages)")
      let expected = try Data(contentsOf: undisturbed.appendingPathComponent("out"))

      var kills = 0
      // Bytes of the records so far, and of the whole ones among them.
      var (last, whole) = (0, 0)
      for attempt in 0..<20 {
        let process = try Program.start(arguments("torn") + ["--resume"])
        // From the start of the process to some way into what is new.
        let step = expected.count / 26 * (attempt % 4) / 2
        while process.isRunning, attempt % 5 != 0, size(try part(torn)) <= last + step {
          usleep(500)
        }
        usleep(UInt32(attempt * 7_919 % 30_000))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { kills += 1 }
        let written = try part(torn).map { try Data(contentsOf: $0) } ?? Data()
        #expect(expected.starts(with: written), "attempt \(attempt)")
        #expect(written.count >= whole, "attempt \(attempt): whole records stay")
        // A record cut short, as a machine that loses power leaves it; a kill may leave one too.
        if attempt % 6 == 5, let part = try part(torn), written.count > 50 {
          let handle = try FileHandle(forUpdating: part)
          try handle.truncate(atOffset: UInt64(written.count - 7))
          try handle.close()
        }
        last = size(try part(torn))
        whole = written.prefix(last).lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      }
      #expect(kills == 20)
      #expect(last > expected.count / 4 && last < expected.count, "\(last) of \(expected.count)")
      let resumed = try Program.run(arguments("torn") + ["--resume"])
      #expect(resumed.status == 1)
      #expect(resumed.messages.contains(": going on after "), "\(resumed.messages)")
      #expect(try Data(contentsOf: torn.appendingPathComponent("out")) == expected)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: torn.path).sorted()
          == ["bad", "out", "summary"])
      for name in ["bad", "summary"] {
        var files = try [undisturbed, torn].map {
          try String(contentsOf: $0.appendingPathComponent(name), encoding: .utf8)
        }
        if name == "summary" {
          files = files.map { $0.replacing(/"seconds":[0-9.]+/, with: "") }
        }
        #expect(files[0] == files[1], "\(name)")
      }
    }
  }

  @Test func anotherRunIsNotMixedIn() throws {
    try withTemporaryFolder { folder in
      let input = folder.appendingPathComponent("rows.jsonl")
      try Self.input().write(to: input)
      let out = folder.appendingPathComponent("out").path
      func start(_ more: [String]) throws -> Process {
        try Program.start(["classify", input.path, "--out", out] + more)
      }
      let first = try start([])
      while first.isRunning, size(try part(folder)) == 0 { usleep(500) }
      // Two at once would tear each other's records.
      let second = try Program.run(["classify", input.path, "--out", out])
      #expect(second.status == 2 && second.messages.contains("another process writes it"))
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()
      // Other heads are another run: it begins anew and leaves the first one's part alone.
      let other = try Program.run(
        ["classify", input.path, "--out", out, "--resume", "--head", "intents", "--limit", "9"])
      #expect(other.status == 1 && !other.messages.contains("going on after"))
      #expect(try part(folder) != nil)
      // So is the same run over a file that has changed.
      try (Self.input() + Data("\n{\"text\":\"Fine\"}".utf8)).write(to: input)
      let changed = try Program.run(["classify", input.path, "--out", out, "--resume"])
      #expect(changed.status == 1 && !changed.messages.contains("going on after"))
    }
  }

  /// The arguments of a run over standard input that a bad row has stopped after `row`.
  private func stoppedRun(after row: String, to out: String) throws -> [String] {
    let arguments = ["classify", "-", "--out", out, "--on-bad-row", "stop"]
    let stopped = try Program.run(arguments, input: Data("\(row)\nbad\n".utf8))
    #expect(stopped.status == 2 && stopped.messages.contains("go on with the same command"))
    return arguments
  }

  @Test func aChangedStandardInputIsNoticed() throws {
    try withTemporaryFolder { folder in
      let out = folder.appendingPathComponent("out").path
      let arguments = try stoppedRun(after: "{\"id\":1,\"text\":\"Fine\"}", to: out)
      let changed = try Program.run(
        arguments + ["--resume"], input: Data("{\"id\":2,\"text\":\"Fine\"}\n".utf8))
      #expect(changed.status == 2)
      #expect(changed.messages.contains("its record 1 is of '1', the row's id is '2'"))
      let shorter = try Program.run(arguments + ["--resume"], input: Data("\n".utf8))
      #expect(shorter.status == 2)
      #expect(shorter.messages.contains("its record 1 is of '1', the input has no row of it"))
      let mended = try Program.run(
        arguments + ["--resume"],
        input: Data("{\"id\":1,\"text\":\"Fine\"}\n{\"id\":2,\"text\":\"Fine\"}\n".utf8))
      #expect(mended.status == 0 && mended.messages.contains("going on after 1 records"))
      #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 2)
    }
  }

  /// Rows without ids are named by their places, which are those of any other text.
  @Test func anotherTextOnStandardInputIsNoticed() throws {
    try withTemporaryFolder { folder in
      let out = folder.appendingPathComponent("out").path
      let arguments = try stoppedRun(after: "{\"text\":\"Fine\"}", to: out)
      let changed = try Program.run(
        arguments + ["--resume"], input: Data("{\"text\":\"Not fine at all\"}\n".utf8))
      #expect(changed.status == 2)
      #expect(
        changed.messages.contains("its record 1 is of '<stdin>:1', which has "),
        "\(changed.messages)")
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func aFileBehindALinkThatChangesIsAnother() throws {
    try withTemporaryFolder { folder in
      let (file, link) = (folder.path + "/rows.jsonl", folder.path + "/latest.jsonl")
      let out = folder.appendingPathComponent("out").path
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      func run(_ rows: String) throws -> String {
        try Data(rows.utf8).write(to: URL(fileURLWithPath: file))
        return try Program.run("classify", link, "--out", out, "--on-bad-row", "stop", "--resume")
          .messages
      }
      #expect(try run("{\"text\":\"Fine\"}\nbad\n").contains("the records so far"))
      #expect(try !run("{\"text\":\"Fine, but no longer bad\"}\n").contains("going on after"))
    }
  }
}
