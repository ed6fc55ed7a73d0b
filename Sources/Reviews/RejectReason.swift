/// Why a row is no review.
enum RejectReason: Error, Equatable, CustomStringConvertible {
  case notUTF8
  case emptyText
  case notJSON(String)
  case notAnObject
  case noText(field: String)
  case notText(field: String)
  case notAName(field: String)
  case noUser(field: String)
  /// Fields found, fields in the header.
  case fieldCount(Int, Int)
  case badQuotes

  var description: String {
    switch self {
    case .notUTF8: "not valid UTF-8; convert the file to UTF-8"
    case .emptyText: "empty text; remove the row or name the field with --text-field"
    case .notJSON(let problem): "not valid JSON: \(problem); write one JSON object a line"
    case .notAnObject: "not a JSON object; write one JSON object a line"
    case .noText(let field): "no text in field '\(field)'; name the field with --text-field"
    case .notText(let field): "field '\(field)' is not a string; name the field with --text-field"
    case .notAName(let field): "field '\(field)' is neither a string nor a number; correct it"
    case .noUser(let field): "no user in field '\(field)'; name the field with --user-field"
    case .fieldCount(let found, let expected):
      "the number of fields is \(found), the header has \(expected); correct the row"
    case .badQuotes: "text follows a closing quote; double the quotes inside the field"
    }
  }
}

/// Where a row stands.
struct RowPlace {
  let file: String
  let line: Int
  let byteOffset: Int

  init(_ file: String, _ line: Int, _ byteOffset: Int) {
    self.file = file
    self.line = line
    self.byteOffset = byteOffset
  }

  /// The name of a review that has none of its own.
  var id: String { "\(file):\(line)" }

  /// The review, unless `options` ask for a writer and it has none.
  ///
  /// What is kept for a writer is found again by its id, and places do not last: another file has
  /// a first line too. So there a review without an id of its own is named after its content.
  func accepted(
    _ review: Review, _ bytes: [UInt8], _ options: ReviewReader.Options
  ) -> ReviewReader.Row {
    guard options.requiresUser else { return .review(review) }
    guard review.user != nil else {
      return rejected(.noUser(field: options.userField), bytes)
    }
    var review = review
    if review.id == id { review.id = review.contentID }
    return .review(review)
  }

  func rejected(_ reason: RejectReason, _ bytes: [UInt8]) -> ReviewReader.Row {
    .rejected(
      RejectedRow(
        file: file, line: line, byteOffset: byteOffset, reason: reason.description,
        raw: String(decoding: bytes, as: UTF8.self)))
  }
}

/// Whether a line holds nothing but spaces, tabs and carriage returns.
func isBlank(_ bytes: [UInt8]) -> Bool {
  bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
}

/// Whether a text holds nothing but white space.
func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
