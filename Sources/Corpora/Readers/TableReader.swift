import Files

/// CSV and TSV, with or without header and quotes, a row a record.
struct TableReader: CorpusReader {
  let delimiter: ReaderSettings.Delimiter
  let quoting: Bool
  /// Names the columns of files without header.
  let columns: [String]?
  let fields: FieldNames
  /// Rows have a text.
  let isText: Bool

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      let required = fields.columns(isText: isText)
      func row(_ line: Int, _ record: Record) -> String? {
        do {
          sink(.row(try SourceRow(file: file, line: line, fields: fields) { record[$0] }))
          return nil
        } catch {
          return error.reason
        }
      }
      if delimiter == .blanks {
        try readBlankSeparated(file, required, into: sink, row)
      } else {
        try file.forEachRecord(
          delimiter: delimiter.byte, quoting: quoting, columns: columns, required: required,
          into: sink, row)
      }
    }
  }

  /// Columns set with any number of blanks between them.
  private func readBlankSeparated(
    _ file: DataFile, _ required: [String], into sink: (SourceEntry) -> Void,
    _ row: (Int, Record) -> String?
  ) throws(CorpusError) {
    var header = columns.map(Header.init)
    if let header { try header.check(required, file: file.path) }
    var fault: CorpusError?
    try file.forEachLine(into: sink) { line in
      let fields = line.bytes.split { $0 == 0x20 || $0 == 0x09 }
        .map { String(decoding: $0, as: UTF8.self) }
      if fields.isEmpty || fault != nil || fields == header?.names { return nil }
      guard let known = header else {
        header = Header(names: fields)
        do throws(CorpusError) {
          try Header(names: fields).check(required, file: file.path)
        } catch { fault = error }
        return nil
      }
      guard fields.count == known.names.count else {
        return "the number of fields is \(fields.count), expected \(known.names.count); "
          + "correct the row"
      }
      return row(line.number, Record(header: known, fields: fields))
    }
    if let fault { throw fault }
  }
}
