import ArgumentParser
import Files
import Foundation
import Inference
import Models
import Reviews

/// How reviews are read: files, fields, model and threads; shared by `classify` and `annotate`.
struct ReadingOptions: ParsableArguments {
  @Argument(help: "Files of reviews, also gzipped; - is standard input.") var files: [String]
  @OptionGroup var model: ModelOptions
  @Option(help: "auto, jsonl, csv, tsv or txt (one review a line).") var format: String = "auto"
  @Option(help: "The field or column of the text.") var textField: String = "text"
  @Option(help: "The field of the review's id; without it the id is file:line.")
  var idField: String = "id"
  @Option(help: "The field of the writer.") var userField: String = "user"
  @Option(help: "The field of the item.") var itemField: String = "item"
  @Option(help: "The field of the time, ISO 8601.") var timeField: String = "time"
  @Option(help: "Write rejected rows to this file, as JSON lines.") var rejects: String?
  @OptionGroup var threads: ThreadOptions
  @Option(help: "About how many pieces go through the encoder at once.")
  var batchTokens: Int = TextReader.defaultBatchTokens

  func validate() throws {
    if files.isEmpty { throw ValidationError("no file is named; - reads standard input") }
    if ReviewReader.Format(rawValue: format) == nil {
      throw ValidationError("--format is '\(format)'; choose auto, jsonl, csv, tsv or txt")
    }
    if !(1...1 << 20).contains(batchTokens) {
      throw ValidationError("--batch-tokens is \(batchTokens); it has to be 1 to \(1 << 20)")
    }
  }

  /// Annotates every row; rejected ones are told and counted.
  ///
  /// - Throws: status 1 when rows were rejected, 2 when the run could not go on, after telling why.
  func run(
    requiresUser: Bool, offsets: OffsetUnit = .scalar, glossed: ([Gloss]) throws -> Void,
    finish: () throws -> Void
  ) throws {
    let rejections = try failing { try Rejections(path: rejects) }
    var counts = AnnotationRun.Counts()
    var done = 0
    let interruption = Interruption()
    try failing {
      let annotator = Annotator(
        try model.load(), threads: threads.count, batchTokens: batchTokens, offsets: offsets)
      let run = AnnotationRun(
        annotator,
        options: ReviewReader.Options(
          format: ReviewReader.Format(rawValue: format) ?? .auto, textField: textField,
          idField: idField, userField: userField, itemField: itemField, timeField: timeField,
          requiresUser: requiresUser))
      defer {
        rejections.finish()
        for file in counts.emptyFiles {
          Console.note("\(file): no reviews in it; check that it is the right file")
        }
        Console.note(
          "\(counts.read) read = \(counts.glossed) glossed + \(counts.rejected) rejected")
      }
      try run.run(
        files, counts: &counts, isCancelled: { interruption.wasRequested },
        rejected: rejections.add
      ) { records in
        try glossed(records)
        done += records.count
        Console.progress { "\(done) glossed" }
      }
      // What a signal cut short is not put in place of a whole file.
      if !interruption.wasRequested { try finish() }
    }
    if interruption.wasRequested { throw Status.interrupted }
    if counts.rejected > 0 || !counts.emptyFiles.isEmpty { throw Status.rejected }
  }
}

/// Where rejected rows go: a file of JSON lines, or a message each, of which the first few show.
private final class Rejections {
  private let file: OutputFile?
  private var told = 0
  private static let mostTold = 20

  init(path: String?) throws {
    file = try path.map { try OutputFile(path: $0) }
  }

  func add(_ row: RejectedRow) throws {
    if let file {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try file.write(encoder.encode(row) + Data("\n".utf8))
      return
    }
    told += 1
    if told <= Self.mostTold { Console.note("\(row.file):\(row.line): \(row.reason)") }
    if told == Self.mostTold + 1 {
      Console.note("more rows are rejected; --rejects FILE keeps them all")
    }
  }

  /// Keeps the rows, also where the run could not go on.
  func finish() {
    do {
      try file?.finish()
    } catch {
      Console.note("gloss: \(error)")
    }
  }
}
