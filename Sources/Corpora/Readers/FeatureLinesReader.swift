import Files

/// A sentence a line after its features: `lens[+2],strap[-1][u]##it has a fine lens .`
///
/// `[+2]` is how good or bad the feature is; `[u]` and `[p]` say that the sentence does not name it.
/// Features that it names become spans of type `feature` where their words first occur. `[t]` starts
/// a review, often with its title, which is not annotated; lines that start with an asterisk are no
/// rows.
/// Source: Hu and Liu, Mining and Summarizing Customer Reviews, KDD 2004.
struct FeatureLinesReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        let content = line.text
        if !content.hasContent || content.hasPrefix("*") { return nil }
        if content.hasPrefix("[t]") {
          let title = String(content.dropFirst(3)).trimmed
          if !title.isEmpty {
            sink(.row(SourceRow(file: file, line: line.number, text: title)))
          }
          return nil
        }
        guard let cut = content.firstRange(of: "##") else {
          return "no ## before the sentence; put it after the features"
        }
        let text = String(content[cut.upperBound...])
        var row = SourceRow(file: file, line: line.number, text: text)
        row.spans = []
        for part in content[..<cut.lowerBound].split(separator: ",") {
          if let feature = Feature(part) { row.add(feature) }
        }
        sink(.row(row))
        return nil
      }
    }
  }
}

/// `lens[+2][u]`; brackets are missing or mistyped here and there.
private struct Feature {
  let words: String
  let polarity: String?
  /// The sentence does not name it.
  let isImplicit: Bool

  init?(_ text: Substring) {
    let isMark: (Character) -> Bool = { "[]{}+".contains($0) }
    words = String(text.prefix { !isMark($0) }).trimmed
    if words.isEmpty { return nil }
    let marks = text.drop { !isMark($0) }
    polarity = marks.first { $0 == "+" || $0 == "-" }.map { $0 == "+" ? "positive" : "negative" }
    isImplicit = marks.contains("[u]") || marks.contains("[p]")
  }
}

extension SourceRow {
  fileprivate mutating func add(_ feature: Feature) {
    if let polarity = feature.polarity { polarities.append(polarity) }
    if feature.isImplicit { return }
    if let range = text.firstWords(feature.words) {
      spans?.append(SourceSpan(range: range, type: "feature", polarity: feature.polarity))
    } else {
      remarks.append(.notFound)
    }
  }
}

extension String {
  /// The UTF-8 bytes where whole words first occur, whatever the case of ASCII letters.
  fileprivate func firstWords(_ words: String) -> Range<Int>? {
    let (text, wanted) = (utf8.map(smallLetter), words.utf8.map(smallLetter))
    guard !wanted.isEmpty, wanted.count <= text.count else { return nil }
    for start in 0...text.count - wanted.count where text[start...].starts(with: wanted) {
      let end = start + wanted.count
      let isBound = start == 0 || !isWordByte(text[start - 1])
      if isBound, end == text.count || !isWordByte(text[end]) { return start..<end }
    }
    return nil
  }
}

private func smallLetter(_ byte: UInt8) -> UInt8 {
  (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
}

private func isWordByte(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
}
