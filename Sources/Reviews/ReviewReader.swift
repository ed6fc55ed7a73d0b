public import Files

/// The reviews of a file or of standard input, in the memory of one row.
///
/// Every row that is not blank comes out, in order: as a review, or rejected with the reason.
public struct ReviewReader {
  /// How rows are written.
  public enum Format: String, CaseIterable, Sendable {
    /// By the file's name, else by its first bytes.
    case auto
    /// One JSON object a line.
    case jsonl
    /// A header and rows parted by commas, after RFC 4180.
    case csv
    /// A header and rows parted by tabs, quoted as in CSV.
    case tsv
    /// One review a line.
    case txt
  }

  /// What to read from which field; plain text has none.
  public struct Options: Equatable, Sendable {
    /// How rows are written.
    public var format: Format
    /// The field, or column, of the text.
    public var textField: String
    /// The field of the review's own name; where it is absent that is `file:line`.
    public var idField: String
    /// The field that names the writer.
    public var userField: String
    /// The field that names what the review is about.
    public var itemField: String
    /// The field that says when it was written.
    public var timeField: String
    /// Whether the reviews are kept for their writers: a row that names none is rejected, and one
    /// without an id is named after its content rather than its place.
    public var requiresUser: Bool

    /// The defaults read what Gloss calls its own fields.
    public init(
      format: Format = .auto, textField: String = "text", idField: String = "id",
      userField: String = "user", itemField: String = "item", timeField: String = "time",
      requiresUser: Bool = false
    ) {
      self.format = format
      self.textField = textField
      self.idField = idField
      self.userField = userField
      self.itemField = itemField
      self.timeField = timeField
      self.requiresUser = requiresUser
    }
  }

  /// What a row turned out to be.
  public enum Row: Equatable, Sendable {
    /// A text to read.
    case review(Review)
    /// A row without one.
    case rejected(RejectedRow)
  }

  /// What messages and default ids call the source: the path as given, `<stdin>` for `-`.
  public let name: String
  /// How rows are written; never `auto`.
  public let format: Format
  private let options: Options
  // One of the two is there; each is advanced in place, so that its buffer is not copied.
  private var lines: LineReader?
  private var table: DelimitedReader?
  private var columns = TableColumns()

  /// Opens `path`, a gzip file or not; `-` is standard input.
  ///
  /// - Throws: `FileError` for a file that cannot be read, and for a table without a text column.
  public init(path: String, options: Options = Options()) throws(FileError) {
    let source = try ByteSource(path: path)
    name = source.name
    self.options = options
    switch options.format {
    case .auto:
      if let named = Format(fileName: path) {
        format = named
      } else {
        format = try Format(of: source, textField: options.textField)
      }
    case let given: format = given
    }
    switch format {
    case .csv, .tsv:
      let delimiter = format == .csv ? UInt8(ascii: ",") : UInt8(ascii: "\t")
      table = DelimitedReader(source, delimiter: delimiter)
      try readHeader()
    case .jsonl, .txt, .auto:
      lines = LineReader(source)
    }
  }

  /// The next row that is not blank; nil at the end.
  ///
  /// - Throws: `FileError` for damaged gzip data and for a quote that never closes; what came
  ///   before was delivered.
  public mutating func next() throws(FileError) -> Row? {
    while let line = try lines?.next() {
      if isBlank(line.bytes) { continue }
      return format == .jsonl ? row(json: line) : row(text: line)
    }
    while let row = try table?.next() {
      if row.fields.count == 1, isBlank(row.rawBytes) { continue }
      return self.row(table: row)
    }
    return nil
  }

  private mutating func readHeader() throws(FileError) {
    while let header = try table?.next() {
      if header.fields.count == 1, isBlank(header.rawBytes) { continue }
      guard let found = TableColumns(of: header.fields, options) else {
        throw .malformed(
          path: name, line: header.line,
          problem: "no column '\(options.textField)' among \(TableColumns.list(header.fields))",
          remedy: "name the text column with --text-field")
      }
      columns = found
      return
    }
  }

  private func row(text line: LineReader.Line) -> Row {
    let place = RowPlace(name, line.number, line.byteOffset)
    guard let text = String(validating: line.bytes, as: UTF8.self) else {
      return place.rejected(.notUTF8, line.bytes)
    }
    if isBlank(text) { return place.rejected(.emptyText, line.bytes) }
    return place.accepted(Review(id: place.id, text: text), line.bytes, options)
  }

  private func row(json line: LineReader.Line) -> Row {
    let place = RowPlace(name, line.number, line.byteOffset)
    guard line.isValidUTF8 else { return place.rejected(.notUTF8, line.bytes) }
    do {
      let fields = try JSONFields(line.bytes, options)
      let review = Review(
        id: fields.id ?? place.id, user: fields.user, item: fields.item, time: fields.time,
        text: fields.text)
      return place.accepted(review, line.bytes, options)
    } catch {
      return place.rejected(error, line.bytes)
    }
  }

  private func row(table row: DelimitedReader.Row) -> Row {
    let place = RowPlace(name, row.line, row.byteOffset)
    guard row.isValidUTF8 else { return place.rejected(.notUTF8, row.rawBytes) }
    guard row.isWellQuoted else { return place.rejected(.badQuotes, row.rawBytes) }
    guard row.fields.count == columns.count else {
      return place.rejected(.fieldCount(row.fields.count, columns.count), row.rawBytes)
    }
    let text = row.fields[columns.text]
    if isBlank(text) { return place.rejected(.emptyText, row.rawBytes) }
    func value(_ column: Int?) -> String? {
      column.flatMap { row.fields[$0].isEmpty ? nil : row.fields[$0] }
    }
    let review = Review(
      id: value(columns.id) ?? place.id, user: value(columns.user), item: value(columns.item),
      time: value(columns.time), text: text)
    return place.accepted(review, row.rawBytes, options)
  }
}
