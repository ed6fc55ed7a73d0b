import Files

/// A token a line, its tag in the last column, a blank line after each text.
///
/// The text is the tokens with `separator` between; where that is empty, a token may be a blank.
/// With `positionDigits` each token ends with its place in its word, as in Weibo NER ("科0", "技1").
struct CoNLLReader: CorpusReader {
  let delimiter: UInt8
  let separator: String
  let scheme: TagLetters
  /// Tokens that are written before the next one without `separator`, and share its span.
  let prefixes: Set<String>
  let positionDigits: Bool

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      var sentence = Sentence(self)
      func finish() {
        if let entry = sentence.entry(of: file) { sink(entry) }
        sentence = Sentence(self)
      }
      // A line of invalid bytes spoils its sentence, so the check is made here, not per line.
      try file.lossy.forEachLine(into: sink) { line in
        if line.bytes.allSatisfy(isBlank) {
          finish()
        } else {
          sentence.append(line, isUsable: file.isLossy || line.isValidUTF8)
        }
        return nil
      }
      finish()
    }
  }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

/// The text and spans of the tokens so far.
private struct Sentence {
  let reader: CoNLLReader
  private var line = 0
  private var tokens: JoinedTokens
  private var tagged: TaggedSpans
  private var remarks: [Remark] = []
  private var problem: String?

  init(_ reader: CoNLLReader) {
    self.reader = reader
    tokens = JoinedTokens(separator: reader.separator, prefixes: reader.prefixes)
    tagged = TaggedSpans(scheme: reader.scheme)
  }

  /// The row, or why it cannot be used; nil before the first token.
  mutating func entry(of file: DataFile) -> SourceEntry? {
    guard line > 0 else { return nil }
    if let problem { return file.rejection(line, problem) }
    tagged.finish()
    var row = SourceRow(file: file, line: line, text: tokens.text)
    row.spans = tagged.spans
    row.remarks = remarks + tagged.remarks
    return .row(row)
  }

  mutating func append(_ line: LineReader.Line, isUsable: Bool) {
    if self.line == 0 { self.line = line.number }
    guard problem == nil else { return }
    guard isUsable else {
      problem = DataFile.invalidUTF8
      return
    }
    let end = line.bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0
    guard let cut = line.bytes[..<end].lastIndex(of: reader.delimiter) else {
      problem = "no tag on line \(line.number); write one after the token"
      return
    }
    let tag = String(decoding: line.bytes[(cut + 1)..<end], as: UTF8.self)
    let token = token(in: line.bytes[..<cut])
    if token.isEmpty { remarks.append(.emptyToken) }
    let afterPrefix = tokens.isAfterPrefix
    let range = tokens.append(token)
    // A tag of nothing is none, but a span may go on after it.
    if token.isEmpty, tagged.isContinued(by: tag) { return }
    let isKnown = tagged.append(token.isEmpty ? "O" : tag, at: range, afterPrefix: afterPrefix)
    if !isKnown {
      problem =
        "'\(tag)' on line \(line.number) is not a \(reader.scheme.title) tag; "
        + "write \(reader.scheme.example)"
    }
  }

  /// The first of the columns before the tag.
  private func token(in columns: ArraySlice<UInt8>) -> String {
    // A delimiter in the first place is a token itself, a blank.
    let end = columns.dropFirst().firstIndex(of: reader.delimiter) ?? columns.endIndex
    var bytes = columns[..<end]
    if !reader.separator.isEmpty {
      bytes = bytes.drop(while: isBlank)
      while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    }
    let token = String(decoding: bytes, as: UTF8.self)
    guard reader.positionDigits else { return token }
    let scalars = Array(token.unicodeScalars)
    let kept = scalars.dropFirst().lastIndex { !("0"..."9").contains($0) } ?? 0
    return String(String.UnicodeScalarView(scalars.prefix(kept + 1)))
  }
}
