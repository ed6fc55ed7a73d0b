import Files

/// Several files whose lines belong together: line n of each is a part of row n.
///
/// `columns` names what each file of a group holds, in the order of the card's files. An empty line
/// is an empty part. Files that end early leave rows without parts, which are rejected.
struct ParallelLinesReader: CorpusReader {
  let columns: [String]
  let fields: FieldNames

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for first in stride(from: 0, to: files.count - columns.count + 1, by: max(columns.count, 1)) {
      try read(group: Array(files[first..<first + columns.count]), into: sink)
    }
  }

  private func read(
    group: [DataFile], into sink: (SourceEntry) -> Void
  ) throws(CorpusError) {
    let header = Header(names: columns)
    do {
      var readers: [LineReader] = []
      for file in group { readers.append(LineReader(try file.source())) }
      var number = 0
      while true {
        var lines: [LineReader.Line?] = []
        for index in readers.indices { lines.append(try readers[index].next()) }
        let present = lines.compactMap(\.self)
        if present.isEmpty { return }
        number += 1
        if let reason = problem(group, lines) {
          sink(group[0].rejection(number, reason))
          continue
        }
        let record = Record(header: header, fields: present.map(\.text))
        do {
          let row = try SourceRow(file: group[0], line: number, fields: fields) { record[$0] }
          sink(.row(row))
        } catch {
          sink(group[0].rejection(number, error.reason))
        }
      }
    } catch {
      throw .file(error)
    }
  }

  /// Why the lines make no row.
  private func problem(_ group: [DataFile], _ lines: [LineReader.Line?]) -> String? {
    for (file, line) in zip(group, lines) {
      guard let line else { return "\(file.name) has no such line; give all files as many" }
      if !file.isLossy && !line.isValidUTF8 { return DataFile.invalidUTF8 }
    }
    return nil
  }
}
