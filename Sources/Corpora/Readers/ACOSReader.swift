import Files

/// ACOS quadruples: the text, then after each tab `aspect category polarity opinion`.
///
/// Aspect and opinion are `start,end` in white-space tokens, end exclusive; `-1,-1` is an implicit
/// one and gives no span.
/// Source: Cai et al., Aspect-Category-Opinion-Sentiment Quadruple Extraction, ACL 2021.
struct ACOSReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.isEmpty { return nil }
        let parts = line.text.utf8.split(separator: UInt8(ascii: "\t"))
          .map { String(decoding: $0, as: UTF8.self) }
        guard let text = parts.first else { return "no text; write one before the first tab" }
        var row = SourceRow(file: file, line: line.number, text: text)
        row.spans = []
        let tokens = tokenRanges(of: text)
        for part in parts.dropFirst() {
          let words = part.split(separator: " ").map(String.init)
          guard words.count == 4, let aspect = TokenSpan(words[0]),
            let opinion = TokenSpan(words[3])
          else { return "'\(part)' is not 'start,end CATEGORY polarity start,end'; correct it" }
          row.polarities.append(words[2])
          if !aspect.isImplicit {
            row.append(
              "aspect", tokens: aspect.start, to: aspect.end, at: tokens, polarity: words[2],
              category: words[1])
          }
          if !opinion.isImplicit {
            row.append("opinion", tokens: opinion.start, to: opinion.end, at: tokens)
          }
        }
        sink(.row(row))
        return nil
      }
    }
  }
}

/// `start,end` in tokens.
private struct TokenSpan {
  let start: Int
  let end: Int

  init?(_ text: String) {
    let numbers = text.split(separator: ",").compactMap { Int($0) }
    guard numbers.count == 2 else { return nil }
    (start, end) = (numbers[0], numbers[1])
  }

  var isImplicit: Bool { start == -1 && end == -1 }
}
