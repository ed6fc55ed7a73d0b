import Files

/// A token a line, its tag in the last column, a blank line after each text.
///
/// Tags are BIO; a span may also start with I- (where no span of its type is open), and the
/// letters of BIOES and BMES tags are understood. The text is the tokens with `separator` between.
struct CoNLLReader: CorpusReader {
  let delimiter: UInt8
  let separator: String

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      var sentence = Sentence(separator: separator)
      func finish() {
        if let reason = sentence.problem {
          sink(file.rejection(sentence.line, reason))
        } else if !sentence.text.isEmpty {
          var row = SourceRow(file: file.name, line: sentence.line, text: sentence.text)
          row.spans = sentence.spans
          sink(.row(row))
        }
        sentence = Sentence(separator: separator)
      }
      // A line of invalid bytes spoils its sentence, so the check is made here, not per line.
      let lossyFile = DataFile(
        path: file.path, card: file.card,
        encoding: file.encoding == .utf8 ? .lossyUTF8 : file.encoding)
      try lossyFile.forEachLine(into: sink) { line in
        let content = line.bytes.drop(while: isBlank)
        if content.isEmpty {
          finish()
          return nil
        }
        if sentence.line == 0 { sentence.line = line.number }
        let columns = line.bytes.split(separator: delimiter, omittingEmptySubsequences: true)
          .map { String(decoding: $0.trimmingBlanks, as: UTF8.self) }
        if !file.isLossy && !line.isValidUTF8 {
          sentence.problem = DataFile.invalidUTF8
        } else if let token = columns.first, let tag = columns.last, columns.count > 1 {
          sentence.append(token, tag: tag)
        } else {
          sentence.problem = "no tag on line \(line.number)"
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

extension ArraySlice<UInt8> {
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    let end = lastIndex { !isBlank($0) }.map { $0 + 1 } ?? startIndex
    return self[..<end].drop(while: isBlank)
  }
}

/// The text and spans of the tokens so far.
private struct Sentence {
  let separator: String
  var line = 0
  var text = ""
  var spans: [SourceSpan] = []
  var problem: String?
  /// The last span of `spans` goes on if the next tag continues it.
  private var isOpen = false

  init(separator: String) {
    self.separator = separator
  }

  mutating func append(_ token: String, tag: String) {
    if !text.isEmpty { text += separator }
    let start = text.utf8.count
    text += token
    let end = text.utf8.count

    if tag == "O" {
      isOpen = false
      return
    }
    let parts = tag.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let letter = parts[0].first, parts[0].count == 1,
      "BIESML".contains(letter)
    else {
      problem = "'\(tag)' is not a BIO tag"
      return
    }
    let type = String(parts[1])
    if isOpen, "IEML".contains(letter), let last = spans.last, last.type == type {
      spans[spans.count - 1].range = last.range.lowerBound..<end
    } else {
      spans.append(SourceSpan(range: start..<end, type: type, polarity: nil))
    }
    isOpen = letter != "E" && letter != "S" && letter != "L"
  }
}
