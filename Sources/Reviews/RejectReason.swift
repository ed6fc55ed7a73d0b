internal import Files
internal import Foundation

/// Why a row is no review.
enum RejectReason: Error, Equatable, CustomStringConvertible {
  case emptyText
  /// Bytes of the row.
  case tooLong(Int)
  case notJSON(String)
  case notAnObject
  case noText(field: String)
  case notText(field: String)
  case notAName(field: String)
  case noUser(field: String)
  /// What is wrong with a Gloss record, and the remedy.
  case notARecord(String)
  /// The value on one line; nil where it may not be told.
  case badTime(field: String, value: String?)
  /// Fields found, fields in the header.
  case fieldCount(Int, Int)
  case badQuotes(String)
  case openQuote
  case notUTF8

  var description: String {
    switch self {
    case .emptyText: "empty text; remove the row or name the field with --text-field"
    case .tooLong(let count):
      "the row has \(count) bytes, more than \(LineReader.longest); split it, only its start is here"
    case .notJSON(let problem): "not valid JSON: \(problem); write one JSON object a line"
    case .notAnObject: "not a JSON object; write one JSON object a line"
    case .noText(let field): "no text in field '\(field)'; name the field with --text-field"
    case .notText(let field): "field '\(field)' is not a string; name the field with --text-field"
    case .notAName(let field): "field '\(field)' is neither a string nor a number; correct it"
    case .notARecord(let problem): problem
    case .noUser(let field): "no user in field '\(field)'; name the field with --user-field"
    case .badTime(let field, let value):
      "field '\(field)' is \(value.map { "'\($0)'" } ?? "not told here"), no time that can be read;"
        + " write it as 2024-05-02 or 2024-05-02T10:11:12Z, or name the field with --time-field"
    case .fieldCount(let found, let expected):
      "the number of fields is \(found), the header has \(expected); correct the row"
    case .badQuotes(let problem): problem
    case .notUTF8: "not UTF-8, so that a name may be another; convert the file"
    case .openQuote:
      "a quote opens here and never closes; close it, or double the quotes inside the field"
    }
  }
}

/// The start of a text, without what would end a line.
package func oneLine(_ text: String) -> String {
  let scalars = text.unicodeScalars.prefix(40)
    .map { scalar in
      // Control characters and turns of the direction would reach the terminal.
      let isPlain =
        !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
        && !scalar.turnsDirection
      return isPlain ? scalar : " "
    }
  let start = String(String.UnicodeScalarView(scalars))
  return scalars.count < text.unicodeScalars.count ? "\(start)..." : start
}

/// Whether a line holds nothing but spaces, tabs and carriage returns.
func isBlank(_ bytes: [UInt8]) -> Bool {
  bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
}

/// Whether a text holds nothing but white space.
func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

/// Bytes as letters and digits. Source: RFC 4648, section 4.
func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
