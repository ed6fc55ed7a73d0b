extension Substring.UnicodeScalarView {
  /// Takes the next character and says how many scalars it took; an escape as JSON has it (RFC 8259,
  /// section 7) is the character that it stands for, any other backslash is itself.
  mutating func popEscaped() -> (scalar: Unicode.Scalar, count: Int)? {
    guard let first = popFirst() else { return nil }
    guard first == "\\", let kind = self.first else { return (first, 1) }
    switch kind {
    case "\"", "\\", "/":
      removeFirst()
      return (kind, 2)
    case "b", "f", "n", "r", "t":
      removeFirst()
      return ("\n", 2)
    case "u":
      guard let unit = hexadecimal() else { return (first, 1) }
      removeFirst(5)
      if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
      // Two surrogates are one character.
      if (0xD800..<0xDC00).contains(unit), starts(with: "\\u".unicodeScalars) {
        var second = self
        second.removeFirst()
        if let low = second.hexadecimal(), (0xDC00..<0xE000).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
          removeFirst(6)
          return (scalar, 12)
        }
      }
      return ("\u{FFFD}", 6)
    default:
      return (first, 1)
    }
  }

  /// The four hexadecimal digits after the next scalar.
  private func hexadecimal() -> UInt32? {
    let digits = dropFirst().prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0.properties.isASCIIHexDigit }) else {
      return nil
    }
    return UInt32(String(digits), radix: 16)
  }
}
