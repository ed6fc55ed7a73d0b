/// The lines of a byte source, in constant memory.
///
/// `\n` or `\r\n` ends a line, the last one may lack its end, and a byte-order mark at the start of
/// the file is dropped.
public struct LineReader {
  /// One line without its end.
  public struct Line: Equatable, Sendable {
    /// Counted from 1.
    public let number: Int
    /// Bytes of the file before the line.
    public let byteOffset: Int
    /// As in the file.
    public let bytes: [UInt8]
    /// What ended it: `\n`, `\r\n`, or nothing at the end of the file.
    let ending: [UInt8]

    /// The line as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Whether every byte is part of a UTF-8 character.
    public var isValidUTF8: Bool { validText != nil }
    /// The line as text; nil unless every byte is part of a UTF-8 character.
    public var validText: String? { String(validating: bytes, as: UTF8.self) }
  }

  private let source: ByteSource
  private var buffer: [UInt8] = []
  private var position = 0
  private var number = 0
  private var byteOffset = 0
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let lineFeed: [UInt8] = [0x0A]
  private static let carriageReturnLineFeed: [UInt8] = [0x0D, 0x0A]

  /// What messages call the source.
  public var name: String { source.name }

  /// Reads from where `source` stands.
  public init(_ source: ByteSource) { self.source = source }

  /// The next line; nil at the end.
  ///
  /// - Throws: `FileError` as `ByteSource.read(upTo:)` does.
  public mutating func next() throws(FileError) -> Line? {
    guard var bytes = try nextRaw() else { return nil }
    let offset = byteOffset
    byteOffset += bytes.count
    number += 1
    var ending: [UInt8] = []
    if bytes.last == UInt8(ascii: "\n") {
      bytes.removeLast()
      ending = Self.lineFeed
      if bytes.last == UInt8(ascii: "\r") {
        bytes.removeLast()
        ending = Self.carriageReturnLineFeed
      }
    }
    if number == 1, bytes.starts(with: Self.byteOrderMark) {
      bytes.removeFirst(3)
      // A mark and nothing else is an empty file.
      if bytes.isEmpty, ending.isEmpty { return nil }
    }
    return Line(number: number, byteOffset: offset, bytes: bytes, ending: ending)
  }

  /// The bytes up to and with the next line feed.
  private mutating func nextRaw() throws(FileError) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      let rest = buffer[position...]
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        position = end + 1
        if line.isEmpty { return Array(rest[...end]) }
        line.append(contentsOf: rest[...end])
        return line
      }
      line.append(contentsOf: rest)
      buffer = try source.read(upTo: 1 << 17)
      position = 0
      if buffer.isEmpty { return line.isEmpty ? nil : line }
    }
  }
}
