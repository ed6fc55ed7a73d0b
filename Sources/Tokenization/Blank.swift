extension Unicode.Scalar {
  /// Whether the scalar leaves no text in a piece: Unicode white space, and what SentencePiece's
  /// nmt_nfkc rules turn into white space (zero-width marks, "▁", U+FFFD) or drop (controls).
  var isBlank: Bool {
    switch value {
    case 0x01...0x20, 0x7F, 0x85, 0x8F, 0x9F, 0xA0, 0x1680, 0x2000...0x200C, 0x200E, 0x200F,
      0x2028, 0x2029, 0x202F, 0x205F, 0x2581, 0x3000, 0xFEFF, 0xFFFD:
      true
    default: false
    }
  }
}

extension Span where Element == UInt8 {
  /// The start of the last scalar that begins before `offset`, a scalar boundary above 0.
  func scalarStart(before offset: Int) -> Int {
    var start = offset - 1
    while start > 0 && self[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// The scalar that begins at `start`, and where it ends. The bytes are valid UTF-8; where none
  /// begins there, as a strange tokenizer may have it, U+FFFD.
  func scalar(at start: Int) -> (scalar: Unicode.Scalar, end: Int) {
    let first = UInt32(self[start])
    let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = length == 1 ? first : first & (0xFF >> UInt32(length + 1))
    if length == 1, first >= 0x80 { return ("\u{FFFD}", start + 1) }
    for offset in start + 1..<start + length { value = value << 6 | UInt32(self[offset] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", start + length)
  }

  /// `range` without the blank scalars at both ends; empty at its end when all are blank.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    // Most pieces begin and end with visible ASCII.
    if lower < upper && self[lower].isVisibleASCII && self[upper - 1].isVisibleASCII {
      return range
    }
    while lower < upper {
      let (scalar, end) = scalar(at: lower)
      guard scalar.isBlank else { break }
      lower = min(end, upper)
    }
    while lower < upper {
      let start = scalarStart(before: upper)
      guard scalar(at: start).scalar.isBlank else { break }
      upper = max(start, lower)
    }
    return lower..<upper
  }
}

extension UInt8 {
  fileprivate var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
}
