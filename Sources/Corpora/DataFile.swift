import Files
import Foundation

/// A file of a corpus: where it is and what the card calls it.
struct DataFile {
  let path: String
  let name: String
  /// Invalid UTF-8 becomes U+FFFD; otherwise such rows are rejected.
  let isLossy: Bool

  static let invalidUTF8 =
    "not valid UTF-8; convert the file or say 'encoding: utf-8-lossy' on the card"

  func rejection(_ line: Int, _ reason: String) -> SourceEntry {
    .rejected(RejectedExample(file: path, line: line, reason: reason))
  }

  /// Calls `body` with every line; `body` gives back the reason where it cannot use the line.
  func forEachLine(
    into sink: (SourceEntry) -> Void, _ body: (_ line: LineReader.Line) -> String?
  ) throws(CorpusError) {
    do {
      var lines = LineReader(try ByteSource(path: path))
      while let line = try lines.next() {
        let isUsable = isLossy || line.isValidUTF8
        if let reason = isUsable ? body(line) : Self.invalidUTF8 {
          sink(rejection(line.number, reason))
        }
      }
    } catch {
      throw .file(error)
    }
  }

  /// Rows of a CSV or TSV file, by the name of their columns.
  ///
  /// `columns` names the columns of a file without a header; a first row of just these names is a
  /// header all the same. Without `columns` the first row names them. Throws where one of
  /// `required` is not among them.
  func forEachRecord(
    delimiter: UInt8, quoting: Bool, columns: [String]?, required: [String],
    into sink: (SourceEntry) -> Void, _ body: (_ line: Int, _ record: Record) -> String?
  ) throws(CorpusError) {
    var source: DelimitedReader
    do {
      source = DelimitedReader(try ByteSource(path: path), delimiter: delimiter, quoting: quoting)
    } catch {
      throw .file(error)
    }
    guard let first = try nextRow(of: &source) else { return }
    let names = columns ?? first.fields
    try check(names, hold: required)
    var next = names == first.fields ? try nextRow(of: &source) : first
    while let row = next {
      if row.fields == [""] && names.count > 1 {
        // A blank line is no row.
      } else if !isLossy && !row.isValidUTF8 {
        sink(rejection(row.line, Self.invalidUTF8))
      } else if row.fields.count != names.count {
        sink(
          rejection(
            row.line, "the number of fields is \(row.fields.count), expected \(names.count)"))
      } else if let reason = body(row.line, Record(names: names, fields: row.fields)) {
        sink(rejection(row.line, reason))
      }
      next = try nextRow(of: &source)
    }
  }

  private func nextRow(
    of source: inout DelimitedReader
  ) throws(CorpusError) -> DelimitedReader.Row? {
    do {
      return try source.next()
    } catch {
      throw .file(error)
    }
  }

  private func check(_ names: [String], hold required: [String]) throws(CorpusError) {
    for name in required where !names.contains(name) {
      throw .format(
        file: path, line: 1, problem: "no column '\(name)' among \(names.joined(separator: ", "))",
        remedy: "correct 'fields' or 'columns' on the card")
    }
  }

  /// The whole file, unpacked where it is a gzip file.
  func contents() throws(CorpusError) -> Data {
    var data = Data()
    do {
      let source = try ByteSource(path: path)
      while case let bytes = try source.read(upTo: 1 << 16), !bytes.isEmpty {
        data.append(contentsOf: bytes)
      }
    } catch {
      throw .file(error)
    }
    return data
  }
}

/// One row of a table.
struct Record {
  let names: [String]
  let fields: [String]

  subscript(name: String) -> String? {
    names.firstIndex(of: name).map { fields[$0] }
  }
}
