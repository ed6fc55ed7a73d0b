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
    /// Whether every quote that opens is closed; else the row ends with the line on which one opens,
    /// and has no fields. Only a reader that recovers gives such a row.
    public let isClosed: Bool
    /// Bytes of a row too long to be read whole, which has no fields either; else nil.
    public let cutLength: Int?

    /// How many lines the row has.
    public var lineCount: Int { rawBytes.count { $0 == UInt8(ascii: "\n") } + 1 }

    /// What to say of a row that is not well quoted.
    public var quotingProblem: String {
      "text follows a closing quote; double the quotes inside the field"
        + (lineCount > 1 ? "; the row has \(lineCount) lines" : "")
    }

    /// Whether every byte is part of a UTF-8 character.
    public var isValidUTF8: Bool { String(validating: rawBytes, as: UTF8.self) != nil }
  }

  private var lines: LineReader
  private let delimiter: UInt8
  private let quoting: Bool
  private let recovers: Bool
  private let longest: Int
  private static let quote = UInt8(ascii: "\"")

  /// What messages call the source.
  public var name: String { lines.name }

  /// Whether the next row has to wait until somebody writes it.
  public var waits: Bool { lines.waits }

  /// Rows whose fields are parted by `delimiter`; without `quoting` a quote is a character as any.
  ///
  /// A reader that `recovers` gives the line whose quote never closes, or the row that is too long,
  /// and goes on after it, where any other throws.
  public init(
    _ source: ByteSource, delimiter: UInt8, quoting: Bool = true, recovers: Bool = false
  ) {
    self.init(
      source, delimiter: delimiter, quoting: quoting, recovers: recovers,
      longest: LineReader.longest)
  }

  init(
    _ source: ByteSource, delimiter: UInt8, quoting: Bool, recovers: Bool = false, longest: Int
  ) {
    lines = LineReader(source, recovers: recovers, longest: longest)
    self.delimiter = delimiter
    self.quoting = quoting
    self.recovers = recovers
    self.longest = longest
  }

  /// The next row; nil at the end. A blank line is a row of one empty field.
  ///
  /// - Throws: what the source throws, and `FileError.malformed` naming the line where a quote
  ///   opens that nothing closes, in the file or in 128 MiB, unless the reader recovers.
  public mutating func next() throws(FileError) -> Row? {
    guard let first = try lines.nextWithEnd() else { return nil }
    if first.cutLength != nil { return Self.row(first, first.bytes, isClosed: true) }
    var row = OpenRow(first)
    var fields: [String] = []
    var isWellQuoted = true
    while true {
      if quoting, row.position < row.end, row.raw[row.position] == Self.quote {
        guard var field = try quotedField(of: &row) else {
          let (bytes, later) = row.cutAfterOpening()
          lines.putBack(later)
          return Self.row(first, bytes, isClosed: false)
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
      isWellQuoted: isWellQuoted, isClosed: true, cutLength: nil)
  }

  /// A row without fields that starts with `line`.
  private static func row(_ line: LineReader.Line, _ bytes: [UInt8], isClosed: Bool) -> Row {
    Row(
      line: line.number, byteOffset: line.byteOffset, fields: [],
      rawBytes: Array(bytes.dropLast(LineReader.endLength(of: bytes))), isWellQuoted: true,
      isClosed: isClosed, cutLength: line.cutLength)
  }

  /// The bytes between the quote at the row's position and the one that closes it, reading on where
  /// the field spans lines; nil where nothing closes it and the reader recovers.
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
      guard let next, next.cutLength == nil else {
        if let next { row.append(next) }
        if recovers { return nil }
        let newlines = row.raw[..<row.opening].count { $0 == UInt8(ascii: "\n") }
        throw .malformed(
          path: name, line: row.first.number + newlines,
          problem: "a quote opens here and never closes",
          remedy: "close it, or double the quotes inside the field")
      }
      row.append(next)
    }
  }
}

/// A row while it is being cut into fields.
private struct OpenRow {
  let first: LineReader.Line
  /// The bytes of the row's lines so far, with their ends.
  var raw: [UInt8]
  /// The first byte that is not yet part of a field.
  var position = 0
  /// The quote that opened last.
  var opening = 0
  /// Where the end of the row's last line starts.
  private(set) var end: Int
  private var last: LineReader.Line

  init(_ line: LineReader.Line) {
    first = line
    last = line
    raw = line.bytes
    end = raw.count - LineReader.endLength(of: raw)
  }

  mutating func append(_ line: LineReader.Line) {
    last = line
    raw.append(contentsOf: line.bytes)
    end = raw.count - LineReader.endLength(of: line.bytes)
  }

  /// The bytes from `position` to the next `delimiter` or the end.
  mutating func take(upTo delimiter: UInt8) -> ArraySlice<UInt8> {
    let rest = raw[position..<end]
    let stop = rest.firstIndex(of: delimiter) ?? end
    defer { position = stop }
    return rest[..<stop]
  }

  /// The bytes up to the end of the line on which a quote opened last, and the lines after it.
  func cutAfterOpening() -> (bytes: [UInt8], later: LineReader.Returned) {
    let cut = raw[opening...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? raw.count
    let newlines = raw[..<cut].count { $0 == UInt8(ascii: "\n") }
    return (
      Array(raw[..<cut]),
      LineReader.Returned(
        bytes: raw[cut...], number: first.number + newlines, byteOffset: first.byteOffset + cut,
        cutLength: last.cutLength)
    )
  }
}
