import Foundation
import Reviews
import TestSupport
import Testing

@Suite struct ClassifyTests {
  @Test func oneLineGivesOneRecordWhoseSpansSliceTheInput() throws {
    let text = "The battery life is awful but the screen is gorgeous"
    // The model that ships, from wherever the program lies.
    let result = try Program.run(
      ["classify", "-"], input: Data((text + "\n").utf8), environment: ["GLOSS_MODEL": ""])
    #expect(result.status == 0)
    #expect(
      result.messages
        == "1 read = 1 glossed + 0 abstained + 0 rejected; 10 pieces read, 10 used\n")
    let line = try #require(result.lines.first)
    #expect(result.lines.count == 1)
    let gloss = try Gloss(jsonLine: line)
    #expect(gloss.id == "<stdin>:1" && gloss.language == "en")
    #expect(gloss.model.hasPrefix("gloss-small/"))
    #expect(!gloss.entities.isEmpty)
    let scalars = Array(text.unicodeScalars)
    for entity in gloss.entities {
      let slice = String(String.UnicodeScalarView(scalars[entity.start..<entity.end]))
      #expect(slice == entity.text)
    }
  }

  @Test(arguments: ["scalar", "utf8", "utf16"]) func offsetsSliceEverySampleText(unit: String)
    throws
  {
    let samples = Project.root.appendingPathComponent("corpora/samples/reviews.jsonl").path
    let result = try Program.run("classify", samples, "--offsets", unit)
    #expect(result.status == 0)
    var texts: [String: String] = [:]
    for line in try String(contentsOfFile: samples, encoding: .utf8).split(separator: "\n") {
      let review = try JSONDecoder().decode(Review.self, from: Data(line.utf8))
      texts[review.id] = review.text
    }
    #expect(result.lines.count == texts.count)
    var spans = 0
    for line in result.lines {
      let gloss = try Gloss(jsonLine: line)
      let text = try #require(texts[gloss.id])
      for entity in gloss.entities {
        spans += 1
        let range = entity.start..<entity.end
        let slice =
          switch unit {
          case "utf8": String(decoding: Array(text.utf8)[range], as: UTF8.self)
          case "utf16": String(decoding: Array(text.utf16)[range], as: UTF16.self)
          default: String(String.UnicodeScalarView(Array(text.unicodeScalars)[range]))
          }
        #expect(slice == entity.text, "\(gloss.id)")
      }
    }
    #expect(spans > 100)
  }

  @Test func aTextLongerThanAWindowIsReadToItsEnd() throws {
    let filler = String(repeating: "We stayed two nights and walked to the lake. ", count: 300)
    let result = try Program.run(
      "classify", "-", input: filler + "The breakfast was delicious.\n")
    let gloss = try Gloss(jsonLine: try #require(result.lines.first))
    #expect(gloss.windows > 10)
    #expect(gloss.tokens > 2_700)
    // The last sentence is read as any other.
    #expect(gloss.entities.contains { $0.end > filler.unicodeScalars.count })
  }

  @Test func badRowsAreRejectedAndTheRestIsRead() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("mixed.jsonl").path
      var rows = Data(#"{"id":"a","text":"Lovely soup."}"#.utf8)
      rows += Data("\n{\"id\":\"b\"}\nnot json\n{\"id\":\"c\",\"text\":\" \"}\n".utf8)
      rows += Data(#"{"id":"d","text":""#.utf8) + Data([0xFF, 0xFE]) + Data("\"}\n".utf8)
      rows += Data(#"{"id":"e","text":"Broken after a week."}"#.utf8)
      try rows.write(to: URL(fileURLWithPath: file))
      let result = try Program.run("classify", file)
      #expect(result.status == 1)
      let ids = try result.lines.map { try Gloss(jsonLine: $0).id }
      #expect(ids == ["a", "d", "e"])
      #expect(try Gloss(jsonLine: result.lines[1]).replaced == 2)
      let messages = result.messages.split(separator: "\n").map(String.init)
      #expect(messages.count == 5)
      for line in 2...4 { #expect(messages[line - 2].hasPrefix("\(file):\(line): ")) }
      #expect(messages[0].contains("--text-field"))
      #expect(messages[3].hasPrefix("1 rows were not UTF-8; U+FFFD stands for what was not: "))
      #expect(messages[4].hasPrefix("6 read = 2 glossed + 1 abstained + 3 rejected; "))

      let rejects = folder.appendingPathComponent("rejects.jsonl").path
      _ = try Program.run("classify", file, "--rejects", rejects)
      let kept = try String(contentsOfFile: rejects, encoding: .utf8).split(separator: "\n")
      #expect(kept.count == 3)
      let first = try JSONDecoder().decode(RejectedRow.self, from: Data(kept[0].utf8))
      #expect(first.line == 2 && first.raw == #"{"id":"b"}"#)
    }
  }

  @Test func csvColumnsAreNamedOnTheCommandLine() throws {
    let result = try Program.run(
      "classify", "corpora/samples/reviews-messy.csv", "--text-field", "review", "--id-field",
      "review_id", "--user-field", "customer", "--item-field", "product", "--time-field", "date")
    #expect(result.status == 1)  // one review is empty
    #expect(result.lines.count == 13)
    let gloss = try Gloss(jsonLine: try #require(result.lines.first))
    #expect(gloss.id == "m-001" && gloss.user != nil && gloss.item != nil)
  }

  @Test func outAppearsWholeOrNotAtAll() throws {
    try withTemporaryFolder { folder in
      let out = folder.appendingPathComponent("records.jsonl").path
      let result = try Program.run("classify", "-", "--out", out, input: "Fine.\nBad.\n")
      #expect(result.status == 0 && result.output.isEmpty)
      #expect(try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").count == 2)
      try FileManager.default.removeItem(atPath: out)
      let failed = try Program.run("classify", "-", "nowhere.txt", "--out", out, input: "Fine.\n")
      #expect(failed.status == 2)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  private static let samples = "corpora/samples/reviews.jsonl"

  @Test func theRecordsDoNotDependOnThreads() throws {
    let one = try Program.run("classify", Self.samples, "--threads", "1")
    #expect(one.status == 0 && one.lines.count == 130)
    for threads in ["2", "3", "8"] {
      let other = try Program.run("classify", Self.samples, "--threads", threads)
      #expect(other.output == one.output, "\(threads) threads")
    }
  }

  /// With the kernels that OpenBLAS should choose, and with its AVX2 ones.
  @Test(
    .enabled(if: hasAVX2, "this CPU has no AVX2"), arguments: [[:], ["GLOSS_BLAS_CORE": "Haswell"]])
  func theRecordsDoNotDependOnTheirNeighbours(environment: [String: String]) throws {
    // A thousand texts of many lengths: where rows depend on others, a few differ in a last digit.
    let texts = try String(
      contentsOf: Project.root.appendingPathComponent(Self.samples), encoding: .utf8
    ).split(separator: "\n").map { try #require(Self.text($0)) }
    let rows = texts.indices.flatMap { first in
      (0..<8).map { "\(texts[first]) \(texts[(first + $0) % texts.count].prefix(20 * $0))" }
    }
    let input = rows.joined(separator: "\n") + "\n"
    func run(_ options: String...) throws -> Program.Result {
      try Program.run(
        ["classify", "-", "--format", "txt"] + options, input: Data(input.utf8),
        environment: environment)
    }
    let together = try run()
    #expect(together.status == 0 && together.lines.count == rows.count)
    for tokens in ["1", "50", "333", "100000"] {
      let other = try run("--batch-tokens", tokens)
      #expect(other.output == together.output, "\(tokens) pieces at once")
    }
  }

  @Test func roundedFactorsSayNearlyTheSame() throws {
    func run(_ options: String...) throws -> [Gloss] {
      let result = try Program.run(["classify", Self.samples] + options)
      #expect(result.status == 0, "\(result.messages)")
      return try result.lines.map { try JSONDecoder().decode(Gloss.self, from: Data($0.utf8)) }
    }
    let exact = try run()
    let rounded = try run("--precision", "bfloat16")
    #expect(rounded != exact && rounded.count == exact.count)
    // Neighbours and threads change nothing here either.
    #expect(
      try run("--precision", "bfloat16", "--batch-tokens", "50", "--threads", "1") == rounded)
    for (one, other) in zip(rounded, exact) {
      for (probability, exact) in zip(one.sentiment.probabilities, other.sentiment.probabilities) {
        #expect(abs(probability - exact) < 0.02, "\(one.id)")
      }
      #expect(one.model == other.model + "+bfloat16")
    }
    let wrong = try Program.run("classify", Self.samples, "--precision", "float16")
    #expect(wrong.status == 64 && wrong.messages.contains("--precision"))
  }

  /// The text of a row of JSON lines, on one line.
  private static func text(_ row: Substring) -> String? {
    let object = try? JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any]
    return (object?["text"] as? String)?.replacingOccurrences(of: "\n", with: " ")
  }

  private static var hasAVX2: Bool {
    let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return flags.contains("avx2")
  }
}
