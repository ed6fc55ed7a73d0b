public import Files
import Foundation

/// The records that an interrupted run has written, from the first to the last whole one.
public struct WrittenRecords {
  /// What tells whether a row is done, and how it counts.
  struct Record {
    let file: String
    /// From 1.
    let number: Int
    let id: String
    let tokens: Int
    let isAbstained: Bool
  }

  /// Bytes of the file up to the end of the last whole record.
  public let byteCount: Int
  /// Whole records.
  public let count: Int
  private let path: String
  private var rows: Rows
  private var number = 0

  /// Reads `path` once to its last whole record.
  ///
  /// - Throws: `FileError` when the file cannot be read.
  public init(path: String, format: RecordFormat) throws(FileError) {
    self.path = path
    let size = RegularFile(path)?.size ?? 0
    var rows = try Rows(path, format)
    var end = rows.start
    var count = 0
    while let row = try rows.next(), row.isWhole, row.end < size {
      // The line feed belongs to it.
      end = row.end + 1
      count += 1
    }
    byteCount = end
    self.count = count
    self.rows = try Rows(path, format)
  }

  /// The next whole record; nil after the last one.
  mutating func next() throws(FileError) -> Record? {
    guard number < count, let row = try rows.next() else { return nil }
    number += 1
    guard let id = row.id, let tokens = row.tokens else {
      throw .malformed(
        path: path, line: nil, problem: "its record \(number) cannot be read",
        remedy: "remove the file and begin anew")
    }
    return Record(
      file: path, number: number, id: id, tokens: tokens, isAbstained: row.isAbstained)
  }
}

/// The rows of a file of records.
private struct Rows {
  struct Row {
    /// Bytes of the file before the row's line feed.
    let end: Int
    let isWhole: Bool
    var id: String?
    var tokens: Int?
    var isAbstained = false
  }

  /// Where the first record begins: after the header of a table.
  let start: Int
  private var lines: LineReader?
  private var table: DelimitedReader?
  private var header: [String] = []

  init(_ path: String, _ format: RecordFormat) throws(FileError) {
    let source = try ByteSource(path: path)
    guard let expected = format.header else {
      lines = LineReader(source, recovers: true)
      start = 0
      return
    }
    var table = DelimitedReader(source, delimiter: UInt8(ascii: ","), recovers: true)
    let first = try table.next()
    let isHeader = first.map { $0.rawBytes + [UInt8(ascii: "\n")] == Array(expected.utf8) } ?? false
    header = isHeader ? first?.fields ?? [] : []
    start = isHeader ? expected.utf8.count : 0
    self.table = isHeader ? table : nil
  }

  mutating func next() throws(FileError) -> Row? {
    if let line = try lines?.next() { return row(line) }
    guard let row = try table?.next() else { return nil }
    func value(_ name: String) -> String? {
      header.firstIndex(of: name).flatMap { row.fields.count > $0 ? row.fields[$0] : nil }
    }
    return Row(
      end: row.byteOffset + row.rawBytes.count,
      isWhole: row.isClosed && row.isWellQuoted && row.fields.count == header.count,
      id: value("id"), tokens: value("tokens").flatMap(Int.init),
      isAbstained: value("abstained") == "true")
  }

  private func row(_ line: LineReader.Line) -> Row {
    struct Fields: Decodable {
      let id: String
      let tokens: Int
      let abstained: Bool?
    }
    let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.bytes))
    return Row(
      end: line.byteOffset + line.bytes.count,
      isWhole: line.bytes.first == UInt8(ascii: "{") && line.bytes.last == UInt8(ascii: "}")
        && fields != nil,
      id: fields?.id, tokens: fields?.tokens, isAbstained: fields?.abstained ?? false)
  }
}
