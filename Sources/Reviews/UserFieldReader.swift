public import Files
internal import Foundation

/// What a table or a file of JSON lines says of users: a row each, with a field that names the user.
public struct UserFieldReader {
  /// What a row turned out to be.
  public enum Row: Equatable, Sendable {
    /// A user and what is said of them: field and value, in the order of the row.
    case user(String, fields: [Field])
    /// A row that says nothing of anybody.
    case rejected(RejectedRow)
  }

  /// A field of a row.
  public struct Field: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// What it says, as text; empty where it says nothing.
    public var value: String
  }

  private let userField: String
  private var lines: LineReader?
  private var table: DelimitedReader?
  private var header: [String] = []
  private let name: String

  /// Opens `path`: a table or JSON lines, by its name, also gzipped, else by its first line.
  /// Where names are to be hidden (`hidesNames`), no message tells what a row holds.
  ///
  /// - Throws: `FileError` for a file that cannot be read or is no text, and for a table without a
  ///   user column or with two columns of one name.
  public init(
    path: String, userField: String, hidesNames: Bool = false
  ) throws(FileError) {
    self.userField = userField
    let source = try ByteSource(path: path)
    name = source.name
    try ForeignFile.refuse(source)
    var format = ReviewReader.Format(fileName: path)
    if format == nil || format == .txt { format = try Self.format(of: source) }
    switch format {
    case .csv: table = DelimitedReader(source, delimiter: UInt8(ascii: ","), recovers: true)
    case .tsv: table = DelimitedReader(source, delimiter: UInt8(ascii: "\t"), recovers: true)
    default: lines = LineReader(source, recovers: true)
    }
    guard let first = try table?.header(of: name) else { return }
    header = first.fields
    guard header.contains(userField) else {
      throw .malformed(
        path: name, line: first.line,
        problem: "no column '\(userField)'"
          + (hidesNames ? "" : " among \(TableColumns.list(header))"),
        remedy: "name the user column with --user-field")
    }
    var seen: Set<String> = []
    for column in header where !seen.insert(column).inserted {
      throw .malformed(
        path: name, line: first.line,
        problem: "two columns of one name" + (hidesNames ? "" : ", '\(oneLine(column))'"),
        remedy: "give each a name of its own")
    }
  }

  /// JSON lines begin with a brace; a table with a header, parted by tabs or commas.
  private static func format(of source: ByteSource) throws(FileError) -> ReviewReader.Format {
    let line = try ReviewReader.Format.firstLine(of: source)
    if line.first(where: { !$0.isWhitespace }) == "{" { return .jsonl }
    return line.contains("\t") ? .tsv : .csv
  }

  /// The next row that is not blank; nil at the end.
  ///
  /// - Throws: `FileError` for damaged gzip data.
  public mutating func next() throws(FileError) -> Row? {
    while let line = try lines?.next() {
      if line.cutLength == nil, isBlank(line.bytes) { continue }
      return row(of: line)
    }
    while let row = try table?.next() {
      if row.fields.count == 1, isBlank(row.rawBytes) { continue }
      func rejected(_ reason: RejectReason) -> Row {
        self.rejected(reason, line: row.line, byteOffset: row.byteOffset, row.rawBytes)
      }
      if let length = row.cutLength { return rejected(.tooLong(length)) }
      guard String(validating: row.rawBytes, as: UTF8.self) != nil else {
        return rejected(.notUTF8)
      }
      guard row.isClosed else { return rejected(.openQuote) }
      guard row.isWellQuoted else { return rejected(.badQuotes(row.quotingProblem)) }
      guard row.fields.count == header.count else {
        return rejected(.fieldCount(row.fields.count, header.count))
      }
      let fields = zip(header, row.fields).map { Field(name: $0, value: $1) }
      return user(fields) ?? rejected(.noUser(field: userField))
    }
    return nil
  }

  private func row(of line: LineReader.Line) -> Row {
    func rejected(_ reason: RejectReason) -> Row {
      self.rejected(reason, line: line.number, byteOffset: line.byteOffset, line.bytes)
    }
    if let length = line.cutLength { return rejected(.tooLong(length)) }
    // Some of the names would be one with U+FFFD in them.
    guard String(validating: line.bytes, as: UTF8.self) != nil else { return rejected(.notUTF8) }
    // JSONSerialization would take it for UTF-16.
    guard !line.bytes.contains(0) else { return rejected(.notAnObject) }
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.bytes)),
      let members = object as? [String: Any]
    else { return rejected(.notAnObject) }
    if let user = members[userField], !(user is String), (user as? NSNumber)?.isTruth != false {
      return rejected(.notAName(field: userField))
    }
    let fields = members.sorted { $0.key < $1.key }.map { name, value in
      Field(name: name, value: Self.text(value))
    }
    return user(fields) ?? rejected(.noUser(field: userField))
  }

  /// A string, a number or a truth value as text; a list or an object as JSON; nothing of null.
  private static func text(_ value: Any) -> String {
    switch value {
    case let text as String: return text
    case let number as NSNumber: return number.jsonText
    case is NSNull: return ""
    default:
      let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
      let json = try? JSONSerialization.data(withJSONObject: value, options: options)
      return json.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }

  private func user(_ fields: [Field]) -> Row? {
    guard let user = fields.first(where: { $0.name == userField })?.value, !user.isEmpty else {
      return nil
    }
    return .user(user, fields: fields.filter { $0.name != userField })
  }

  private func rejected(
    _ reason: RejectReason, line: Int, byteOffset: Int, _ bytes: [UInt8]
  ) -> Row {
    .rejected(
      RejectedRow(
        file: name, line: line, byteOffset: byteOffset, reason: reason.description,
        raw: String(decoding: bytes, as: UTF8.self)))
  }
}
