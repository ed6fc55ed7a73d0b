import Files

/// A line is the label, one delimiter, and the text, which may hold the delimiter again.
struct LabelledLinesReader: CorpusReader {
  let delimiter: UInt8

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.isEmpty { return nil }
        guard let cut = line.bytes.firstIndex(of: delimiter) else {
          return "no label; write one and the delimiter"
        }
        let label = String(decoding: line.bytes[..<cut], as: UTF8.self)
        let text = String(decoding: line.bytes[(cut + 1)...], as: UTF8.self)
        sink(.row(SourceRow(file: file, line: line.number, text: text, label: label)))
        return nil
      }
    }
  }
}
