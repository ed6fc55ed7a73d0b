import Files
import Foundation

/// The word and character n-grams of a text, each by 32 bits of its hash.
///
/// Latin words are lower-cased; a feature is a word or two in a row. Scripts without spaces give
/// one to three characters in a row. "!", "?" and marks of that kind are words of their own.
public enum NGrams {
  /// A feature of a text and how often it occurs.
  public typealias Count = (feature: UInt32, count: Int32)

  /// The features of a text, rising. O(n log n) in the length of the text.
  public static func counts(in text: String) -> [Count] {
    var features: [UInt32] = []
    // Hashes of the tokens before, zero where a run begins; a token of another kind begins one.
    var last: UInt64 = 0
    var beforeLast: UInt64 = 0
    var lastIsCharacter = false
    // Accents that stand apart, U+0300 to U+036F, go to their letters, as they do in pieces.
    let isComposed = !text.utf8.contains { $0 == 0xCC || $0 == 0xCD }
    let text = isComposed ? text : text.precomposedStringWithCanonicalMapping
    NGramTokens.forEach(in: text) { hash, isCharacter in
      if isCharacter != lastIsCharacter { (last, beforeLast) = (0, 0) }
      features.append(feature(hash))
      if last != 0 {
        let pair = joined(last, hash)
        features.append(feature(pair))
        if isCharacter && beforeLast != 0 { features.append(feature(joined(beforeLast, pair))) }
      }
      (beforeLast, last, lastIsCharacter) = (last, hash, isCharacter)
    }
    features.sort()
    var counts: [Count] = []
    for feature in features {
      if counts.last?.feature == feature {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((feature, 1))
      }
    }
    return counts
  }

  private static func feature(_ hash: UInt64) -> UInt32 {
    // The upper bits of a product are the mixed ones.
    UInt32((hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }

  private static func joined(_ first: UInt64, _ second: UInt64) -> UInt64 {
    (first ^ (first >> 31)) &* 0xBF58_476D_1CE4_E5B9 &+ second
  }
}

/// Cuts a text into the tokens that n-grams are made of.
private enum NGramTokens {
  /// Calls `body` with each token's hash and whether it is a character of a script without spaces.
  static func forEach(in text: String, _ body: (UInt64, Bool) -> Void) {
    var word = StableHash()
    var isOpen = false
    func close() {
      if isOpen { body(word.value, false) }
      (word, isOpen) = (StableHash(), false)
    }
    for scalar in text.unicodeScalars {
      switch kind(of: scalar) {
      case .letter(let lower):
        for byte in lower.utf8 { word.combine(byte) }
        isOpen = true
      case .inner:
        // "don't" is one word.
        if isOpen { word.combine(UInt8(ascii: "'")) }
      case .character:
        close()
        body(hash(of: scalar), true)
      case .mark(let mark):
        close()
        body(hash(of: mark), false)
      case .gap:
        close()
      }
    }
    close()
  }

  private enum Kind {
    /// Part of a word, lower-cased.
    case letter(Unicode.Scalar)
    /// An apostrophe.
    case inner
    /// A word by itself in a script without spaces.
    case character
    /// A sign that says something: "!", "?", an emoji.
    case mark(Unicode.Scalar)
    case gap
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0x61...0x7A, 0x30...0x39: return .letter(scalar)
    case 0x41...0x5A: return .letter(Unicode.Scalar(scalar.value + 0x20) ?? scalar)
    case 0x27, 0x2019: return .inner
    case 0x21, 0x3F: return .mark(scalar)
    case 0..<0x80: return .gap
    case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0).map(kind(of:)) ?? .gap
    case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF, 0x3040...0x30FF: return .character
    default: break
    }
    let properties = scalar.properties
    if properties.isEmojiPresentation { return .mark(scalar) }
    guard properties.isAlphabetic else { return .gap }
    let lower = properties.lowercaseMapping.unicodeScalars
    return .letter(lower.first ?? scalar)
  }

  private static func hash(of scalar: Unicode.Scalar) -> UInt64 {
    var hash = StableHash()
    for byte in scalar.utf8 { hash.combine(byte) }
    return hash.value
  }
}
