import ArgumentParser
import Files
import Foundation
import Inference
import Models
import Reviews

/// How reviews are read: files, fields, model and threads; shared by `classify` and `annotate`.
struct ReadingOptions: ParsableArguments {
  /// What becomes of a row that is no review.
  enum BadRow: String, CaseIterable, ExpressibleByArgument {
    case reject, stop
  }

  @Argument(help: "Files of reviews, also gzipped; - is standard input.", completion: .file())
  var files: [String] = []
  @OptionGroup var model: ModelOptions
  @Option(
    help: "auto (by the name, else by the first bytes), jsonl, csv, tsv or txt (one review a line)."
  )
  var format: ReviewReader.Format = .auto
  @Option(help: "The field or column of the text.") var textField: String = "text"
  @Option(help: "The field of the review's id; without it the id is file:line.")
  var idField: String = "id"
  @Option(help: "The field of the writer.") var userField: String = "user"
  @Option(help: "The field of the item.") var itemField: String = "item"
  @Option(help: "The field of the time, ISO 8601.") var timeField: String = "time"
  @Option(help: "The columns of a CSV or TSV without header, parted by commas.")
  var columns: String?
  @Option(help: "Read so many rows at most.") var limit: Int?
  @Option(help: "reject rows that are no review and go on, or stop at the first one.")
  var onBadRow: BadRow = .reject
  @Option(
    help: "Write rejected rows to this file: JSON lines with place, reason and row.",
    completion: .file())
  var rejects: String?
  @Option(help: "Write the closing counts to this file, as JSON.", completion: .file())
  var summary: String?
  @Option(
    help: "auto (a line on a terminal), json (an object a second on standard error) or none.")
  var progress: ProgressDisplay.Style = .auto
  @OptionGroup var threads: ThreadOptions
  @Option(help: "About how many pieces go through the encoder at once.")
  var batchTokens: Int = TextReader.defaultBatchTokens

  func validate() throws {
    if !(1...1 << 20).contains(batchTokens) {
      throw ValidationError("--batch-tokens is \(batchTokens); it has to be 1 to \(1 << 20)")
    }
    if let limit, limit < 0 {
      throw ValidationError("--limit is \(limit); it has to be 0 or more")
    }
    if let names = columnNames, !names.contains(textField) {
      throw ValidationError(
        "--columns has no '\(textField)'; name the text column with --text-field")
    }
    if columns != nil, format == .jsonl || format == .txt {
      throw ValidationError("--columns names those of a table; leave it out, or give --format csv")
    }
    try checkOutputs([("--rejects", rejects), ("--summary", summary)])
  }

  /// Says so where no file is named.
  func checkNamed() throws {
    if files.isEmpty { throw ValidationError("no file is named; - reads standard input") }
  }

  /// No output may be an input or another output: it would be lost.
  func checkOutputs(_ outputs: [(option: String, path: String?)]) throws {
    func place(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    var taken = Dictionary(files.map { (place($0), "an input") }) { first, _ in first }
    for (option, path) in outputs {
      guard let path, path != "-", !path.hasPrefix("/dev/") else { continue }
      if let other = taken[place(path)] {
        throw ValidationError("\(option) \(path) is \(other) too; name another file")
      }
      taken[place(path)] = option
    }
  }

  private var columnNames: [String]? {
    columns?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// How rows become reviews.
  func readerOptions(requiresUser: Bool, keepsFields: Bool) -> ReviewReader.Options {
    ReviewReader.Options(
      format: format, textField: textField, idField: idField, userField: userField,
      itemField: itemField, timeField: timeField, requiresUser: requiresUser, columns: columnNames,
      keepsFields: keepsFields)
  }

  /// What tells this run from others over the same output: options, files, and their state.
  var identity: [String] {
    let state = files.map { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(path) \(attributes?[.size] as? Int ?? 0) \(time)"
    }
    return state + [
      format.rawValue, textField, idField, userField, itemField, timeField, columns ?? "",
      limit.map(String.init) ?? "", onBadRow.rawValue,
    ]
  }

  /// Says what is wrong with a file before any work is done.
  ///
  /// - Throws: `FileError` for a file that is missing or may not be read.
  func checkFiles() throws {
    for path in files where path != "-" && !FileManager.default.isReadableFile(atPath: path) {
      let exists = FileManager.default.fileExists(atPath: path)
      throw FileError.unavailable(
        path: path,
        problem: "cannot be read (\(exists ? "Permission denied" : "No such file or directory"))",
        remedy: "check the path")
    }
  }
}
