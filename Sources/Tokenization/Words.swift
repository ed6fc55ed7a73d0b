extension EncodedText {
  /// Whether each piece goes on with the word that the piece before it began.
  ///
  /// A word is a run of letters, marks and digits without a break; an apostrophe amid one begins
  /// another ("Anna" and "'s"). Where a script writes no breaks, as Chinese does, every piece stands
  /// for itself. `text` is the text that was encoded.
  public func continuesWord(in text: String) -> [Bool] {
    var text = text
    text.makeContiguousUTF8()
    let bytes = text.utf8.span
    var end = 0
    return ranges.map { range in
      guard !range.isEmpty else { return false }
      defer { end = range.upperBound }
      guard range.lowerBound == end, end > 0, Self.isWordCharacter(bytes.scalar(at: end).scalar)
      else { return false }
      var last = bytes.scalarStart(before: end)
      if last > 0, Self.isApostrophe(bytes.scalar(at: last).scalar) {
        last = bytes.scalarStart(before: last)
      }
      return Self.isWordCharacter(bytes.scalar(at: last).scalar)
    }
  }

  private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || scalar == "\u{2019}"
  }

  private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    // Most are of ASCII, which needs no table.
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
    case 0..<0x80: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .decimalNumber,
      .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
      return true
    case .otherLetter:
      // Letters without case: those of scripts that write no spaces are words of their own.
      switch scalar.value {
      case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF,
        0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
        return false
      default: return true
      }
    default: return false
    }
  }
}
