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
    /// A header and rows separated by commas, after RFC 4180.
    case csv
    /// A header and rows separated by tabs, quoted as in CSV unless the options say `isUnquoted`.
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
    /// Whether the reviews are kept for their writers: a row that names none is rejected, as is one
    /// whose time cannot be read; times are in UTC where they say their offset, and a review
    /// without an id is named after its content rather than its place.
    public var requiresUser: Bool
    /// The names of a table's columns, where it has no header; nil where it has one.
    public var columns: [String]?
    /// Whether quotes are part of a table's fields, which then hold no line ends.
    public var isUnquoted: Bool
    /// Whether reviews carry the row's other fields.
    public var keepsFields: Bool
    /// What is hidden of rows.
    public var privacy: RowPrivacy

    /// The defaults read what Gloss calls its own fields.
    public init(
      format: Format = .auto, textField: String = "text", idField: String = "id",
      userField: String = "user", itemField: String = "item", timeField: String = "time",
      requiresUser: Bool = false, columns: [String]? = nil, isUnquoted: Bool = false,
      keepsFields: Bool = false,
      privacy: RowPrivacy = RowPrivacy()
    ) {
      self.format = format
      self.textField = textField
      self.idField = idField
      self.userField = userField
      self.itemField = itemField
      self.timeField = timeField
      self.requiresUser = requiresUser
      self.columns = columns
      self.isUnquoted = isUnquoted
      self.keepsFields = keepsFields
      self.privacy = privacy
    }

    /// The fields that a review is made of.
    var fieldNames: [String] { [textField, idField, userField, itemField, timeField] }

    /// Those that are called otherwise than Gloss calls them.
    var namedFields: [String] {
      zip(fieldNames, Options().fieldNames).filter { $0 != $1 }.map(\.0)
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
  /// Whether the source was taken for plain text though it begins as JSON or like a table.
  public let hasLikelyRows: Bool
  /// Lines or rows without anything in them, which are passed over.
  public private(set) var blankCount = 0
  private let source: ByteSource
  private let options: Options
  // One of the two is there; each is advanced in place, so that its buffer is not copied.
  private var lines: LineReader?
  private var table: DelimitedReader?
  private var columns = TableColumns()
  private var isFirstRow = true

  /// Opens `path`, a gzip file or not; `-` is standard input.
  /// `isCancelled` is asked while the reader waits for bytes; true ends that with an error.
  ///
  /// - Throws: `FileError` for a file that cannot be read or is no text, for a table without the
  ///   columns that the options name, for plain text where they name fields, and for their `columns`
  ///   where there is no table.
  public init(
    path: String, options: Options = Options(),
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) {
    source = try ByteSource(path: path, isCancelled: isCancelled)
    name = source.name
    self.options = options
    try ForeignFile.refuse(source)
    switch options.format {
    case .auto:
      if let named = Format(fileName: path) {
        format = named
      } else {
        format = try Format(of: source, options: options)
      }
    case let given: format = given
    }
    if format == .txt, let field = options.namedFields.first {
      throw .malformed(
        path: source.name, line: nil,
        problem: "reads as plain text, which has no field '\(oneLine(field))'",
        remedy: "name its format with --format")
    }
    hasLikelyRows =
      options.format == .auto && format == .txt ? try Format.beginsLikeRows(source) : false
    switch format {
    case .csv, .tsv:
      let delimiter = format == .csv ? UInt8(ascii: ",") : UInt8(ascii: "\t")
      table = DelimitedReader(
        source, delimiter: delimiter, quoting: !options.isUnquoted, recovers: true)
      try readHeader()
    case .jsonl, .txt, .auto:
      guard options.columns == nil else {
        throw .malformed(
          path: name, line: nil, problem: "is no table (\(format.rawValue)), so it has no columns",
          remedy: "leave out --columns, or give --format csv")
      }
      lines = LineReader(source, recovers: true)
    }
  }

  /// Bytes of the file itself, packed or not, that have been read so far.
  public var fileOffset: Int { source.fileOffset }

  /// Whether the next row has to wait until somebody writes it.
  public var waits: Bool { lines?.waits ?? table?.waits ?? false }

  /// The next row that is not blank; nil at the end.
  ///
  /// - Throws: `FileError` for damaged gzip data; what came before was delivered.
  public mutating func next() throws(FileError) -> Row? { try nextRaw()?.row }

  /// The next row that is not blank, not yet understood; nil at the end.
  ///
  /// - Throws: as `next` does.
  public mutating func nextRaw() throws(FileError) -> RawRow? {
    while let line = try lines?.next() {
      if line.cutLength == nil, isBlank(line.bytes) {
        blankCount += 1
        continue
      }
      if format == .txt, line.number == 1, !line.hasEnd, line.bytes.contains(0x0D) {
        throw .malformed(
          path: name, line: 1, problem: "carriage returns alone part what it holds",
          remedy: "convert it with \(Self.carriageReturnsToLines)")
      }
      return RawRow(
        file: name, content: format == .jsonl ? .json(line) : .text(line), options: options)
    }
    while let row = try table?.next() {
      if row.fields.count == 1, isBlank(row.rawBytes) {
        blankCount += 1
        continue
      }
      defer { isFirstRow = false }
      // A header after all.
      if isFirstRow, row.fields == options.columns { continue }
      return RawRow(file: name, content: .table(row, columns), options: options)
    }
    return nil
  }

  private mutating func readHeader() throws(FileError) {
    if let given = options.columns {
      columns = try found(in: given, line: nil)
    } else if let header = try table?.header(of: name) {
      columns = try found(in: header.fields, line: header.line)
    }
  }

  private func found(in header: [String], line: Int?) throws(FileError) -> TableColumns {
    guard let columns = TableColumns(of: header, options) else {
      throw missing(options.textField, in: header, line, "name the text column with --text-field")
    }
    if header.contains(where: { $0.unicodeScalars.contains("\r") }) {
      throw .malformed(
        path: name, line: line, problem: "a column's name holds a carriage return",
        remedy: "convert it with \(Self.carriageReturnsToLines)")
    }
    if let name = options.fieldNames.first(where: { name in header.count { $0 == name } > 1 }) {
      throw .malformed(
        path: self.name, line: line, problem: "two columns are called '\(oneLine(name))'",
        remedy: "give each a name of its own")
    }
    for name in options.namedFields where !header.contains(name) {
      throw missing(
        name, in: header, line, "name the columns of this table with --id-field and the like")
    }
    return columns
  }

  /// The columns, which may be a row of data where a table has no header.
  private func among(_ columns: [String]) -> String {
    let shown = columns.compactMap(options.privacy.shown)
    return shown.isEmpty ? "" : " among \(TableColumns.list(shown))"
  }

  private func missing(
    _ column: String, in columns: [String], _ line: Int?, _ remedy: String
  ) -> FileError {
    .malformed(
      path: name, line: line, problem: "no column '\(column)'\(among(columns))",
      remedy: line == nil ? remedy : Self.remedy(forHeader: columns, format) ?? remedy)
  }

  private static let carriageReturnsToLines = #"tr '\r' '\n'"#

  /// What to do about a header that looks like one of another kind of file; nil for others.
  private static func remedy(forHeader columns: [String], _ format: Format) -> String? {
    if columns.contains(where: { $0.contains("\0") }) {
      return "it looks like UTF-16: convert it with iconv -f UTF-16LE -t UTF-8"
    }
    if columns.contains(where: { $0.contains("\u{FFFD}") }) {
      return "it is not UTF-8: convert it first, a Chinese one with iconv -f GB18030 -t UTF-8"
    }
    if columns.contains(where: { $0.unicodeScalars.contains("\r") }) {
      return "its lines end with carriage returns: convert it with \(carriageReturnsToLines)"
    }
    guard columns.count == 1, let header = columns.first else { return nil }
    if format == .csv, header.contains("\t") { return "it looks parted by tabs: give --format tsv" }
    if format == .tsv, header.contains(",") {
      return "it looks parted by commas: give --format csv"
    }
    return header.contains(";") || header.contains("|")
      ? "it looks parted by '\(header.contains(";") ? ";" : "|")': save it with commas" : nil
  }
}
