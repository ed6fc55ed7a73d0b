import Files

/// Three lines a record: a sentence with `$T$` in the place of an aspect, the aspect, its polarity.
///
/// The records of one sentence, which may lie anywhere in the file, become one row: sentences that
/// differ only in blanks are the same, since the place of an aspect is padded. So a file is held in
/// memory while it is read. Where `separator` is empty, blanks between tokens are dropped.
/// Source: the APC files of PyABSA, after Dong et al., Adaptive Recursive Neural Network, ACL 2014.
struct SegReader: CorpusReader {
  let separator: String

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      var sentences = Sentences()
      var lines: [LineReader.Line] = []
      // A line of invalid bytes spoils its record, so the check is made here, not per line.
      try file.lossy.forEachLine(into: sink) { line in
        if lines.isEmpty {
          if line.bytes.allSatisfy(\.isASCIIBlank) { return nil }
          // The next line may be the start of a record again.
          guard line.text.contains("$T$") else {
            return "a record starts without $T$; write it where the aspect stands"
          }
        }
        lines.append(line)
        guard lines.count == 3 else { return nil }
        let record = lines
        lines = []
        guard file.isLossy || record.allSatisfy(\.isValidUTF8) else {
          sink(file.rejection(record[0].number, DataFile.invalidUTF8))
          return nil
        }
        let aspect = joined(record[1].text)
        guard aspect.hasContent else {
          sink(
            file.rejection(
              record[0].number, "the aspect of the record is empty; write it on the second line"))
          return nil
        }
        let isNew = sentences.add(
          parts: parts(of: record[0].text), aspect: aspect,
          polarity: trimmed(record[2].text), file: file, line: record[0].number)
        if !isNew { sink(.merged(file: file.path, line: record[0].number)) }
        return nil
      }
      if let first = lines.first {
        sink(
          file.rejection(
            first.number, "the last record has \(lines.count) of its 3 lines; complete it"))
      }
      for row in sentences.rows { sink(.row(row)) }
    }
  }

  /// What stands before, between and after the places of the aspect.
  private func parts(of sentence: String) -> [String] {
    sentence.split(separator: "$T$", omittingEmptySubsequences: false)
      .map { separator.isEmpty ? JoinedTokens($0, separator: "").text : String($0) }
  }

  private func joined(_ text: String) -> String {
    JoinedTokens(text, separator: separator).text
  }

  private func trimmed(_ text: String) -> String {
    JoinedTokens(text, separator: " ").text
  }
}

/// The sentences of a file, each with the aspects of all its records.
private struct Sentences {
  private(set) var rows: [SourceRow] = []
  /// Row by text without blanks.
  private var indices: [[UInt8]: Int] = [:]

  /// Adds a record; true where its sentence is new.
  mutating func add(
    parts: [String], aspect: String, polarity: String, file: DataFile, line: Int
  ) -> Bool {
    var text = parts[0]
    var places: [Range<Int>] = []
    for part in parts.dropFirst() {
      let start = text.utf8.count
      text += aspect
      places.append(start..<text.utf8.count)
      text += part
    }
    let bytes = Array(text.utf8)
    let solid = bytes.indices.filter { !bytes[$0].isASCIIBlank }
    let key = solid.map { bytes[$0] }
    let isNew = indices[key] == nil
    let index = indices[key] ?? rows.count
    if isNew {
      indices[key] = index
      rows.append(SourceRow(file: file, line: line, text: text))
      rows[index].spans = []
    }
    // The same letters may stand elsewhere in the text of the first record.
    let target = isNew ? solid : rows[index].text.utf8.solidOffsets
    for place in places {
      let first = solid.partitioningIndex { $0 >= place.lowerBound }
      let last = solid.partitioningIndex { $0 >= place.upperBound } - 1
      let range = target[first]..<target[last] + 1
      rows[index].spans?.append(SourceSpan(range: range, type: "aspect", polarity: polarity))
    }
    rows[index].polarities.append(polarity)
    return isNew
  }
}

extension String.UTF8View {
  fileprivate var solidOffsets: [Int] {
    enumerated().filter { !$0.element.isASCIIBlank }.map(\.offset)
  }
}

extension [Int] {
  /// The first index whose element meets `condition`, which all later ones do too.
  fileprivate func partitioningIndex(where condition: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
