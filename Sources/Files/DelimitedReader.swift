/// The rows of CSV or TSV, in the memory of one row.
///
/// Quotes may span lines and are doubled inside themselves; `\r\n` ends a row as `\n` does.
/// Source: RFC 4180.
public struct DelimitedReader {
  /// One row.
  public struct Row: Equatable, Sendable {
    /// The line on which the row starts, from 1.
    public let line: Int
    /// Bytes of the file before the row.
    public let byteOffset: Int
    /// Without their quotes; bytes that are not UTF-8 become U+FFFD.
    public let fields: [String]
    /// The row as in the file, without its end.
    public let rawBytes: [UInt8]

    /// Whether every byte is part of a UTF-8 character.
    public var isValidUTF8: Bool { String(validating: rawBytes, as: UTF8.self) != nil }
  }

  private var lines: LineReader
  private let delimiter: UInt8
  private let quoting: Bool
  private static let quote = UInt8(ascii: "\"")

  /// What messages call the source.
  public var name: String { lines.name }

  /// Rows whose fields are parted by `delimiter`; without `quoting` a quote is a character as any.
  public init(_ source: ByteSource, delimiter: UInt8, quoting: Bool = true) {
    lines = LineReader(source)
    self.delimiter = delimiter
    self.quoting = quoting
  }

  /// The next row; nil at the end. A blank line is a row of one empty field.
  ///
  /// - Throws: `FileError.malformed` naming the line where a quote opens that nothing closes.
  public mutating func next() throws(FileError) -> Row? {
    guard let first = try lines.next() else { return nil }
    var raw = first.bytes
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var line = first
    while true {
      let bytes = line.bytes
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if isQuoted, byte == Self.quote {
          if index + 1 < bytes.count, bytes[index + 1] == Self.quote {
            field.append(byte)
            index += 1
          } else {
            isQuoted = false
          }
        } else if isQuoted {
          field.append(byte)
        } else if quoting, byte == Self.quote, field.isEmpty {
          isQuoted = true
        } else if byte == delimiter {
          fields.append(String(decoding: field, as: UTF8.self))
          field.removeAll(keepingCapacity: true)
        } else {
          field.append(byte)
        }
        index += 1
      }
      guard isQuoted else { break }
      guard let next = try lines.next() else {
        throw .malformed(
          path: name, line: first.number, problem: "a quote opens here and never closes",
          remedy: "close it, or double the quotes inside the field")
      }
      field.append(contentsOf: line.ending)
      raw.append(contentsOf: line.ending)
      raw.append(contentsOf: next.bytes)
      line = next
    }
    fields.append(String(decoding: field, as: UTF8.self))
    return Row(
      line: first.number, byteOffset: first.byteOffset, fields: fields, rawBytes: raw)
  }
}
