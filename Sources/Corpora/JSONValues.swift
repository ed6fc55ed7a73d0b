import Files

/// The lists and objects at one depth of a JSON text, front to back, each as its bytes.
///
/// At depth 0 they are what the text itself consists of, one after the other; at depth 2 the
/// elements of the lists that are the members of one object. Only the memory of one is needed.
struct JSONValues {
  /// One list or object, or what stands in the place of one.
  enum Item: Equatable {
    /// `key` is the member of the outermost object that it is in, at depths above 0.
    case value([UInt8], key: String?, line: Int)
    /// `key` is nil where it may be of any.
    case junk(key: String?, line: Int, reason: String)
  }

  /// The longest value that is read, in bytes: 64 MiB.
  static let longest = 1 << 26

  private let source: ByteSource
  private let wantedDepth: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var line = 1
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// The value that is being read.
  private var value: [UInt8] = []
  private var valueLine = 0
  /// The last string of depth 1 outside of values, with its quotes.
  private var key: [UInt8] = []
  private var isAtStart = true
  private var isAtLineStart = true
  /// The last byte that is no blank, of a string its quote.
  private var last: UInt8 = 0
  private var isInJunk = false

  init(_ source: ByteSource, depth: Int) {
    self.source = source
    wantedDepth = depth
  }

  /// The next one; nil at the end.
  ///
  /// - Throws: what the source throws, and `FileError.malformed` for a value of over 64 MiB.
  mutating func next() throws(FileError) -> Item? {
    while let byte = try nextByte() {
      if isAtLineStart, byte == UInt8(ascii: "{"), let item = abandoned() { return item }
      isAtLineStart = byte == UInt8(ascii: "\n")
      if isInString || byte == UInt8(ascii: "\"") {
        last = UInt8(ascii: "\"")
      } else if !byte.isASCIIBlank {
        last = byte
      }
      if byte == UInt8(ascii: "\n") {
        line += 1
        // JSON has no line feeds in strings: a quote is missing.
        isInString = false
      }
      if let item = take(byte) { return item }
      if value.count > Self.longest {
        throw .malformed(
          path: source.name, line: valueLine, problem: "a JSON value is longer than 64 MiB",
          remedy: "check that its brackets close")
      }
    }
    guard depth > 0 || !value.isEmpty else { return nil }
    defer { (depth, value) = (0, []) }
    return .junk(
      key: nil, line: value.isEmpty ? line : valueLine,
      reason: "the JSON ends before its brackets close; copy the file again")
  }

  /// The value that is open where an object begins in the first column in which none may: brackets
  /// of the value are missing, and what follows is read for itself.
  private mutating func abandoned() -> Item? {
    guard wantedDepth == 0, depth > 0, !":[,".utf8.contains(last) else { return nil }
    defer {
      (depth, value, isInString) = (0, [], false)
      // The brace is read again.
      position -= 1
    }
    return .junk(key: nil, line: valueLine, reason: "its brackets do not close; close them")
  }

  private mutating func nextByte() throws(FileError) -> UInt8? {
    if position == buffer.count {
      if isAtStart, try source.peek(3) == [0xEF, 0xBB, 0xBF] { _ = try source.read(upTo: 3) }
      isAtStart = false
      buffer = try source.read(upTo: 1 << 16)
      position = 0
      if buffer.isEmpty { return nil }
    }
    defer { position += 1 }
    return buffer[position]
  }

  private mutating func take(_ byte: UInt8) -> Item? {
    let isInValue = depth > wantedDepth
    if isInValue { value.append(byte) }
    if isInString {
      if depth == 1, !isInValue { key.append(byte) }
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return nil
    }
    isEscaped = false
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      if depth == 1, !isInValue { key = [byte] }
      return isInValue ? nil : junk(at: depth == wantedDepth)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if depth == wantedDepth { (value, valueLine) = ([byte], line) }
      if depth <= wantedDepth { isInJunk = false }
      depth += 1
      return nil
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if depth == 0 { return junk(at: true) }
      depth -= 1
      guard depth == wantedDepth, isInValue else { return nil }
      defer { value = [] }
      return .value(value, key: wantedDepth > 0 ? keyText : nil, line: valueLine)
    case UInt8(ascii: ","), UInt8(ascii: ":"):
      return nil
    default:
      return isInValue ? nil : junk(at: depth == wantedDepth && !byte.isASCIIBlank)
    }
  }

  /// One report for all that stands where a value should.
  private mutating func junk(at isJunk: Bool) -> Item? {
    guard isJunk, !isInJunk else { return nil }
    isInJunk = true
    return .junk(
      key: depth > 1 ? keyText : nil, line: line,
      reason: "something else than a JSON list or object; remove it")
  }

  /// Keys with escapes are not told apart from what they stand for.
  private var keyText: String {
    String(decoding: key.dropFirst().dropLast(), as: UTF8.self)
  }
}
