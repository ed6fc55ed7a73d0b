import Foundation
import Reviews
import TestSupport
import Testing

/// Files as no program wants them: every row of them is accounted for.
@Suite(.enabled(if: Tool.python.isThere, "there is no python3")) struct HostileFileTests {
  private struct Count: Decodable {
    let rows, blank: Int
  }

  @Test(arguments: [1, 2]) func everyRowIsAccountedFor(seed: Int) throws {
    try withTemporaryFolder { folder in
      let script = Project.root.appendingPathComponent("Tests/Hostile/make.py").path
      // The longest rows, 64 MiB, once is enough.
      let longest = seed == 1 ? 64 << 20 : 1 << 20
      let made = try Program.shell("python3 \(script) \(folder.path) \(seed) \(longest)")
      #expect(made.status == 0, "\(made.messages)")
      let counts = try JSONDecoder().decode(
        [String: Count].self, from: Data(contentsOf: folder.appendingPathComponent("counts.json")))
      #expect(counts.count == 3)
      for (name, count) in counts {
        let file = folder.appendingPathComponent(name)
        let (summary, rejects) = (file.path + ".summary", file.path + ".rejects")
        let result = try Program.run(
          "classify", file.path, "--summary", summary, "--rejects", rejects, "--keep-fields")
        #expect(result.status == 1, "\(name): \(result.messages)")
        let read = try BatchTests.Summary(summary)
        #expect(read.read == count.rows && read.blank == count.blank, "\(name), seed \(seed)")
        #expect(read.rejected >= 1 && read.glossed > 20 && read.replaced >= 1 && read.complete)
        #expect(result.lines.count == read.glossed + read.abstained)
        for line in result.lines { _ = try Gloss(jsonLine: line) }
        try check(rejects, read.rejected, of: file)
      }
    }
  }

  /// Every rejected row says where it stands, and holds what stands there.
  private func check(_ rejects: String, _ count: Int, of file: URL) throws {
    let contents = try Data(contentsOf: file)
    let lines = try Data(contentsOf: URL(fileURLWithPath: rejects)).split(
      separator: UInt8(ascii: "\n"))
    #expect(lines.count == count)
    for line in lines {
      let row = try JSONDecoder().decode(RejectedRow.self, from: line)
      let raw = row.rawBase64.flatMap { Data(base64Encoded: $0) } ?? Data(row.raw.utf8)
      #expect(contents.dropFirst(row.byteOffset).starts(with: raw), "\(row.line)")
      let before = contents.prefix(row.byteOffset).count { $0 == UInt8(ascii: "\n") }
      #expect(row.line == before + 1 && !row.reason.contains("\n"))
    }
  }
}

/// A program that some machines have.
struct Tool {
  let name: String

  static let python = Tool(name: "python3")

  var isThere: Bool {
    let result = try? Program.shell("command -v \(name)")
    return result?.status == 0
  }
}
