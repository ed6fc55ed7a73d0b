import Tokenization

extension EncodedText {
  /// The pieces that begin a sentence, ascending, the first piece left out; `bytes` are those of the
  /// text that was encoded.
  ///
  /// A sentence ends with a line, with a full stop, question or exclamation mark before white
  /// space, and with their Chinese forms.
  func sentenceStarts(in bytes: [UInt8]) -> [Int] {
    var starts: [Int] = []
    var end = 0
    for (piece, range) in ranges.enumerated() where !range.isEmpty {
      if end > 0, Self.isSentenceEnd(bytes, end, next: range.lowerBound) { starts.append(piece) }
      end = range.upperBound
    }
    return starts
  }

  /// Whether a sentence ends at byte `end`, where the next piece begins at `next`.
  private static func isSentenceEnd(_ bytes: [UInt8], _ end: Int, next: Int) -> Bool {
    let gap = bytes[end..<next]
    if gap.contains(UInt8(ascii: "\n")) { return true }
    // Quotes and brackets close after the mark.
    var last = end
    while last > 0, [0x22, 0x27, 0x29, 0x5D].contains(bytes[last - 1]) { last -= 1 }
    guard last > 0 else { return false }
    switch bytes[last - 1] {
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): return !gap.isEmpty
    // U+3002, and U+FF01, U+FF1B and U+FF1F.
    case 0x82: return last >= 3 && bytes[last - 3] == 0xE3 && bytes[last - 2] == 0x80
    case 0x81, 0x9B, 0x9F: return last >= 3 && bytes[last - 3] == 0xEF && bytes[last - 2] == 0xBC
    default: return false
    }
  }
}
