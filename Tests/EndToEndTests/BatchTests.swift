import Foundation
import Reviews
import TestSupport
import Testing

/// `gloss classify` over many rows: what it keeps, counts and hands on, and how it ends.
@Suite struct BatchTests {
  /// What `--summary` holds.
  struct Summary: Decodable {
    let read, glossed, abstained, rejected, blank, replaced, pieces_read, pieces_used: Int
    let seconds: Double
    let complete: Bool

    init(_ path: String) throws {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      self = try JSONDecoder().decode(Self.self, from: data)
      #expect(read == glossed + abstained + rejected)
      #expect(pieces_read == pieces_used)
    }
  }

  private func rows(_ count: Int) -> String {
    (1...count).map { "{\"id\":\"r\($0)\",\"text\":\"The lamp number \($0) is torn.\"}\n" }.joined()
  }

  private func write(_ text: String, _ folder: URL, _ name: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func theSummaryAddsUp() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(3) + "{\n\n{\"text\":\"\u{200B}\"}\n", folder, "a.jsonl")
      let summary = folder.appendingPathComponent("summary.json").path
      let result = try Program.run("classify", file, "--summary", summary)
      #expect(result.status == 1)
      let counts = try Summary(summary)
      #expect(counts.read == 5 && counts.glossed == 3 && counts.abstained == 1)
      #expect(counts.rejected == 1 && counts.blank == 1 && counts.complete)
      #expect(result.lines.count == 4 && result.lines[3].contains("\"abstained\":true"))
    }
  }

  @Test func mendedRowsAreFedBack() throws {
    try withTemporaryFolder { folder in
      let rejects = folder.appendingPathComponent("rejects.jsonl").path
      let table = "id,text\n1,fine\n2,so, so\n3,\"it is \"good\" now\"\n4,last\n"
      let file = try write(table, folder, "a.csv")
      let result = try Program.run("classify", file, "--rejects", rejects)
      #expect(result.status == 1 && result.lines.count == 2)
      let bad = try String(contentsOfFile: rejects, encoding: .utf8).split(separator: "\n").map {
        try JSONDecoder().decode(RejectedRow.self, from: Data($0.utf8))
      }
      #expect(bad.map(\.line) == [3, 4] && bad.allSatisfy { $0.file == file })
      for row in bad {
        let bytes = Array(table.utf8)[row.byteOffset...].prefix(row.raw.utf8.count)
        #expect(String(decoding: bytes, as: UTF8.self) == row.raw)
      }
      let mended = bad.map(\.raw)
        .map {
          $0.replacing("so, so", with: "\"so, so\"").replacing("\"good\"", with: "\"\"good\"\"")
        }
      let again = try Program.run(
        "classify", "-", "--format", "csv", "--columns", "id,text",
        input: mended.joined(separator: "\n"))
      #expect(again.status == 0)
      #expect(try again.lines.map { try Gloss(jsonLine: $0).id } == ["2", "3"])
    }
  }

  @Test func theFirstBadRowStopsTheRun() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(2) + "{\n" + rows(2), folder, "a.jsonl")
      let result = try Program.run("classify", file, "--on-bad-row", "stop")
      #expect(result.status == 2 && result.lines.count == 2)
      #expect(result.messages.contains("gloss: \(file):3: not valid JSON"))
      #expect(result.messages.contains("3 read = 2 glossed + 0 abstained + 1 rejected"))
    }
  }

  @Test func otherFieldsAreHandedOnAsTheyWere() throws {
    try withTemporaryFolder { folder in
      let row =
        #"{"sku": "a\"b", "id":"1","n": 12345678901234567890.10, "t":{"x":[1, {"y":null}]} ,"text":"Fine","é\u0301":true}"#
      let file = try write(row + "\n", folder, "a.jsonl")
      let json = try Program.run("classify", file, "--keep-fields")
      #expect(
        json.output.hasSuffix(
          #","fields":{"sku":"a\"b","n":12345678901234567890.10,"t":{"x":[1, {"y":null}]},"é́":true}}"#
            + "\n"), "\(json.output)")
      let table = try write("shop,text,size\n\"a,b\",Fine,9\n", folder, "b.csv")
      let csv = try Program.run(
        "classify", table, "--keep-fields", "--output", "csv", "--head", "intents")
      #expect(
        csv.lines.first
          == "id,user,item,time,language,intents,intent_confidences,tokens,windows,abstained,"
          + "replaced,model,fields")
      #expect(csv.lines.last?.hasSuffix(#","{""shop"":""a,b"",""size"":""9""}""#) == true)
    }
  }

  @Test func headsThatAreNotAskedForAreLeftOut() throws {
    let result = try Program.run(
      "classify", "-", "--head", "entities", input: "The screen is gorgeous.\n")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(
      Set(object.keys) == ["id", "language", "entities", "tokens", "windows", "model"])
    let whole = try Program.run("classify", "-", input: "The screen is gorgeous.\n")
    let gloss = try Gloss(jsonLine: try #require(whole.lines.first))
    #expect((object["entities"] as? [Any])?.count == gloss.entities.count)
  }

  @Test func whatIsLessCertainIsLeftOut() throws {
    let text = "The battery life is awful but the screen is gorgeous\n"
    let result = try Program.run("classify", "-", "--min-confidence", "0.96", input: text)
    let gloss = try Gloss(jsonLine: try #require(result.lines.first))
    #expect(gloss.abstained == true)
    #expect(gloss.entities.allSatisfy { $0.confidence >= 0.96 } && !gloss.entities.isEmpty)
    #expect(gloss.intents.map(\.label) == ["complaint"])
    #expect(result.messages.hasPrefix("1 read = 0 glossed + 1 abstained + 0 rejected"))
  }

  @Test(arguments: ["", "reviews.csv", "reviews.tsv", "reviews.jsonl"])
  func theFormatFollowsFromNameOrFirstBytes(name: String) throws {
    let contents = [
      "": "id,text\n1,\"Fine\"\n", "reviews.csv": "id,text\n1,Fine\n",
      "reviews.tsv": "id\ttext\n1\tFine\n", "reviews.jsonl": "{\"id\":1,\"text\":\"Fine\"}\n",
    ]
    try withTemporaryFolder { folder in
      let text = contents[name] ?? ""
      let result =
        name.isEmpty
        ? try Program.run("classify", "-", input: text)
        : try Program.run("classify", try write(text, folder, name))
      #expect(result.status == 0)
      #expect(try Gloss(jsonLine: try #require(result.lines.first)).id == "1")
    }
  }

  @Test func aPipeThatDoesNotBlockIsWaitedFor() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(3_000), folder, "a.jsonl")
      let output = Pipe()
      // As programs leave it that share the pipe.
      let descriptor = output.fileHandleForWriting.fileDescriptor
      #expect(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0)
      let process = try Program.start(["classify", file], output: output)
      // Long enough for the pipe to be full.
      sleep(2)
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(data.count { $0 == UInt8(ascii: "\n") } == 3_000)
    }
  }

  @Test func aFullDiskLeavesCountsThatAddUp() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(3_000), folder, "a.jsonl")
      let summary = folder.appendingPathComponent("summary.json").path
      let shell = try Program.shell(
        "\"$0\" classify \(file) --summary \(summary) >/dev/full", Program.path.path)
      #expect(shell.status == 2)
      #expect(shell.messages.contains("<stdout>: cannot be written (No space left on device)"))
      #expect(try Summary(summary).read == 0)
      // A file that may not grow beyond 64 KiB: about a hundred records are whole.
      let out = folder.appendingPathComponent("out.jsonl").path
      let limited = try Program.shell(
        "ulimit -f 64; exec \"$0\" classify \(file) --out \(out) --summary \(summary)",
        Program.path.path)
      #expect(limited.status == 2, "\(limited.messages)")
      let counts = try Summary(summary)
      #expect(counts.read > 50 && !counts.complete)
      #expect(!FileManager.default.fileExists(atPath: out))
      let part = try #require(
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
          .first { $0.hasSuffix(".part") })
      let kept = try String(contentsOf: folder.appendingPathComponent(part), encoding: .utf8)
      #expect(kept.hasSuffix("}\n") && kept.split(separator: "\n").count == counts.glossed)
    }
  }

  @Test func aReaderThatGoesAwayEndsTheProgramQuietly() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(20_000) + "{\n", folder, "a.jsonl")
      let rejects = folder.appendingPathComponent("rejects.jsonl").path
      let result = try Program.shell(
        "\"$0\" classify \(file) --rejects \(rejects) | head -n 2; echo ${PIPESTATUS[0]}",
        Program.path.path)
      #expect(result.lines.count == 3 && result.lines.last == "141", "\(result.lines)")
      #expect(result.messages.isEmpty)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["a.jsonl", "rejects.jsonl"])
    }
  }

  @Test func anInterruptedRunSaysWhatItDid() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(200_000), folder, "a.jsonl")
      let summary = folder.appendingPathComponent("summary.json").path
      let out = folder.appendingPathComponent("out.jsonl").path
      let process = try Program.start(["classify", file, "--out", out, "--summary", summary])
      func part() throws -> URL? {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return names.first { $0.hasSuffix(".part") }.map(folder.appendingPathComponent)
      }
      func size() throws -> Int {
        try part().map { try Data(contentsOf: $0).count } ?? 0
      }
      while process.isRunning, try size() == 0 { usleep(1_000) }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      let counts = try Summary(summary)
      #expect(counts.read > 0 && counts.read < 200_000 && !counts.complete)
      let kept = try String(contentsOf: try #require(try part()), encoding: .utf8)
      #expect(kept.split(separator: "\n").count == counts.glossed && kept.hasSuffix("}\n"))
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func waitingForInputIsInterruptedAndRowsComeAtOnce() throws {
    try withTemporaryFolder { folder in
      let input = Pipe()
      let output = Pipe()
      let process = try Program.start(["classify", "-"], input: input, output: output)
      // The row is answered while the next one is not written yet.
      input.fileHandleForWriting.write(Data("Fine.\n".utf8))
      let record = output.fileHandleForReading.availableData
      #expect(String(decoding: record, as: UTF8.self).contains("<stdin>:1"))
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      try input.fileHandleForWriting.close()
    }
  }

  @Test func theLimitReadsNoFurther() throws {
    let result = try Program.run("classify", "-", "--limit", "2", input: "a\nb\nc\n")
    #expect(result.status == 0 && result.lines.count == 2)
    #expect(result.messages.hasPrefix("2 read = 2 glossed"))
  }

  @Test func progressForMachinesIsJSON() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(30_000), folder, "a.jsonl")
      let result = try Program.run("classify", file, "--progress", "json", "--threads", "1")
      let lines = result.messages.split(separator: "\n").filter { $0.hasPrefix("{") }
      #expect(!lines.isEmpty)
      for line in lines {
        let object = try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Double])
        #expect((1...30_000).contains(object["read"] ?? 0) && object["rows_per_second"] ?? 0 > 0)
        #expect(object["bytes_total"] == Double(rows(30_000).utf8.count))
        #expect(object["seconds_left"] != nil)
      }
      // Without being asked nothing is said where nobody looks.
      let quiet = try Program.run("classify", file, "--limit", "9")
      #expect(quiet.messages.split(separator: "\n").count == 1)
    }
  }

  @Test func wrongUsageIsTold() throws {
    for arguments in [
      ["--head", "mood"], ["--head", ""], ["--columns", "id,body"], ["--limit", "-1"],
      ["--resume"], ["--on-bad-row", "skip"], ["--output", "xml"], ["--min-confidence", "2"],
      ["--out", "corpora/samples/reviews.jsonl"],
      ["--rejects", "x", "--summary", "x"], ["--rejects", "-"],
      ["--out", "x", "--rejects", "-", "--summary", "-"],
    ] {
      let result = try Program.run(["classify", "corpora/samples/reviews.jsonl"] + arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.output.isEmpty && result.messages.hasPrefix("Error: "), "\(arguments)")
    }
  }

  @Test func rejectedRowsAreWrittenOverNoOtherFile() throws {
    try withTemporaryFolder { folder in
      let part = try write(rows(2), folder, "bad.jsonl.part")
      let rejects = folder.appendingPathComponent("bad.jsonl").path
      let result = try Program.run("classify", part, "--rejects", rejects)
      #expect(result.status == 0 && result.lines.count == 2)
      #expect(try String(contentsOfFile: part, encoding: .utf8) == rows(2))
    }
  }

  @Test(arguments: [("--rejects", "cannot be written"), (">", "<stdout>: cannot be written")])
  func aFullDiskLeavesWholeRows(output: String, message: String) throws {
    try withTemporaryFolder { folder in
      let rejected = String(repeating: "{\"id\":\"no text here\"}\n", count: 3_000)
      let file = try write(output == ">" ? rows(3_000) : rejected, folder, "a.jsonl")
      let out = folder.appendingPathComponent("out.jsonl").path
      let result = try Program.shell(
        "ulimit -f 64; exec \"$0\" classify \(file) \(output) \(out)", Program.path.path)
      #expect(result.status == 2 && result.messages.contains(message))
      let kept = try String(contentsOfFile: out, encoding: .utf8)
      #expect(kept.hasSuffix("}\n") && kept.utf8.count > 60_000)
    }
  }

  /// A file that is opened would take the place of a standard descriptor that is closed.
  @Test func closedDescriptorsMixNothingUp() throws {
    try withTemporaryFolder { folder in
      let file = try write(rows(2) + "{}\n", folder, "a.jsonl")
      let (out, rejects) = (folder.path + "/out.jsonl", folder.path + "/bad.jsonl")
      let deaf = try Program.shell(
        "exec \"$0\" classify \(file) --out \(out) 2>&-", Program.path.path)
      #expect(deaf.status == 1)
      #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 2)
      let mute = try Program.shell(
        "exec \"$0\" classify \(file) --rejects \(rejects) >&-", Program.path.path)
      #expect(mute.status == 2 && mute.messages.contains("<stdout>: cannot be written"))
      #expect(!(try String(contentsOfFile: rejects, encoding: .utf8)).contains("sentiment"))
      let blind = try Program.shell("exec \"$0\" classify - <&-", Program.path.path)
      #expect(blind.status == 2 && blind.messages.contains("<stdin>: cannot be read"))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func shellsGetTheirCompletions(shell: String) throws {
    let result = try Program.run("completions", shell)
    #expect(result.status == 0 && result.output.contains("keep-fields"))
  }
}
