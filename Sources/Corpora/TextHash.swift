import Files

/// A 64-bit hash of what a text says, the same on every machine and in every version.
///
/// Texts that differ only in case, white space, punctuation or symbols, such as emoji, have the same
/// hash. A variation selector after a symbol does count beside letters and digits, so that texts keep
/// the split that they were given. A text without letters and digits is hashed as it is, less
/// its white space and variation selectors. Characters that can be written in several ways (composed
/// or not, half or full width) are not the same. Used to split corpora and to find training texts
/// that occur in a test split.
public func normalisedTextHash(_ text: String) -> UInt64 {
  var hash = StableHash()
  var isEmpty = true
  for scalar in text.unicodeScalars where scalar.isLetterDigitOrMark {
    hash.combine(lowercased: scalar)
    if !scalar.properties.isVariationSelector { isEmpty = false }
  }
  guard isEmpty else { return hash.value }
  hash = StableHash()
  for scalar in text.unicodeScalars
  where !scalar.properties.isWhitespace && !scalar.properties.isVariationSelector {
    hash.combine(lowercased: scalar)
  }
  return hash.value
}

extension StableHash {
  fileprivate mutating func combine(lowercased scalar: Unicode.Scalar) {
    if scalar.isASCII {
      let isCapital = (0x41...0x5a).contains(scalar.value)
      combine(UInt8(truncatingIfNeeded: isCapital ? scalar.value | 0x20 : scalar.value))
    } else if scalar.properties.changesWhenLowercased {
      for byte in scalar.properties.lowercaseMapping.utf8 { combine(byte) }
    } else {
      for byte in scalar.utf8 { combine(byte) }
    }
  }

  /// A number from 0 to 99, evenly spread.
  static func percentile(of hash: UInt64) -> Int {
    Int(hash % 100)
  }
}

extension Unicode.Scalar {
  fileprivate var isLetterDigitOrMark: Bool {
    if isASCII {
      return (0x30...0x39).contains(value) || (0x41...0x5a).contains(value & 0xdf)
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
      return true
    default:
      return false
    }
  }
}
