import Files

/// A text a line.
struct LinesReader: CorpusReader {
  /// Lines that start with it are no rows.
  let comment: String?

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.isEmpty { return nil }
        if let comment, line.bytes.starts(with: comment.utf8) { return nil }
        sink(.row(SourceRow(file: file, line: line.number, text: line.text)))
        return nil
      }
    }
  }
}
