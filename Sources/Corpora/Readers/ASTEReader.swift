import Files

/// Aspect, opinion and polarity: `tok tok tok####[([0], [1, 2], 'POS'), ...]`.
///
/// Aspect and opinion are lists of token numbers, as in ASTE-Data-V2, or pairs `(start, end)` of
/// which the end is inclusive and `(-1, -1)` an implicit aspect, as in Chinese_Zhang. The text is
/// the tokens with `separator` between.
/// Source: Xu et al., Position-Aware Tagging for Aspect Sentiment Triplet Extraction, EMNLP 2020.
struct ASTEReader: CorpusReader {
  let separator: String

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.allSatisfy(\.isASCIIBlank) { return nil }
        guard let mark = lastMark(in: line.bytes) else {
          return "no '####' between text and triplets; write one"
        }
        var scanner = TripletScanner(line.bytes[(mark + 4)...])
        guard let triplets = scanner.triplets() else {
          return "no list of ([aspect], [opinion], 'polarity') after '####'; correct it"
        }
        let tokens = JoinedTokens(
          String(decoding: line.bytes[..<mark], as: UTF8.self), separator: separator)
        var row = SourceRow(file: file, line: line.number, text: tokens.text)
        row.spans = []
        for triplet in triplets {
          row.polarities.append(triplet.polarity)
          for (type, span, polarity) in [
            ("aspect", triplet.aspect, triplet.polarity), ("opinion", triplet.opinion, nil),
          ] where span != .implicit {
            row.append(
              type, tokens: span.first, to: span.last &+ 1, at: tokens.ranges, polarity: polarity)
          }
        }
        sink(.row(row))
        return nil
      }
    }
  }

  private func lastMark(in bytes: [UInt8]) -> Int? {
    bytes.indices.dropLast(3).last { bytes[$0..<$0 + 4].elementsEqual("####".utf8) }
  }
}

/// One aspect with one opinion.
private struct Triplet {
  /// Numbers of the first and the last token.
  struct Tokens: Equatable {
    let first: Int
    let last: Int
    static let implicit = Tokens(first: -1, last: -1)
  }

  let aspect: Tokens
  let opinion: Tokens
  let polarity: String
}

/// Reads Python's notation of a list of triplets.
private struct TripletScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: ArraySlice<UInt8>) {
    bytes = text.filter { !$0.isASCIIBlank }
  }

  /// Nil where the text is anything else.
  mutating func triplets() -> [Triplet]? {
    guard take("[") else { return nil }
    var triplets: [Triplet] = []
    while !take("]") {
      guard triplets.isEmpty || take(","), let triplet = triplet() else { return nil }
      triplets.append(triplet)
    }
    return position == bytes.count ? triplets : nil
  }

  private mutating func triplet() -> Triplet? {
    guard take("("), let aspect = tokens(), take(","), let opinion = tokens(), take(","),
      let polarity = word(), take(")")
    else { return nil }
    return Triplet(aspect: aspect, opinion: opinion, polarity: polarity)
  }

  /// `[4, 5, 6]` or `(4, 6)`.
  private mutating func tokens() -> Triplet.Tokens? {
    let isList = take("[")
    guard isList || take("(") else { return nil }
    var numbers: [Int] = []
    while !take(isList ? "]" : ")") {
      guard numbers.isEmpty || take(","), let number = number() else { return nil }
      numbers.append(number)
    }
    guard let first = numbers.first, let last = numbers.last else { return nil }
    if isList {
      let isRun = zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
      return isRun ? Triplet.Tokens(first: first, last: last) : nil
    }
    return numbers.count == 2 ? Triplet.Tokens(first: first, last: last) : nil
  }

  private mutating func number() -> Int? {
    let start = position
    _ = take("-")
    while position < bytes.count, bytes[position].isASCIIDigit { position += 1 }
    // Nine digits are more than any text has tokens, and no sum of them overflows.
    guard position - start < 10 else { return nil }
    return Int(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func word() -> String? {
    let quote: Character = take("'") ? "'" : "\""
    guard quote == "'" || take("\"") else { return nil }
    let start = position
    while position < bytes.count, bytes[position].isASCIILetter { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    return take(quote) ? word : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }
}
