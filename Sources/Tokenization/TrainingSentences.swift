/// The sentences a tokenizer is trained on: the lines of texts.
struct TrainingSentences {
  /// Longest sentence in bytes; the trainer's cost grows with the square of a line without spaces.
  static let lengthLimit = 4096

  private(set) var lines: [[UInt8]] = []
  /// Adds the lines of a text; lines above the length limit are cut as `encode` cuts text.
  mutating func add(_ text: String) {
    // The trainer keeps U+2585 for itself and would leave out the whole line.
    var text = text.contains("\u{2585}") ? text.replacing("\u{2585}", with: " ") : text
    text.makeContiguousUTF8()
    let bytes = text.utf8.span
    var start = 0
    for offset in 0...bytes.count
    where offset == bytes.count || bytes[offset] == 0x0A || bytes[offset] == 0x0D {
      let line = bytes.extracting(start..<offset)
      var cut = 0
      while cut < line.count {
        let end = TextCut.end(in: line, from: cut, limit: Self.lengthLimit)
        add(line.extracting(line.trimmed(cut..<end)))
        cut = end
      }
      start = offset + 1
    }
  }

  private mutating func add(_ sentence: borrowing Span<UInt8>) {
    guard !sentence.isEmpty else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(sentence.count)
    for offset in sentence.indices { bytes.append(sentence[offset]) }
    lines.append(bytes)
  }

  /// The most frequent Han characters that make up `coverage` of all, the most frequent first.
  ///
  /// No break tells where a Chinese word ends, so pieces of several characters would swallow the
  /// ends of names and aspects.
  func hanCharacters(coverage: Double) -> [String] {
    var counts: [Unicode.Scalar: Int] = [:]
    for line in lines {
      for scalar in String(decoding: line, as: UTF8.self).unicodeScalars where scalar.isHan {
        counts[scalar, default: 0] += 1
      }
    }
    let needed = coverage * Double(counts.values.reduce(0, +))
    var covered = 0
    return counts.sorted { ($1.value, $0.key.value) < ($0.value, $1.key.value) }
      .prefix { _, count in
        defer { covered += count }
        return Double(covered) < needed
      }.map { String($0.key) }
  }

  /// Whether any sentence holds a letter or a digit; the trainer ends the process without.
  var hasWords: Bool {
    lines.contains { line in
      String(decoding: line, as: UTF8.self).unicodeScalars.contains {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is a Han character that normalisation leaves as it is.
  var isHan: Bool {
    switch value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x2A6DF: true
    default: false
    }
  }
}
