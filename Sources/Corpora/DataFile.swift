import Files
import Foundation

/// A file of a corpus: where it is and what the card says of it.
struct DataFile {
  let path: String
  let card: CorpusFile
  var encoding = ReaderSettings.Encoding.utf8

  /// What the card calls it.
  var name: String { card.path }
  /// Invalid UTF-8 becomes U+FFFD; otherwise such rows are rejected.
  var isLossy: Bool { encoding == .lossyUTF8 }

  static let invalidUTF8 =
    "not valid UTF-8; convert the file or say 'encoding: utf-8-lossy' on the card"

  func rejection(_ line: Int, _ reason: String) -> SourceEntry {
    .rejected(RejectedExample(file: path, line: line, reason: reason))
  }

  /// The file's bytes, from Latin-1 to UTF-8 where the card says so.
  func source() throws(FileError) -> ByteSource {
    try ByteSource(path: path, isLatin1: encoding == .latin1)
  }

  /// The same file with invalid bytes replaced, for readers that check them by the row.
  var lossy: DataFile {
    DataFile(path: path, card: card, encoding: encoding == .latin1 ? .latin1 : .lossyUTF8)
  }

  /// Calls `body` with every line; `body` gives back the reason where it cannot use the line.
  func forEachLine(
    into sink: (SourceEntry) -> Void, _ body: (_ line: LineReader.Line) -> String?
  ) throws(CorpusError) {
    do {
      var lines = LineReader(try source())
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

  /// Calls `body` with every list or object at `depth` of a JSON text, as UTF-8, and the member of
  /// the outermost object that it is in; `body` gives back the reason where it cannot use it.
  /// `members` are those that count; nil for all.
  func forEachJSONValue(
    depth: Int, members: [String]? = nil, into sink: (SourceEntry) -> Void,
    _ body: (_ bytes: [UInt8], _ key: String?, _ line: Int) -> String?
  ) throws(CorpusError) {
    do {
      var values = JSONValues(try source(), depth: depth)
      while let item = try values.next() {
        switch item {
        case .junk(let key, let line, let reason):
          if let members, let key, !members.contains(key) { continue }
          sink(rejection(line, reason))
        case .value(let bytes, let key, let line):
          if let members, !members.contains(key ?? "") { continue }
          // No JSON text holds a NUL, and Foundation would take the bytes for UTF-16.
          let reason: String? =
            if bytes.contains(0) {
              "holds a NUL byte; remove it"
            } else if String(validating: bytes, as: UTF8.self) != nil {
              body(bytes, key, line)
            } else if isLossy {
              body(Array(String(decoding: bytes, as: UTF8.self).utf8), key, line)
            } else {
              Self.invalidUTF8
            }
          if let reason { sink(rejection(line, reason)) }
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
  /// `required` is not among them. A row whose quotes are broken is rejected, and reading goes on
  /// after the line on which one opens.
  func forEachRecord(
    delimiter: UInt8, quoting: Bool, columns: [String]?, required: [String],
    into sink: (SourceEntry) -> Void, _ body: (_ line: Int, _ record: Record) -> String?
  ) throws(CorpusError) {
    var source: DelimitedReader
    do {
      source = DelimitedReader(
        try self.source(), delimiter: delimiter, quoting: quoting, recovers: true)
    } catch {
      throw .file(error)
    }
    guard let first = try nextRow(of: &source) else { return }
    let header = Header(names: columns ?? first.fields)
    try header.check(required, file: path)
    var next = header.names == first.fields ? try nextRow(of: &source) : first
    while let row = next {
      if row.isBlank && header.names.count > 1 {
        // A blank line is no row.
      } else if let reason = header.problem(of: row, isLossy: isLossy)
        ?? body(row.line, Record(header: header, fields: row.fields))
      {
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

  /// The whole file, unpacked where it is a gzip file.
  func contents() throws(CorpusError) -> Data {
    var data = Data()
    do {
      let source = try source()
      while case let bytes = try source.read(upTo: 1 << 16), !bytes.isEmpty {
        data.append(contentsOf: bytes)
      }
    } catch {
      throw .file(error)
    }
    return data
  }
}

/// The columns of a table.
final class Header {
  let names: [String]
  private let indices: [String: Int]

  init(names: [String]) {
    self.names = names
    indices = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  subscript(name: String) -> Int? { indices[name] }

  func check(_ required: [String], file: String) throws(CorpusError) {
    for name in required where self[name] == nil {
      throw .format(
        file: file, line: 1, problem: "no column '\(name)' among \(names.joined(separator: ", "))",
        remedy: "correct 'fields' or 'columns' on the card")
    }
  }

  /// Why a row is none of this table.
  func problem(of row: DelimitedReader.Row, isLossy: Bool) -> String? {
    if !isLossy && !row.isValidUTF8 { return DataFile.invalidUTF8 }
    if !row.isClosed {
      let line = row.line + row.lineCount - 1
      return "a quote opens on line \(line) and never closes; close it or double it"
    }
    if let length = row.cutLength { return "the row has \(length) bytes; split it" }
    if !row.isWellQuoted { return row.quotingProblem }
    if row.fields.count != names.count {
      return "the number of fields is \(row.fields.count), expected \(names.count); "
        + "quote fields that hold the delimiter"
    }
    return nil
  }
}

/// One row of a table.
struct Record {
  let header: Header
  let fields: [String]

  subscript(name: String) -> String? { header[name].map { fields[$0] } }
}

extension LineReader.Line {
  /// The line as UTF-8; bytes that are not become U+FFFD.
  var data: Data { isValidUTF8 ? Data(bytes) : Data(text.utf8) }
}

extension DelimitedReader.Row {
  /// A line without anything on it.
  fileprivate var isBlank: Bool { rawBytes.isEmpty }
}
