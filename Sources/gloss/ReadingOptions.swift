import ArgumentParser
import Files
import Foundation
import Inference
import Models
import Privacy
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
  @Option(
    help: """
      The field of the review's id; without it classify names a review by file:line, annotate by its \
      content.
      """)
  var idField: String = "id"
  @Option(help: "The field of the writer.") var userField: String = "user"
  @Option(help: "The field of the item.") var itemField: String = "item"
  @Option(
    help: """
      The field of the time: ISO 8601, seconds or milliseconds since 1970, or a date such as \
      May 2, 2024. annotate keeps it as ISO 8601 and rejects what it cannot read; classify hands it \
      on as it is.
      """)
  var timeField: String = "time"
  @Flag(
    help: """
      Replace e-mail addresses, phone and card numbers, national ids, private URLs and IP addresses \
      in texts, before anything else reads them. Ids, items and times stay: an article number may \
      look like a card's.
      """)
  var redact = false
  @Option(
    help: ArgumentHelp(
      """
      Call users by their HMAC-SHA-256 under the key in this file, 16 bytes or more; rejected rows \
      are then told by their place alone.
      """,
      valueName: "key-file"),
    completion: .file())
  var pseudonymize: String?
  @Option(
    help:
      "Leave out entities and intents less certain; abstain from less certain sentiment. 0 to 1.")
  var minConfidence: Double = 0
  @Option(help: "The columns of a CSV or TSV without header, separated by commas.")
  var columns: String?
  @Flag(
    help: """
      Quotes are part of a table's fields, as in many TSV files; a field then holds no line end.
      """)
  var unquoted = false
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
  @OptionGroup var precision: PrecisionOptions

  func validate() throws {
    if !(1...1 << 20).contains(batchTokens) {
      throw ValidationError("--batch-tokens is \(batchTokens); it has to be 1 to \(1 << 20)")
    }
    if !(0...1).contains(minConfidence) {
      throw ValidationError("--min-confidence is \(minConfidence); it has to be 0 to 1")
    }
    if let limit, limit < 0 {
      throw ValidationError("--limit is \(limit); it has to be 0 or more")
    }
    if let names = columnNames, !names.contains(textField) {
      throw ValidationError(
        "--columns has no '\(textField)'; name the text column with --text-field")
    }
    if columns != nil || unquoted, format == .jsonl || format == .txt {
      throw ValidationError(
        "\(columns != nil ? "--columns" : "--unquoted") speaks of a table; leave it out, or give"
          + " --format csv")
    }
    try checkOutputs([("--rejects", rejects), ("--summary", summary)])
  }

  /// Whether reviews are changed before anything sees them.
  var isPrivate: Bool { redact || pseudonymize != nil }

  /// Says so where no file is named.
  func checkNamed() throws {
    if files.isEmpty { throw ValidationError("no file is named; - reads standard input") }
  }

  /// No output may be an input or another output: it would be lost.
  func checkOutputs(
    _ outputs: [(option: String, path: String?)], store: String? = nil
  ) throws {
    try Self.checkOutputs(
      outputs,
      taken: files.map { ($0, "an input") } + [(pseudonymize, "the key"), (store, "the store")])
  }

  /// No output may be one of the files that are `taken`, each with what it is, and one at most goes to
  /// standard output.
  static func checkOutputs(
    _ outputs: [(option: String, path: String?)], taken files: [(path: String?, name: String)]
  ) throws {
    var taken: [String: String] = [:]
    for (path, name) in files { if let path { taken[place(of: path)] = name } }
    for (option, path) in outputs {
      guard let path else { continue }
      if path == "-" {
        if let other = taken[path] {
          throw ValidationError("\(option) and \(other) are both standard output; name a file")
        }
        taken[path] = option
        continue
      }
      if path.isEmpty { throw ValidationError("\(option) is empty; name a file") }
      if OutputFile.isDevice(path) { continue }
      if let other = taken[place(of: path)] {
        throw ValidationError("\(option) \(path) is \(other) too; name another file")
      }
      taken[place(of: path)] = option
    }
  }

  /// Where an output stands until a run is over: beside it and named after the run, which finds it
  /// again, and for which no other file is taken.
  static func part(of path: String, _ identity: [String]) -> String {
    let digits = String(StableHash(identity.joined(separator: "\0")).value, radix: 16)
    return "\(OutputFile.target(of: path)).\(digits).part"
  }

  /// The one name that a file has, however it is called.
  static func place(of path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// Options of reading texts that are given, for runs that read none.
  var givenTextOptions: [String] {
    let usual = ReviewReader.Options()
    return [
      ("--format", format != usual.format), ("--text-field", textField != usual.textField),
      ("--id-field", idField != usual.idField), ("--user-field", userField != usual.userField),
      ("--item-field", itemField != usual.itemField),
      ("--time-field", timeField != usual.timeField), ("--columns", columns != nil),
      ("--unquoted", unquoted),
    ].filter(\.1).map(\.0)
  }

  private var columnNames: [String]? {
    columns?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// How rows become reviews.
  ///
  /// - Throws: `FileError` for a key that cannot be read or is no key.
  func readerOptions(
    requiresUser: Bool, keepsFields: Bool
  ) throws(FileError) -> ReviewReader.Options {
    var privacy = RowPrivacy(redacts: redact)
    if let pseudonymize { privacy.pseudonyms = try Pseudonyms(keyFile: pseudonymize) }
    return ReviewReader.Options(
      format: format, textField: textField, idField: idField, userField: userField,
      itemField: itemField, timeField: timeField, requiresUser: requiresUser, columns: columnNames,
      isUnquoted: unquoted, keepsFields: keepsFields, privacy: privacy)
  }

  /// What tells this run from others over the same output: options, files, and their state; of the
  /// key only what it makes of no name.
  func identity(_ reader: ReviewReader.Options) -> [String] {
    let state = files.map { path in
      let file = RegularFile(path)
      return "\(path) \(file?.size ?? 0) \(file?.nanoseconds ?? 0)"
    }
    return state + [
      format.rawValue, textField, idField, userField, itemField, timeField, columns ?? "",
      String(unquoted), limit.map(String.init) ?? "", onBadRow.rawValue, String(redact),
      reader.privacy.pseudonyms.map { $0("") } ?? "",
    ]
  }

  /// Says what is wrong with a file before any work is done.
  ///
  /// - Throws: `FileError` for a file that is missing, a folder or may not be read, and where no
  ///   summary can be written.
  func checkFiles() throws {
    for path in files where path != "-" {
      guard unsafe access(path, R_OK) == 0 else {
        // strerror gives a static text for every code.
        let reason = unsafe String(cString: strerror(errno))
        throw FileError.unavailable(
          path: path, problem: "cannot be read (\(reason))", remedy: "check the path")
      }
      if FileManager.default.fileExists(atPath: path + "/.") {
        throw FileError.unavailable(
          path: path, problem: "is a folder", remedy: "name a file in it")
      }
    }
    // It is written last; dropped here, it leaves what there is as it is.
    if let summary, !OutputFile.isDevice(summary) { _ = try OutputFile(path: summary) }
  }
}
