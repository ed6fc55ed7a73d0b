/// Tokens put together to a text.
struct JoinedTokens {
  /// What goes between two tokens. Where it is empty, as in Chinese, two words of Latin letters
  /// still keep a blank between them.
  let separator: String
  /// Tokens such as `@` that the next one follows at once.
  let prefixes: Set<String>
  private(set) var text = ""
  /// The UTF-8 bytes of each token in `text`.
  private(set) var ranges: [Range<Int>] = []
  private var last = ""

  init(separator: String, prefixes: Set<String> = []) {
    self.separator = separator
    self.prefixes = prefixes
  }

  /// The tokens of `line`, which blanks part.
  init(_ line: some StringProtocol, separator: String) {
    self.init(separator: separator)
    // By bytes: a blank and an accent after it are one character.
    for token in line.utf8.split(separator: UInt8(ascii: " ")) {
      append(String(decoding: token, as: UTF8.self))
    }
  }

  /// True where the next token follows the last one at once, because that is a prefix.
  var isAfterPrefix: Bool { prefixes.contains(last) }

  /// Adds a token, which may be empty, and returns its bytes.
  @discardableResult
  mutating func append(_ token: String) -> Range<Int> {
    if !ranges.isEmpty, !token.isEmpty, !isAfterPrefix {
      text += separator.isEmpty && areLatinWords(last, token) ? " " : separator
    }
    let start = text.utf8.count
    text += token
    ranges.append(start..<text.utf8.count)
    if !token.isEmpty { last = token }
    return start..<text.utf8.count
  }

  private func areLatinWords(_ first: String, _ second: String) -> Bool {
    guard first.utf8.count > 1, second.utf8.count > 1, let end = first.utf8.last,
      let start = second.utf8.first
    else { return false }
    return end.isASCIILetter && start.isASCIILetter
  }
}

extension UInt8 {
  var isASCIILetter: Bool { (0x41...0x5a).contains(self & 0xdf) }
  var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
  var isASCIIBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}

/// The UTF-8 bytes of the tokens that blanks part in `text`.
func tokenRanges(of text: String) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  var start: Int?
  for (offset, byte) in text.utf8.enumerated() {
    if byte == UInt8(ascii: " ") {
      if let first = start { ranges.append(first..<offset) }
      start = nil
    } else if start == nil {
      start = offset
    }
  }
  if let start { ranges.append(start..<text.utf8.count) }
  return ranges
}
