/// The sentences a tokenizer is trained on: lines of texts, all of them or an even sample.
struct SentenceSample {
  /// Longest sentence in bytes; the trainer's cost grows with the square of a line without spaces.
  static let lengthLimit = 4096

  private(set) var sentences: [[UInt8]] = []
  private let limit: Int
  private var seen = 0
  private var random: SplitMix64

  init(limit: Int?, seed: UInt64) {
    self.limit = limit ?? .max
    random = SplitMix64(state: seed)
  }

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

  /// Algorithm R: each sentence seen is kept with the same probability.
  private mutating func add(_ sentence: borrowing Span<UInt8>) {
    guard !sentence.isEmpty else { return }
    seen += 1
    let place = seen <= limit ? sentences.count : Int.random(in: 0..<seen, using: &random)
    guard place < limit else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(sentence.count)
    for offset in sentence.indices { bytes.append(sentence[offset]) }
    if place == sentences.count { sentences.append(bytes) } else { sentences[place] = bytes }
  }

  /// Whether any sentence holds a letter or a digit; the trainer ends the process without.
  var hasWords: Bool {
    sentences.contains { sentence in
      String(decoding: sentence, as: UTF8.self).unicodeScalars.contains {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
    }
  }
}

/// Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
