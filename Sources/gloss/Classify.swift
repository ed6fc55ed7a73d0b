import ArgumentParser
import Files
import Foundation
import Inference
import Models
import Reviews

/// `gloss classify`: reviews in, records out.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write one record per review: sentiment, entities, intents.",
    discussion: """
      Records go to standard output in input order, one JSON object a line. Memory does not grow \
      with the input, and nothing of a text is cut off.

      Examples:
        gloss classify reviews.csv --text-field body > glosses.jsonl
        zcat *.jsonl.gz | gloss classify - --head sentiment | jq .sentiment.label
        gloss classify big.jsonl.gz --out glosses.jsonl --rejects bad.jsonl --resume
        gloss classify old.csv --columns id,user,text --output csv --keep-fields
        jq -r .raw bad.jsonl | gloss classify - --format jsonl
        gloss classify reviews.jsonl --redact --pseudonymize key.bin

      Exit status: 0 done; 1 rows were rejected or a file had none; 2 the run could not go on; \
      64 wrong usage; 130 interrupted.
      """)

  @OptionGroup var reading: ReadingOptions
  @Option(
    help: "Write the records to this file, which appears when all is done.", completion: .file())
  var out: String = "-"
  @Flag(
    help:
      "Go on where a run with the same --out, files and options was cut short; begin where none was."
  )
  var resume = false
  @Option(help: "jsonl, or csv with a header.") var output: RecordFormat.Kind = .jsonl
  @Option(
    help: """
      What to say, separated by commas: sentiment, entities, intents; the rest is not worked out.
      """
  )
  var head: String = "sentiment,entities,intents"
  @Flag(help: "Hand the rows' other fields on, under 'fields'.") var keepFields = false
  @Option(help: "What entity offsets count: scalar, utf8 or utf16.")
  var offsets: OffsetUnit = .scalar

  private var heads: [Head?] {
    head.split(separator: ",", omittingEmptySubsequences: false).map { Head(rawValue: String($0)) }
  }

  func validate() throws {
    try reading.checkNamed()
    if heads.contains(nil) {
      throw ValidationError("--head is '\(head)'; choose from sentiment,entities,intents")
    }
    if resume, out == "-" {
      throw ValidationError("--resume goes on with a file; name it with --out")
    }
    if reading.redact, keepFields {
      throw ValidationError(
        "--redact reads texts only, and the fields of --keep-fields may hold such data too;"
          + " leave one of them out")
    }
    try reading.checkOutputs([
      ("--out", out), ("--rejects", reading.rejects), ("--summary", reading.summary),
    ])
  }

  func run() throws {
    let heads = Set(heads.compactMap { $0 })
    let format = RecordFormat(output, heads: heads, keepsFields: keepFields)
    try failing {
      try reading.checkFiles()
      let reader = try reading.readerOptions(requiresUser: false, keepsFields: keepFields)
      let model = try reading.model.load()
      let annotator = Annotator(
        model, threads: reading.threads.count, batchTokens: reading.batchTokens, offsets: offsets,
        heads: heads, minimumConfidence: reading.minConfidence,
        precision: reading.precision.chosen())
      let place = OutputPlace(
        out,
        identity: reading.identity(reader) + [
          annotator.modelName, output.rawValue, head, String(keepFields),
          String(reading.minConfidence), offsets.rawValue,
        ])
      let written = resume ? try place.written(format) : nil
      let file = try place.open(keeping: written?.byteCount ?? 0)
      let writer = try RecordWriter(format, to: file, keeping: written?.byteCount ?? 0)
      let run = ReadingRun(options: reading, reader: reader, resuming: written)
      do {
        try run.run(annotator, glossed: writer.write, finish: file.finish)
      } catch let status as ExitCode where status != Status.rejected {
        place.tell()
        throw status
      }
    }
  }
}

/// Where the records go, and until they are whole.
private struct OutputPlace {
  private let path: String
  /// Beside the output, and named after the run: no other run is taken for it.
  private let part: String

  init(_ path: String, identity: [String]) {
    self.path = path
    part = ReadingOptions.part(of: path, identity)
  }

  private var hasPart: Bool {
    guard path != "-" else { return false }
    return (RegularFile(part)?.size ?? 0) > 0
  }

  func open(keeping: Int) throws -> OutputFile {
    path == "-"
      ? try OutputFile(path: path) : try OutputFile(path: path, part: part, keeping: keeping)
  }

  /// What an earlier run has left; nil where there is nothing.
  func written(_ format: RecordFormat) throws -> WrittenRecords? {
    guard hasPart else { return nil }
    let written = try WrittenRecords(path: part, format: format)
    Console.note("\(part): going on after \(written.count) records")
    return written
  }

  /// How to go on.
  func tell() {
    guard hasPart else { return }
    Console.note("\(part): the records so far; go on with the same command and --resume")
  }
}
