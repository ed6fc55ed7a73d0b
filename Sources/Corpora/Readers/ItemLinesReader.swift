import Files

/// A basket a line: its items with a delimiter between.
///
/// White space around an item is dropped.
struct ItemLinesReader: CorpusReader {
  let delimiter: UInt8

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.isEmpty { return nil }
        let items = line.bytes.split(separator: delimiter, omittingEmptySubsequences: false)
          .map { String(decoding: $0, as: UTF8.self).trimmed }
        if items.contains("") { return "an item has no name; remove the delimiter or name it" }
        var row = SourceRow(file: file, line: line.number, text: "")
        row.items = items
        sink(.row(row))
        return nil
      }
    }
  }
}
