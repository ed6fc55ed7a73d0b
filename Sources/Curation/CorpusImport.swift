public import Corpora
import Crypto
import Files
import Foundation

/// Writes a corpus in our own form.
public struct CorpusImport {
  /// What was written of a corpus.
  public struct Result: Equatable, Sendable {
    /// The corpus's name.
    public var corpus: String
    /// Rows written, by split.
    public var written: [Split: Int] = [:]
    /// Rows that cannot be used.
    public var rejected = 0
    /// Rows of which the card says that they cannot be used.
    public var expectedRejected = 0
    /// Rows that the card leaves out, or that repeat a training text where it says so.
    public var leftOut = 0

    /// The result for people: one line.
    public var line: String {
      let splits = Split.allCases.compactMap { split in
        written[split].map { "\($0) \(split.rawValue)" }
      }
      return "\(corpus): \(splits.joined(separator: ", "))"
        + (leftOut > 0 ? "; \(leftOut) left out" : "")
        + (rejected > 0 ? "; \(rejected) rejected" : "")
    }
  }

  /// Writes `folder/NAME/SPLIT.jsonl` for each split and `folder/NAME.yaml`, a card that reads them.
  ///
  /// Rows stream, as far as `Corpus.forEachRow` does. Each file appears whole or not at all.
  ///
  /// - Throws: `CorpusError` where the corpus cannot be read or a file cannot be written.
  public static func write(_ corpus: Corpus, to folder: String) throws(CorpusError) -> Result {
    do {
      return try write(corpus, folder)
    } catch let error as CorpusError {
      throw error
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .file(.unavailable(path: folder, problem: "\(error)", remedy: "name another folder"))
    }
  }

  private static func write(_ corpus: Corpus, _ folder: String) throws -> Result {
    let name = corpus.card.name
    try Folder.make("\(folder)/\(name)")
    var result = Result(corpus: name)
    result.expectedRejected = corpus.fileGroups.reduce(0) { $0 + ($1.rejected ?? 0) }
    var files: [Split: LineFile] = [:]
    for split in corpus.card.splits {
      files[split] = try LineFile("\(folder)/\(name)/\(split.rawValue).jsonl")
      result.written[split] = 0
    }
    var failure: FileError?
    for list in corpus.lists {
      try corpus.forEachRow(listedUnder: list) { row in
        if case .rejected = row.outcome { result.rejected += 1 }
        guard let line = CanonicalLine(row) else {
          if row.outcome == .duplicate || row.outcome == .excluded { result.leftOut += 1 }
          return
        }
        result.written[row.split, default: 0] += 1
        do throws(FileError) { try files[row.split]?.write(line.text) } catch { failure = error }
      }
      if let failure { throw failure }
    }
    var sums: [Split: String] = [:]
    for (split, file) in files { sums[split] = try file.finish() }
    let card = corpus.card.canonical(rows: result.written, sha256: sums)
    try AtomicFile.write(Data(card.utf8), to: "\(folder)/\(name).yaml")
    return result
  }
}

/// A file of lines, written some at a time.
private final class LineFile {
  private let file: OutputFile
  private var pending: [UInt8] = []
  private var hash = SHA256()

  init(_ path: String) throws(FileError) { file = try OutputFile(path: path) }

  func write(_ line: String) throws(FileError) {
    pending.append(contentsOf: line.utf8)
    pending.append(UInt8(ascii: "\n"))
    if pending.count > 1 << 16 { try flush() }
  }

  /// Puts the file in place; gives back its SHA-256.
  func finish() throws(FileError) -> String {
    try flush()
    try file.finish()
    return hash.finalize().hexadecimal
  }

  private func flush() throws(FileError) {
    hash.update(data: pending)
    try file.write(Data(pending))
    pending.removeAll(keepingCapacity: true)
  }
}
