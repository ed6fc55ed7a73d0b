/// The rows of CSV or TSV, in the memory of one row.
///
/// A field that starts with a quote ends at the next single quote: it may span lines, whose ends it
/// keeps, and quotes are doubled inside it. `\r\n` ends a row as `\n` does.
/// Source: RFC 4180.
public struct DelimitedReader {
  /// One row.
  public struct Row: Equatable, Sendable {
    /// The line on which the row starts, from 1.
    public let line: Int
    /// Bytes of the (unpacked) file before the row.
    public let byteOffset: Int
    /// Without their quotes; bytes that are not UTF-8 become U+FFFD.
    public let fields: [String]
    /// The row as in the file, without its end.
    public let rawBytes: [UInt8]
    /// Whether only a delimiter or the end of the row follows each closing quote; where something
    /// else does, it is kept as part of the field.
    public let isWellQuoted: Bool
    /// The line on which a quote opens that nothing closes; nil where all are closed.
    public let unclosedQuoteLine: Int?

    /// Whether every byte is part of a UTF-8 character.
    public var isValidUTF8: Bool { String(validating: rawBytes, as: UTF8.self) != nil }
  }

  /// What to do about a quote that nothing closes.
  public enum UnclosedQuotes: Sendable {
    /// Throw.
    case fail
    /// Give the first line of the row as a row that is not well quoted, and read on after it.
    case giveFirstLine
  }

  private var lines: LineReader
  private let unclosedQuotes: UnclosedQuotes
  private let delimiter: UInt8
  private let quoting: Bool
  private let longest: Int
  private static let quote = UInt8(ascii: "\"")

  /// What messages call the source.
  public var name: String { lines.name }

  /// Rows whose fields are parted by `delimiter`; without `quoting` a quote is a character as any.
  public init(
    _ source: ByteSource, delimiter: UInt8, quoting: Bool = true,
    unclosedQuotes: UnclosedQuotes = .fail
  ) {
    self.init(
      source, delimiter: delimiter, quoting: quoting, longest: LineReader.longest,
      unclosedQuotes: unclosedQuotes)
  }

  init(
    _ source: ByteSource, delimiter: UInt8, quoting: Bool, longest: Int,
    unclosedQuotes: UnclosedQuotes = .fail
  ) {
    lines = LineReader(source, longest: longest)
    self.unclosedQuotes = unclosedQuotes
    self.delimiter = delimiter
    self.quoting = quoting
    self.longest = longest
  }

  /// The next row; nil at the end. A blank line is a row of one empty field.
  ///
  /// - Throws: what the source throws, and, where that is asked for, `FileError.malformed` naming the
  ///   line where a quote opens that nothing closes, in the file or in 1 GiB.
  public mutating func next() throws(FileError) -> Row? {
    guard let first = try lines.nextWithEnd() else { return nil }
    var row = OpenRow(raw: first.bytes)
    var fields: [String] = []
    var isWellQuoted = true
    while true {
      if quoting, row.position < row.end, row.raw[row.position] == Self.quote {
        guard var field = try quotedField(of: &row) else {
          return try unclosed(row, first)
        }
        let rest = row.take(upTo: delimiter)
        isWellQuoted = isWellQuoted && rest.isEmpty
        field.append(contentsOf: rest)
        fields.append(String(decoding: field, as: UTF8.self))
      } else {
        fields.append(String(decoding: row.take(upTo: delimiter), as: UTF8.self))
      }
      guard row.position < row.end else { break }
      // Past the delimiter.
      row.position += 1
    }
    let end = row.end
    row.raw.removeLast(row.raw.count - end)
    return Row(
      line: first.number, byteOffset: first.byteOffset, fields: fields, rawBytes: row.raw,
      isWellQuoted: isWellQuoted, unclosedQuoteLine: nil)
  }

  /// The first line of a row that has an unclosed quote; the lines after it are to be read again.
  private mutating func unclosed(
    _ row: OpenRow, _ first: LineReader.Line
  ) throws(FileError) -> Row {
    let newlines = row.raw[..<row.opening].count { $0 == UInt8(ascii: "\n") }
    guard unclosedQuotes == .giveFirstLine else {
      throw .malformed(
        path: name, line: first.number + newlines, problem: "a quote opens here and never closes",
        remedy: "close it, or double the quotes inside the field")
    }
    lines.giveBack(row.raw[first.bytes.count...], lines: row.lineCount - 1)
    let bytes = Array(first.bytes.dropLast(LineReader.endLength(of: first.bytes)))
    return Row(
      line: first.number, byteOffset: first.byteOffset,
      fields: [String(decoding: bytes, as: UTF8.self)], rawBytes: bytes, isWellQuoted: false,
      unclosedQuoteLine: first.number + newlines)
  }

  /// The bytes between the quote at the row's position and the one that closes it, reading on where
  /// the field spans lines; nil where none closes it.
  private mutating func quotedField(of row: inout OpenRow) throws(FileError) -> [UInt8]? {
    row.opening = row.position
    row.position += 1
    var field: [UInt8] = []
    while true {
      if let quote = row.raw[row.position...].firstIndex(of: Self.quote) {
        field.append(contentsOf: row.raw[row.position..<quote])
        row.position = quote + 1
        guard row.position < row.end, row.raw[row.position] == Self.quote else { return field }
        field.append(Self.quote)
        row.position += 1
        continue
      }
      field.append(contentsOf: row.raw[row.position...])
      row.position = row.raw.count
      let next = row.raw.count <= longest ? try lines.nextWithEnd() : nil
      guard let next else { return nil }
      row.append(next.bytes)
    }
  }
}

/// A row while it is being cut into fields.
private struct OpenRow {
  /// The bytes of the row's lines so far, with their ends.
  var raw: [UInt8]
  /// The first byte that is not yet part of a field.
  var position = 0
  /// Where the last quoted field opens.
  var opening = 0
  /// Lines that the row spans so far.
  private(set) var lineCount = 1
  /// Where the end of the row's last line starts.
  private(set) var end: Int

  init(raw: [UInt8]) {
    self.raw = raw
    end = raw.count - LineReader.endLength(of: raw)
  }

  mutating func append(_ line: [UInt8]) {
    raw.append(contentsOf: line)
    lineCount += 1
    end = raw.count - LineReader.endLength(of: line)
  }

  /// The bytes from `position` to the next `delimiter` or the end.
  mutating func take(upTo delimiter: UInt8) -> ArraySlice<UInt8> {
    let rest = raw[position..<end]
    let stop = rest.firstIndex(of: delimiter) ?? end
    defer { position = stop }
    return rest[..<stop]
  }
}
