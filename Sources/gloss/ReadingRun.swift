import ArgumentParser
import Files
import Foundation
import Inference
import Privacy
import Reviews

/// One run over files of reviews: counts, rejected rows, progress, signals, and how it ends.
struct ReadingRun {
  let options: ReadingOptions
  let reader: ReviewReader.Options
  var resuming: WrittenRecords?
  var passes: (@Sendable ([Review]) throws -> [Bool])?

  /// Annotates every row; rejected ones are told and counted. Without an annotator the rows are
  /// records already.
  ///
  /// `glossed` takes the records; `passed` the reviews that `passes` named; `finish` puts the result
  /// in place, unless a signal cut it short; `closing` comes last, however the run ends.
  ///
  /// - Throws: status 1 when rows were rejected, 2 when the run could not go on, 130 after a
  ///   signal, each after telling why.
  func run(
    _ annotator: Annotator?, glossed: @escaping ([Annotation]) throws -> Void,
    passed: @escaping ([Review]) throws -> Void = { _ in }, finish: () throws -> Void,
    closing: () throws -> Void = {}
  ) throws {
    let rejections = try failing {
      try Rejections(path: options.rejects, identity: options.identity(reader))
    }
    let interruption = Interruption()
    // A reader that goes away is an error of that write: what else there is to write is written.
    signal(SIGPIPE, SIG_IGN)
    let start = Date()
    let display = ProgressDisplay(options.progress, files: options.files)
    var counts = AnnotationRun.Counts()
    var failure: (any Error)?
    do {
      let settings = AnnotationRun.Settings(
        options: reader, limit: options.limit, stopsAtBadRow: options.onBadRow == .stop,
        passes: passes)
      let run =
        annotator.map { AnnotationRun($0, settings: settings) }
        ?? AnnotationRun(recordsWithThreads: options.threads.count, settings: settings)
      try run.run(
        options.files, resuming: resuming, counts: &counts,
        to: Receiver(accept: glossed, pass: passed, rejections: rejections, display: display),
        isCancelled: { interruption.wasRequested })
      display.finish()
    } catch {
      failure = error
    }
    let isWhole = failure == nil && !interruption.wasRequested
    do { try rejections.finish() } catch { failure = failure ?? error }
    // What a signal or an error cut short is not put in place of a whole file.
    if isWhole, failure == nil {
      do { try finish() } catch { failure = error }
    }
    do { try closing() } catch { failure = failure ?? error }
    let report = RunReport(
      counts: counts, seconds: Date().timeIntervalSince(start),
      isComplete: isWhole && failure == nil, redacts: options.redact)
    do { try options.summary.map(report.write) } catch { failure = failure ?? error }
    if case .closedPipe = failure as? FileError {
      // As if the signal had not been ignored: quietly.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    if let failure { Console.note("gloss: \(failure)") }
    report.tell()
    if failure != nil { throw Status.failed }
    if interruption.wasRequested { throw Status.interrupted }
    if counts.rejected > 0 || !counts.emptyFiles.isEmpty { throw Status.rejected }
  }
}

private struct Receiver: AnnotationRun.Receiver {
  let accept: ([Annotation]) throws -> Void
  let pass: ([Review]) throws -> Void
  let rejections: Rejections
  let display: ProgressDisplay

  func glossed(_ annotations: [Annotation]) throws {
    Console.clearProgress()
    try accept(annotations)
  }

  func passed(_ reviews: [Review]) throws { try pass(reviews) }

  func rejected(_ row: RejectedRow) throws { try rejections.add(row) }

  func advanced(_ counts: AnnotationRun.Counts, bytesRead: Int) {
    display.show(counts, bytesRead: bytesRead)
  }
}

/// What a run says at its end, to people and to machines.
private struct RunReport: Encodable {
  let counts: AnnotationRun.Counts
  let seconds: Double
  let isComplete: Bool
  let redacts: Bool

  private enum Keys: String, CodingKey {
    case read, glossed, abstained, passed, rejected, blank, replaced, redacted, seconds, complete
    case piecesRead = "pieces_read"
    case piecesUsed = "pieces_used"
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(counts.read, forKey: .read)
    try fields.encode(counts.glossed, forKey: .glossed)
    try fields.encode(counts.abstained, forKey: .abstained)
    try fields.encode(counts.passed, forKey: .passed)
    try fields.encode(counts.rejected, forKey: .rejected)
    try fields.encode(counts.blank, forKey: .blank)
    try fields.encode(counts.replaced, forKey: .replaced)
    if redacts {
      let all = PersonalData.Kind.allCases.map { ($0, counts.redacted[$0] ?? 0) }
      try fields.encode(Dictionary(uniqueKeysWithValues: all), forKey: .redacted)
    }
    try fields.encode(counts.piecesRead, forKey: .piecesRead)
    try fields.encode(counts.piecesUsed, forKey: .piecesUsed)
    try fields.encode((seconds * 1_000).rounded() / 1_000, forKey: .seconds)
    try fields.encode(isComplete, forKey: .complete)
  }

  func write(to path: String) throws {
    try AtomicFile.write(Data((sortedJSON() + "\n").utf8), to: path)
  }

  func tell() {
    for file in counts.emptyFiles {
      Console.note("\(file): no reviews in it; check that it is the right file")
    }
    for file in counts.likelyRows {
      Console.note(
        "\(file): read as plain text, a review a line, though it begins as JSON or like a table; give"
          + " --format jsonl, csv or tsv, and the text's field with --text-field")
    }
    if counts.replaced > 0 {
      Console.note(
        "\(counts.replaced) rows were not UTF-8; U+FFFD stands for what was not: convert such files"
          + " first, Chinese ones with iconv -f GB18030 -t UTF-8")
    }
    if redacts {
      let kinds = PersonalData.Kind.allCases.map { "\(counts.redacted[$0] ?? 0) \($0.rawValue)" }
      Console.note("redacted in the texts: \(kinds.joined(separator: ", "))")
    }
    Console.note(
      "\(counts.read) read = \(counts.glossed) glossed + \(counts.abstained) abstained"
        + (counts.passed > 0 ? " + \(counts.passed) passed" : "")
        + " + \(counts.rejected) rejected; \(counts.piecesRead) pieces read,"
        + " \(counts.piecesUsed) used")
  }
}

/// Where rejected rows go: a file of JSON lines, or a message each, of which the first few show.
private final class Rejections {
  private let file: OutputFile?
  private var notes = RejectionNotes(
    more: "more rows are rejected; --rejects FILE keeps them all")

  init(path: String?, identity: [String]) throws {
    file = try path.map {
      try OutputFile(path: $0, part: ReadingOptions.part(of: $0, identity), keeping: 0)
    }
  }

  func add(_ row: RejectedRow) throws {
    if let file {
      let before = file.byteCount
      do {
        try file.write(Data((row.sortedJSON() + "\n").utf8))
      } catch {
        // No half of a row stays.
        file.takeBack(file.byteCount - before)
        throw error
      }
      return
    }
    notes.tell(row)
  }

  /// Keeps the rows, also where the run could not go on.
  func finish() throws { try file?.finish() }
}
