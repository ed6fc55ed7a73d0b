internal import Files

/// A row of a file before anything of it is understood: what can be taken in order, cheaply, while
/// `row`, which costs more, is left to whoever works on it.
public struct RawRow: Sendable {
  enum Content: Sendable {
    case text(LineReader.Line)
    case json(LineReader.Line)
    case table(DelimitedReader.Row, TableColumns)
  }

  /// The file as messages call it.
  let file: String
  let content: Content
  let options: ReviewReader.Options

  /// Bytes of the row.
  public var byteCount: Int { bytes.count }

  /// The review, or why there is none.
  public var row: ReviewReader.Row {
    if let length = cutLength { return rejected(.tooLong(length)) }
    do throws(RejectReason) {
      return try accepted(review())
    } catch {
      return rejected(error)
    }
  }

  /// What a row of records turned out to be.
  public enum Record: Sendable {
    /// A record.
    case gloss(Gloss)
    /// A row without one.
    case rejected(RejectedRow)
  }

  /// The Gloss record, or why there is none; its time in ISO 8601.
  public var record: Record {
    if let length = cutLength { return .rejected(rejection(.tooLong(length))) }
    do {
      var gloss = try Gloss(jsonLine: String(decoding: bytes, as: UTF8.self))
      if let problem = gloss.problem {
        return .rejected(rejection(.notARecord("\(problem); write it anew with gloss classify")))
      }
      if options.requiresUser, gloss.user?.isEmpty != false {
        return .rejected(
          rejection(.notARecord("it names no user; write it anew with gloss classify --user-field"))
        )
      }
      if let time = gloss.time {
        gloss.time = ReviewTime.utc(time)
        if gloss.time == nil {
          return .rejected(
            rejection(
              .notARecord(
                "its time is '\(oneLine(time))', which cannot be read; write it as 2024-05-02")))
        }
      }
      return .gloss(gloss)
    } catch {
      return .rejected(rejection(.notARecord(error.description)))
    }
  }

  private func review() throws(RejectReason) -> Review {
    let (text, replaced) = Self.decoded(bytes)
    switch content {
    case .text:
      if isBlank(text) { throw .emptyText }
      return Review(id: placeID, text: text, replaced: replaced)
    case .json:
      let bytes = replaced == nil ? bytes : Array(text.utf8)
      let fields = try JSONFields(bytes, options)
      return Review(
        id: fields.id ?? placeID, user: fields.user, item: fields.item, time: fields.time,
        text: fields.text, replaced: replaced,
        fields: options.keepsFields ? JSONFields.rest(bytes, options) : nil)
    case .table(let row, let columns):
      guard row.isClosed else { throw .openQuote }
      guard row.isWellQuoted else { throw .badQuotes(row.quotingProblem) }
      guard row.fields.count == columns.count else {
        throw .fieldCount(row.fields.count, columns.count)
      }
      func value(_ column: Int?) -> String? {
        column.flatMap { row.fields[$0].isEmpty ? nil : row.fields[$0] }
      }
      if isBlank(row.fields[columns.text]) { throw .emptyText }
      return Review(
        id: value(columns.id) ?? placeID, user: value(columns.user), item: value(columns.item),
        time: value(columns.time), text: row.fields[columns.text], replaced: replaced,
        fields: options.keepsFields ? columns.rest(of: row.fields) : nil)
    }
  }

  /// The review, with what is private hidden, unless the options ask for a writer and it has none.
  ///
  /// What is kept for a writer is found again by its id, and places do not last: another file has
  /// a first line too. So there a review without an id of its own is named after its content, as
  /// it is kept; and its time is one that sorts among others.
  private func accepted(_ review: Review) throws(RejectReason) -> ReviewReader.Row {
    var review = review
    if options.requiresUser {
      guard review.user != nil else { throw .noUser(field: options.userField) }
      review.time = try readTime(of: review)
    }
    options.privacy.hide(in: &review)
    if options.requiresUser, review.id == placeID { review.id = review.contentID }
    return .review(review)
  }

  private func readTime(of review: Review) throws(RejectReason) -> String? {
    guard let source = review.time else { return nil }
    if let time = ReviewTime.utc(source) { return time }
    throw .badTime(
      field: options.timeField, value: options.privacy.shown(source).map { oneLine($0) })
  }

  private func rejected(_ reason: RejectReason) -> ReviewReader.Row {
    .rejected(rejection(reason))
  }

  private func rejection(_ reason: RejectReason) -> RejectedRow {
    let privacy = options.privacy
    let isHidden = privacy.redacts || privacy.pseudonyms != nil
    let isText = String(validating: bytes, as: UTF8.self) != nil
    return RejectedRow(
      file: file, line: line, byteOffset: byteOffset, reason: reason.description,
      raw: privacy.shown(String(decoding: bytes, as: UTF8.self), isCut: cutLength != nil),
      rawBase64: isText || isHidden ? nil : base64(bytes))
  }

  /// Bytes as text, and how many pieces of them that are no UTF-8 became U+FFFD; nil for none.
  ///
  /// Source: The Unicode Standard, section 3.9, "U+FFFD Substitution of Maximal Subparts", as
  /// Python's `errors="replace"` does it too.
  static func decoded(_ bytes: [UInt8]) -> (text: String, replaced: Int?) {
    if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
    let text = String(decoding: bytes, as: UTF8.self)
    // A whole U+FFFD of the file's own is three bytes that nothing else is part of.
    let own = bytes.indices.dropLast(2).count {
      bytes[$0] == 0xEF && bytes[$0 + 1] == 0xBF && bytes[$0 + 2] == 0xBD
    }
    return (text, text.unicodeScalars.count { $0 == "\u{FFFD}" } - own)
  }

  /// The name of a review that has none of its own.
  private var placeID: String { "\(file):\(line)" }

  private var line: Int {
    switch content {
    case .text(let line), .json(let line): line.number
    case .table(let row, _): row.line
    }
  }

  private var byteOffset: Int {
    switch content {
    case .text(let line), .json(let line): line.byteOffset
    case .table(let row, _): row.byteOffset
    }
  }

  private var cutLength: Int? {
    switch content {
    case .text(let line), .json(let line): line.cutLength
    case .table(let row, _): row.cutLength
    }
  }

  /// The row as in the file, without its end.
  public var bytes: [UInt8] {
    switch content {
    case .text(let line), .json(let line): line.bytes
    case .table(let row, _): row.rawBytes
    }
  }
}
