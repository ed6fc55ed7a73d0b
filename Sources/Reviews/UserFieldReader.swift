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
    /// What it says, as text.
    public var value: String
  }

  private let userField: String
  private var lines: LineReader?
  private var table: DelimitedReader?
  private var header: [String] = []
  private let name: String

  /// Opens `path`: a table where its name ends in .csv or .tsv, also gzipped, else JSON lines.
  ///
  /// - Throws: `FileError` for a file that cannot be read, and for a table without a user column.
  public init(path: String, userField: String) throws(FileError) {
    self.userField = userField
    let source = try ByteSource(path: path)
    name = source.name
    switch ReviewReader.Format(fileName: path) {
    case .csv: table = DelimitedReader(source, delimiter: UInt8(ascii: ","), recovers: true)
    case .tsv: table = DelimitedReader(source, delimiter: UInt8(ascii: "\t"), recovers: true)
    default: lines = LineReader(source, recovers: true)
    }
    while let first = try table?.next() {
      if first.fields.count == 1, isBlank(first.rawBytes) { continue }
      guard first.isClosed else {
        throw .malformed(
          path: name, line: first.line, problem: "a quote opens here and never closes",
          remedy: "close it, or double the quotes inside the field")
      }
      header = first.fields
      guard header.contains(userField) else {
        throw .malformed(
          path: name, line: first.line,
          problem: "no column '\(userField)' among \(TableColumns.list(header))",
          remedy: "name the user column with --user-field")
      }
      return
    }
  }

  /// The next row that is not blank; nil at the end. Empty values are left out.
  ///
  /// - Throws: `FileError` for damaged gzip data.
  public mutating func next() throws(FileError) -> Row? {
    while let line = try lines?.next() {
      if isBlank(line.bytes) { continue }
      return row(of: line)
    }
    while let row = try table?.next() {
      if row.fields.count == 1, isBlank(row.rawBytes) { continue }
      func rejected(_ reason: RejectReason) -> Row {
        self.rejected(reason, line: row.line, byteOffset: row.byteOffset, row.rawBytes)
      }
      if let length = row.cutLength { return rejected(.tooLong(length)) }
      guard row.isClosed else { return rejected(.openQuote) }
      guard row.isWellQuoted else { return rejected(.badQuotes) }
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
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.bytes)),
      let members = object as? [String: Any]
    else { return rejected(.notAnObject) }
    let fields = members.sorted { $0.key < $1.key }.compactMap { name, value in
      Self.text(value).map { Field(name: name, value: $0) }
    }
    return user(fields) ?? rejected(.noUser(field: userField))
  }

  /// A string, a number or a truth value as text; nil for anything else.
  private static func text(_ value: Any) -> String? {
    switch value {
    case let text as String: text
    case let number as NSNumber: number.jsonText
    default: nil
    }
  }

  private func user(_ fields: [Field]) -> Row? {
    guard let user = fields.first(where: { $0.name == userField })?.value, !user.isEmpty else {
      return nil
    }
    return .user(user, fields: fields.filter { $0.name != userField && !$0.value.isEmpty })
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
