import Tokenization

extension EncodedText {
  /// The pieces that begin a sentence, ascending, the first piece left out; `bytes` are those of the
  /// text that was encoded.
  ///
  /// A sentence ends with a line, with a full stop, question or exclamation mark before white
  /// space, and with their Chinese forms. Straight quotes and brackets close after the mark.
  func sentenceStarts(in bytes: [UInt8]) -> [Int] {
    var starts: [Int] = []
    var end = 0
    var mark = Mark.none
    for (piece, range) in ranges.enumerated() where !range.isEmpty {
      let gap = bytes[end..<range.lowerBound]
      let isEnded = mark == .chinese || mark == .western && !gap.isEmpty
      if end > 0, isEnded || gap.contains(UInt8(ascii: "\n")) { starts.append(piece) }
      for index in end..<range.upperBound where !Self.isClosing(bytes[index]) {
        mark = Mark(bytes, endingAt: index)
      }
      end = range.upperBound
    }
    return starts
  }

  private static func isClosing(_ byte: UInt8) -> Bool {
    [0x22, 0x27, 0x29, 0x5D].contains(byte)
  }
}

/// What may end a sentence.
private enum Mark {
  case none
  /// Ends one before white space.
  case western
  case chinese

  init(_ bytes: [UInt8], endingAt index: Int) {
    func follows(_ first: UInt8, _ second: UInt8) -> Bool {
      index >= 2 && bytes[index - 2] == first && bytes[index - 1] == second
    }
    self =
      switch bytes[index] {
      case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): .western
      // U+3002, and U+FF01, U+FF1B and U+FF1F.
      case 0x82: follows(0xE3, 0x80) ? .chinese : .none
      case 0x81, 0x9B, 0x9F: follows(0xEF, 0xBC) ? .chinese : .none
      default: .none
      }
  }
}
