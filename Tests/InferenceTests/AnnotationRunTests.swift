import Files
import Foundation
import Privacy
import Reviews
import TestSupport
import Testing

@testable import Inference

@Suite struct AnnotationRunTests {
  /// What a run gave.
  private struct Outcome {
    var counts = AnnotationRun.Counts()
    var annotations: [Annotation] = []
    /// Ids of reviews that were passed over.
    var passed: [String] = []
    var rejected: [RejectedRow] = []
    var error: (any Error)?

    var ids: [String] { annotations.map(\.gloss.id) }
  }

  private final class Collector: AnnotationRun.Receiver {
    var outcome = Outcome()
    /// Records that are taken before the disk is full.
    var room = Int.max
    var badRoom = Int.max
    /// What a receiver throws that has taken nothing.
    var refusal: (any Error)?
    var afterChunk: () -> Void = {}
    static let full = FileError.unavailable(path: "out", problem: "no space", remedy: "make some")

    func glossed(_ annotations: [Annotation]) throws {
      if let refusal { throw refusal }
      let left = room - outcome.annotations.count
      outcome.annotations += annotations.prefix(left)
      if left < annotations.count { throw PartlyWritten(count: left, error: Self.full) }
    }

    func passed(_ reviews: [Review]) throws { outcome.passed += reviews.map(\.id) }

    func rejected(_ row: RejectedRow) throws {
      if outcome.rejected.count == badRoom { throw Self.full }
      outcome.rejected.append(row)
    }

    func advanced(_ counts: AnnotationRun.Counts, bytesRead: Int) {
      #expect(
        counts.read == counts.glossed + counts.abstained + counts.passed + counts.rejected)
      afterChunk()
    }
  }

  private func run(
    _ files: [String], _ contents: [String: String], threads: Int = 2,
    settings: AnnotationRun.Settings = .init(),
    isCancelled: @escaping @Sendable () -> Bool = { false },
    prepare: (Collector) -> Void = { _ in }
  ) throws -> Outcome {
    let annotator = Annotator(try Fixture.model(), threads: threads)
    return try withTemporaryFolder { folder in
      for (name, text) in contents {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      let collector = Collector()
      prepare(collector)
      var counts = AnnotationRun.Counts()
      var outcome = Outcome()
      do {
        try AnnotationRun(annotator, settings: settings).run(
          files.map { folder.appendingPathComponent($0).path }, counts: &counts, to: collector,
          isCancelled: isCancelled)
      } catch {
        outcome.error = error
      }
      #expect(counts.read == counts.glossed + counts.abstained + counts.passed + counts.rejected)
      #expect(counts.piecesRead == counts.piecesUsed)
      outcome.annotations = collector.outcome.annotations
      outcome.passed = collector.outcome.passed
      for index in outcome.annotations.indices {
        let id = outcome.annotations[index].gloss.id
        outcome.annotations[index].gloss.id = id.replacing(folder.path + "/", with: "")
      }
      outcome.rejected = collector.outcome.rejected
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
        "c.txt": "A dull scarf\n\nA lovely scarf\n\u{200B}",
      ])
    #expect(outcome.error == nil)
    #expect(outcome.ids == ["j-1", "4", "c-1", "c-4", "c.txt:1", "c.txt:3", "c.txt:4"])
    #expect(outcome.rejected.map(\.line) == [2, 3, 6, 4, 5])
    #expect(outcome.counts.read == 12)
    #expect(outcome.counts.glossed == 6)
    // Nothing of a zero-width space is left to read.
    #expect(outcome.counts.abstained == 1 && outcome.annotations.last?.gloss.abstained == true)
    #expect(outcome.counts.rejected == 5)
    #expect(outcome.counts.blank == 2)
    #expect(outcome.counts.piecesRead == outcome.annotations.reduce(0) { $0 + $1.gloss.tokens })
    #expect(outcome.counts.emptyFiles.isEmpty)
  }

  @Test func whatIsRedactedIsCountedWithTheRecordsThatAreTaken() throws {
    let rows = (1...9).map { "Call 555-234-567\($0), or a\($0)@b.example, or b@c.example\n" }
    var settings = AnnotationRun.Settings()
    settings.options.privacy.redacts = true
    let whole = try run(["a.txt"], ["a.txt": rows.joined()], settings: settings)
    #expect(whole.counts.redacted == [.phone: 9, .email: 18])
    let part = try run(
      ["a.txt"], ["a.txt": rows.joined()], settings: settings, prepare: { $0.room = 4 })
    #expect(part.counts.redacted == [.phone: 4, .email: 8])
    #expect(try run(["a.txt"], ["a.txt": rows.joined()]).counts.redacted.isEmpty)
  }

  @Test(arguments: [1, 2, 5]) func manyChunksComeInOrder(threads: Int) throws {
    let outcome = try run(
      ["a.txt", "b.txt"], ["a.txt": lines(2_700), "b.txt": lines(1_500)], threads: threads)
    #expect(outcome.counts.glossed == 4_200)
    #expect(
      outcome.ids == (1...2_700).map { "a.txt:\($0)" } + (1...1_500).map { "b.txt:\($0)" })
  }

  @Test func whatNeedsNoReadingIsPassedOverAndCounts() throws {
    let outcome = try run(
      ["a.txt"], ["a.txt": lines(1_200)],
      settings: .init(passes: { reviews in reviews.map { $0.id.hasSuffix("7") } }))
    #expect(outcome.counts.passed == 120 && outcome.counts.glossed == 1_080)
    #expect(outcome.passed.count == 120 && outcome.passed.allSatisfy { $0.hasSuffix("7") })
    #expect(!outcome.ids.contains { $0.hasSuffix("7") })
  }

  @Test func whoCannotSayWhatNeedsReadingEndsTheRun() throws {
    let outcome = try run(
      ["a.txt"], ["a.txt": lines(9)], settings: .init(passes: { _ in throw Collector.full }))
    #expect(outcome.error != nil && outcome.counts.read == 0)
  }

  @Test func filesWithoutARowAreNamed() throws {
    let outcome = try run(
      ["a.txt", "b.txt", "c.txt"], ["a.txt": "", "b.txt": lines(1), "c.txt": "\n\n"])
    #expect(outcome.counts.glossed == 1)
    let empty = outcome.counts.emptyFiles.map { ($0 as NSString).lastPathComponent }
    #expect(empty == ["a.txt", "c.txt"])
  }

  @Test func aLimitEndsAfterSoManyRows() throws {
    let outcome = try run(
      ["a.jsonl", "b.txt"], ["a.jsonl": "{\n{\"text\":\"Fine\"}\n", "b.txt": lines(9)],
      settings: .init(limit: 5))
    #expect(outcome.counts.read == 5 && outcome.counts.rejected == 1)
    #expect(outcome.ids == ["a.jsonl:2", "b.txt:1", "b.txt:2", "b.txt:3"])
  }

  @Test func theFirstBadRowEndsTheRunWhereThatIsAskedFor() throws {
    let text = lines(1_000).split(separator: "\n").map { "{\"text\":\"\($0)\"}\n" }
    let rows = text[..<700].joined() + "bad\n" + text[700...].joined() + "worse\n"
    let outcome = try run(["a.jsonl"], ["a.jsonl": rows], settings: .init(stopsAtBadRow: true))
    #expect(outcome.ids == (1...700).map { "a.jsonl:\($0)" })
    #expect(outcome.rejected.map(\.line) == [701])
    #expect(outcome.counts.read == 701)
    let error = try #require(outcome.error as? AnnotationRun.StoppedAtRow)
    #expect(error.description.contains("a.jsonl:701: not valid JSON"))
  }

  @Test func aCancelledRunDeliversWhatItHasRead() throws {
    nonisolated(unsafe) var isCancelled = false
    let outcome = try run(
      ["a.txt", "b.txt"], ["a.txt": lines(50_000), "b.txt": lines(5)],
      isCancelled: { unsafe isCancelled },
      prepare: { $0.afterChunk = { unsafe isCancelled = true } })
    #expect(outcome.error == nil)
    #expect(outcome.counts.read >= 512 && outcome.counts.read < 50_000)
    #expect(outcome.ids == (1...outcome.counts.read).map { "a.txt:\($0)" })
  }

  @Test(arguments: [(nil, 0), ("review\nNo text column\n", 0)] as [(String?, Int)])
  func anErrorInTheSecondFileKeepsTheRecordsBefore(second: String?, more: Int) throws {
    var contents = ["a.txt": lines(3), "c.txt": lines(2)]
    contents["b.csv"] = second
    let outcome = try run(["a.txt", "b.csv", "c.txt"], contents)
    let error = try #require(outcome.error as? FileError)
    #expect(error.description.contains("b.csv") && !error.description.contains("\n"))
    #expect(outcome.ids == ["a.txt:1", "a.txt:2", "a.txt:3"])
    #expect(outcome.counts.glossed == 3)
  }

  @Test(arguments: [0, 1, 511, 512, 900]) func whatAFullDiskTookIsCountedExactly(room: Int) throws {
    let outcome = try run(["a.txt"], ["a.txt": lines(1_100)], prepare: { $0.room = room })
    #expect(outcome.error as? FileError == Collector.full)
    #expect(outcome.ids.count == room)
    #expect(outcome.counts.glossed == room && outcome.counts.read == room)
  }

  @Test func whatWasPassedOverCountsWhereNothingElseWasTaken() throws {
    let outcome = try run(
      ["a.txt"], ["a.txt": lines(9)],
      settings: .init(passes: { reviews in reviews.map { $0.id.hasSuffix("7") } }),
      prepare: { $0.refusal = Collector.full })
    #expect(outcome.error as? FileError == Collector.full)
    #expect(outcome.counts.passed == 1 && outcome.counts.read == 1)
  }

  @Test func rejectedRowsThatCannotBeKeptAreNotCounted() throws {
    let rows = (0..<40).map { $0 % 2 == 0 ? "bad \($0)\n" : "{\"text\":\"Fine\"}\n" }.joined()
    let outcome = try run(["a.jsonl"], ["a.jsonl": rows], prepare: { $0.badRoom = 7 })
    #expect(outcome.error as? FileError == Collector.full)
    #expect(outcome.counts.rejected == 7 && outcome.counts.glossed == 20)
  }
}
