/// Finds where long text can be cut so that each part can be tokenized on its own.
enum TextCut {
  /// The end of the part of `bytes` that begins at `start` and has at most `limit` bytes.
  ///
  /// In order: the end of the text; before the last white space; after the last sentence mark;
  /// between two scalars that normalisation keeps apart; between any two scalars. Only the second
  /// half of the part is searched, so the cost is at most proportional to the part.
  /// `limit` is at least 8, so that a part is never empty.
  static func end(in bytes: borrowing Span<UInt8>, from start: Int, limit: Int) -> Int {
    guard bytes.count - start > limit else { return bytes.count }
    var offset = start + limit
    while bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    let fallback = offset
    var afterMark: Int?
    var between: Int?
    while offset > start + limit / 2 {
      if isSpace(bytes[offset]) { return offset }
      let previous = bytes.scalarStart(before: offset)
      if afterMark == nil {
        let left = bytes.scalar(at: previous).scalar
        let right = bytes.scalar(at: offset).scalar
        if staysApart(left, right) {
          if between == nil { between = offset }
          if isSentenceMark(left) { afterMark = offset }
        }
      }
      offset = previous
    }
    return afterMark ?? between ?? fallback
  }

  /// Whether a part that begins with this byte begins a word; any other continues one.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private static func isSentenceMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "。", "！", "？", "；", "，", "、", "…", "!", "?", ";": true
    default: false
    }
  }

  /// Whether NFKC neither composes the two nor sees white space at the cut.
  private static func staysApart(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
    if left.isBlank || right.isBlank || left == "\u{200D}" || right == "\u{200D}" { return false }
    switch right.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .modifierSymbol: return false
    default: break
    }
    // Korean vowels and finals compose with what stands before them; so do half-width sound marks.
    return !(0x1160...0x11FF).contains(right.value) && !(0xFF9E...0xFF9F).contains(right.value)
  }
}
