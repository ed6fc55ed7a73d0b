import Files

/// Where a table holds the fields of a review.
struct TableColumns: Sendable {
  var count = 0
  var text = 0
  var id: Int?
  var user: Int?
  var item: Int?
  var time: Int?
  /// Name and place of every column that holds no field of a review.
  var others: [(name: String, column: Int)] = []

  init() {}

  /// Nil where no column holds the text.
  init?(of header: [String], _ options: ReviewReader.Options) {
    guard let text = header.firstIndex(of: options.textField) else { return nil }
    self.text = text
    count = header.count
    id = header.firstIndex(of: options.idField)
    user = header.firstIndex(of: options.userField)
    item = header.firstIndex(of: options.itemField)
    time = header.firstIndex(of: options.timeField)
    others = header.enumerated().filter { !options.fieldNames.contains($1) }.map { ($1, $0) }
  }

  /// What a row holds besides the fields of a review, as a JSON object; nil for nothing.
  func rest(of fields: [String]) -> String? {
    guard !others.isEmpty else { return nil }
    var line = JSONLine()
    line.open("{")
    for (name, column) in others { line.field(name, fields[column]) }
    line.close("}")
    return line.text
  }

  /// The columns on one line, however strange or many they are.
  static func list(_ header: [String]) -> String {
    let shown = header.prefix(20).map { "'\(oneLine($0))'" }
    let rest = header.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension DelimitedReader {
  /// The first row that is not blank, the header of the table `name`; nil where there is none.
  ///
  /// - Throws: `FileError.malformed` for a quote that never closes, and what reading throws.
  mutating func header(of name: String) throws(FileError) -> Row? {
    while let row = try next() {
      if row.fields.count == 1, isBlank(row.rawBytes) { continue }
      guard row.isClosed else {
        throw .malformed(
          path: name, line: row.line, problem: "a quote opens here and never closes",
          remedy: "close it, or double the quotes inside the field")
      }
      return row
    }
    return nil
  }
}
