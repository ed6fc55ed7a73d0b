/// CSV and TSV, with or without header and quotes, a text a row.
struct TableReader: CorpusReader {
  let delimiter: UInt8
  let quoting: Bool
  /// Names the columns of files without header.
  let columns: [String]?
  let fields: FieldNames

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachRecord(
        delimiter: delimiter, quoting: quoting, columns: columns,
        required: [fields.text] + [fields.id, fields.label].compactMap(\.self), into: sink
      ) { line, record in
        var row = SourceRow(file: file.name, line: line, text: record[fields.text] ?? "")
        row.id = fields.id.flatMap { record[$0] }
        row.label = fields.label.flatMap { record[$0] }
        sink(.row(row))
        return nil
      }
    }
  }
}
