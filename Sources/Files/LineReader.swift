/// The lines of a byte source, in constant memory.
///
/// `\n` or `\r\n` ends a line, the last one may lack its end, and a byte-order mark at the start is
/// dropped. A carriage return anywhere else belongs to its line.
public struct LineReader {
  /// One line without its end.
  public struct Line: Equatable, Sendable {
    /// Counted from 1.
    public let number: Int
    /// Bytes of the (unpacked) file before the line.
    public let byteOffset: Int
    /// As in the file.
    public let bytes: [UInt8]

    /// The line as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Whether every byte is part of a UTF-8 character.
    public var isValidUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }
  }

  /// The longest line or row that is read, in bytes: 1 GiB.
  static let longest = 1 << 30

  private let source: ByteSource
  private let longest: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var number = 0
  private var byteOffset = 0
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What messages call the source.
  public var name: String { source.name }

  /// Reads from where `source` stands.
  public init(_ source: ByteSource) { self.init(source, longest: Self.longest) }

  init(_ source: ByteSource, longest: Int) {
    self.source = source
    self.longest = longest
  }

  /// The next line; nil at the end.
  ///
  /// - Throws: what the source throws, and `FileError.malformed` for a line longer than 1 GiB.
  public mutating func next() throws(FileError) -> Line? {
    guard let line = try nextWithEnd() else { return nil }
    var bytes = line.bytes
    bytes.removeLast(Self.endLength(of: bytes))
    return Line(number: line.number, byteOffset: line.byteOffset, bytes: bytes)
  }

  /// The next line with the bytes that end it.
  mutating func nextWithEnd() throws(FileError) -> Line? {
    if number == 0, try source.peek(3) == Self.byteOrderMark {
      byteOffset = try source.read(upTo: 3).count
    }
    var line: [UInt8] = []
    while true {
      let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
      line.append(contentsOf: buffer[position..<(end ?? buffer.count)])
      position = end ?? buffer.count
      if end != nil { break }
      guard line.count <= longest else {
        throw .malformed(
          path: name, line: number + 1, problem: "the line is longer than \(longest) bytes",
          remedy: "split it, or check that the file is text")
      }
      buffer = try source.read(upTo: 1 << 17)
      position = 0
      if buffer.isEmpty { break }
    }
    guard !line.isEmpty else { return nil }
    number += 1
    defer { byteOffset += line.count }
    return Line(number: number, byteOffset: byteOffset, bytes: line)
  }

  /// Puts back the last `lines` lines, which are `bytes` with their ends.
  mutating func giveBack(_ bytes: ArraySlice<UInt8>, lines: Int) {
    buffer = Array(bytes) + buffer[position...]
    position = 0
    number -= lines
    byteOffset -= bytes.count
  }

  /// How many of the last bytes of `line` are its end: 0, 1 or 2.
  static func endLength(of line: [UInt8]) -> Int {
    guard line.last == UInt8(ascii: "\n") else { return 0 }
    return line.dropLast().last == UInt8(ascii: "\r") ? 2 : 1
  }
}
