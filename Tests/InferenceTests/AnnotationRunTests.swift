import Files
import Foundation
import Reviews
import TestSupport
import Testing

@testable import Inference

@Suite struct AnnotationRunTests {
  /// What a run gave.
  private struct Outcome {
    var counts = AnnotationRun.Counts()
    var ids: [String] = []
    var chunks: [Int] = []
    var rejected: [RejectedRow] = []
    var error: (any Error)?
  }

  /// Runs over `files` in a folder of `contents`; `isCancelled` sees what there is so far.
  private func run(
    _ files: [String], _ contents: [String: String],
    isCancelled: @escaping (Outcome) -> Bool = { _ in false },
    refuses: @escaping (Outcome) -> (any Error)? = { _ in nil }
  ) throws -> Outcome {
    let annotator = Annotator(try Fixture.model(), threads: 2)
    return try withTemporaryFolder { folder in
      for (name, text) in contents {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      var outcome = Outcome()
      var counts = AnnotationRun.Counts()
      do {
        try AnnotationRun(annotator, options: .init()).run(
          files.map { folder.appendingPathComponent($0).path }, counts: &counts,
          isCancelled: { isCancelled(outcome) }, rejected: { outcome.rejected.append($0) },
          glossed: { records in
            outcome.chunks.append(records.count)
            if let error = refuses(outcome) { throw error }
            outcome.ids += records.map { $0.id.replacing(folder.path + "/", with: "") }
          })
      } catch {
        outcome.error = error
      }
      outcome.counts = counts
      return outcome
    }
  }

  private func lines(_ count: Int) -> String {
    (1...count).map { "The lamp number \($0) is lovely.\n" }.joined()
  }

  @Test func everyRowIsGlossedOrRejected() throws {
    let outcome = try run(
      ["a.jsonl", "b.csv", "c.txt"],
      [
        "a.jsonl": """
        {"id": "j-1", "text": "The lamp is lovely."}
        not JSON
        {"id": "j-3", "text": "   "}
        {"id": 4, "text": "台灯真的漂亮。"}

        {"id": "j-6"}
        """,
        "b.csv": "id,text\nc-1,\"Torn, after\n3 days\"\nc-2,too,many\nc-3,\nc-4,Fine\n",
        "c.txt": "A dull scarf\n\nA lovely scarf",
      ])
    #expect(outcome.error == nil)
    #expect(outcome.ids == ["j-1", "4", "c-1", "c-4", "c.txt:1", "c.txt:3"])
    #expect(outcome.rejected.map(\.line) == [2, 3, 6, 4, 5])
    #expect(outcome.rejected.count == outcome.counts.rejected)
    #expect(outcome.counts.read == 11)
    #expect(outcome.counts.glossed == 6)
    #expect(outcome.counts.rejected == 5)
    #expect(outcome.counts.emptyFiles.isEmpty)
  }

  @Test func filesShareChunksOfLimitedSize() throws {
    let outcome = try run(
      ["a.txt", "b.txt"], ["a.txt": lines(700), "b.txt": lines(500)])
    #expect(outcome.chunks == [512, 512, 176])
    #expect(outcome.counts.glossed == 1_200)
    #expect(outcome.ids.count == 1_200)
    #expect(outcome.ids[699] == "a.txt:700" && outcome.ids[700] == "b.txt:1")
  }

  @Test func filesWithoutARowAreNamed() throws {
    let outcome = try run(
      ["a.txt", "b.txt", "c.txt"], ["a.txt": "", "b.txt": lines(1), "c.txt": "\n\n"])
    #expect(outcome.counts.glossed == 1)
    let empty = outcome.counts.emptyFiles.map { ($0 as NSString).lastPathComponent }
    #expect(empty == ["a.txt", "c.txt"])
  }

  @Test func aCancelledRunEndsAfterTheChunk() throws {
    let outcome = try run(
      ["a.txt", "b.txt"], ["a.txt": lines(2_000), "b.txt": lines(5)],
      isCancelled: { !$0.chunks.isEmpty })
    #expect(outcome.error == nil)
    #expect(outcome.chunks == [512])
    #expect(outcome.ids.last == "a.txt:512")
    #expect(outcome.counts.read == 512 && outcome.counts.glossed == 512)
  }

  @Test func rowsReadBeforeACancellationAreNotLost() throws {
    let outcome = try run(
      ["a.jsonl"],
      ["a.jsonl": "{\"text\": \"Fine\"}\nbad\n{\"text\": \"Dull\"}\n{\"text\": \"Old\"}\n"],
      isCancelled: { !$0.rejected.isEmpty })
    #expect(outcome.ids == ["a.jsonl:1"])
    #expect(outcome.counts.read == 2)
    #expect(outcome.counts.glossed == 1)
    #expect(outcome.counts.rejected == 1)
  }

  @Test(
    arguments: [
      (nil, 0), ("review\nNo text column\n", 0), ("id,text\nb-1,Fine\nb-2,\"never closed\n", 1),
    ] as [(String?, Int)])
  func anErrorInTheSecondFileKeepsTheRecordsBefore(second: String?, more: Int) throws {
    var contents = ["a.txt": lines(3), "c.txt": lines(2)]
    contents["b.csv"] = second
    let outcome = try run(["a.txt", "b.csv", "c.txt"], contents)
    let error = try #require(outcome.error as? FileError)
    #expect(error.description.contains("b.csv") && !error.description.contains("\n"))
    #expect(outcome.ids == Array(["a.txt:1", "a.txt:2", "a.txt:3", "b-1"].prefix(3 + more)))
    #expect(outcome.counts.glossed == 3 + more)
    #expect(outcome.counts.read == outcome.counts.glossed + outcome.counts.rejected)
  }

  @Test func aChunkThatIsRefusedIsNotOfferedAgain() throws {
    let full = FileError.unavailable(path: "out", problem: "no space", remedy: "make some")
    let outcome = try run(
      ["a.txt"], ["a.txt": lines(1_100)], refuses: { $0.chunks.count == 2 ? full : nil })
    #expect(outcome.error as? FileError == full)
    #expect(outcome.chunks == [512, 512])
    #expect(outcome.ids.count == 512)
    #expect(outcome.counts.glossed == 512)
  }
}
