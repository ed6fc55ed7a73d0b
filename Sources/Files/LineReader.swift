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
    /// Bytes of a line too long to be read whole; nil where `bytes` are all of them.
    public let cutLength: Int?
    /// Whether a line feed ends it, as it does all but the last.
    public let hasEnd: Bool

    /// The line as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// Whether every byte is part of a UTF-8 character.
    public var isValidUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }
  }

  /// The longest line or row that is read, in bytes: 128 MiB.
  public static let longest = 1 << 27
  /// Bytes that are kept of a longer line.
  static let keptBytes = 1 << 16

  private let source: ByteSource
  private let longest: Int
  private let recovers: Bool
  private var buffer: [UInt8] = []
  private var position = 0
  private var number = 0
  private var byteOffset = 0
  /// Lines that are to be given once more, end to end, and the place of the first.
  struct Returned {
    var bytes: ArraySlice<UInt8>
    var number: Int
    var byteOffset: Int
    /// Of the last line.
    var cutLength: Int?
  }
  private var returned: Returned?
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What messages call the source.
  public var name: String { source.name }

  /// Whether the next line has to wait until somebody writes it.
  public var waits: Bool {
    returned == nil && !buffer[position...].contains(UInt8(ascii: "\n")) && !source.isReady
  }

  /// Reads from where `source` stands; a reader that `recovers` gives the start of a line that is
  /// too long and goes on after it, where any other throws.
  public init(_ source: ByteSource, recovers: Bool = false) {
    self.init(source, recovers: recovers, longest: Self.longest)
  }

  init(_ source: ByteSource, recovers: Bool = false, longest: Int) {
    self.source = source
    self.recovers = recovers
    self.longest = longest
  }

  /// The next line; nil at the end.
  ///
  /// - Throws: what the source throws, and `FileError.malformed` for a line longer than 128 MiB,
  ///   unless the reader recovers.
  public mutating func next() throws(FileError) -> Line? {
    guard let line = try nextWithEnd() else { return nil }
    var bytes = line.bytes
    bytes.removeLast(Self.endLength(of: bytes))
    return Line(
      number: line.number, byteOffset: line.byteOffset, bytes: bytes, cutLength: line.cutLength,
      hasEnd: line.hasEnd)
  }

  /// The next line with the bytes that end it.
  mutating func nextWithEnd() throws(FileError) -> Line? {
    if let line = nextReturned() { return line }
    if number == 0, try startsWithMark() { byteOffset = try source.read(upTo: 3).count }
    var line: [UInt8] = []
    var length = 0
    var isCut = false
    while true {
      let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
      let part = buffer[position..<(end ?? buffer.count)]
      if !isCut { line.append(contentsOf: part) }
      length += part.count
      position = end ?? buffer.count
      if end != nil { break }
      if length > longest {
        guard recovers else {
          throw .malformed(
            path: name, line: number + 1, problem: "the line is longer than \(longest) bytes",
            remedy: "split it, or check that the file is text")
        }
        if !isCut { line = Array(line.prefix(Self.keptBytes)) }
        isCut = true
      }
      buffer = try source.read(upTo: 1 << 17)
      position = 0
      if buffer.isEmpty { break }
    }
    guard length > 0 else { return nil }
    number += 1
    defer { byteOffset += length }
    return Line(
      number: number, byteOffset: byteOffset, bytes: line, cutLength: isCut ? length : nil,
      hasEnd: !buffer.isEmpty)
  }

  /// Gives `lines`, which were the last ones, once more.
  mutating func putBack(_ lines: Returned) {
    guard !lines.bytes.isEmpty else { return }
    var lines = lines
    if let returned {
      lines.bytes += returned.bytes
      lines.cutLength = returned.cutLength
    }
    returned = lines
  }

  private mutating func nextReturned() -> Line? {
    guard let bytes = returned?.bytes, let first = returned else { return nil }
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
    let isLast = end == bytes.endIndex
    if isLast {
      returned = nil
    } else {
      returned?.bytes = bytes[end...]
      returned?.number += 1
      returned?.byteOffset += end - bytes.startIndex
    }
    return Line(
      number: first.number, byteOffset: first.byteOffset, bytes: Array(bytes[..<end]),
      cutLength: isLast ? first.cutLength : nil,
      hasEnd: bytes[..<end].last == UInt8(ascii: "\n"))
  }

  private func startsWithMark() throws(FileError) -> Bool {
    let mark = Self.byteOrderMark
    // No more is awaited than tells.
    let start = try source.peek(mark.count) { !$0.isEmpty && !mark.starts(with: $0) }
    return start == mark
  }

  /// How many of the last bytes of `line` are its end: 0, 1 or 2.
  static func endLength(of line: [UInt8]) -> Int {
    guard line.last == UInt8(ascii: "\n") else { return 0 }
    return line.dropLast().last == UInt8(ascii: "\r") ? 2 : 1
  }
}
