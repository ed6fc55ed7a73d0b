import Foundation
import GRDB

/// Texts in and out of SQL.
///
/// GRDB ends a string at its first NUL. Such texts travel as bytes, and SQL makes them text:
/// `CAST(? AS TEXT)` on the way in, `CAST(column AS BLOB)` on the way out.
func bytes(_ text: String?) -> (any DatabaseValueConvertible)? {
  guard let text else { return nil }
  return text.utf8.contains(0) ? Data(text.utf8) : text
}

extension Row {
  /// A text column that was selected as bytes.
  func text(_ column: Int) throws -> String {
    guard let text = try optionalText(column) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "column \(column) is null")
    }
    return text
  }

  /// A text column that was selected as bytes and may be null.
  func optionalText(_ column: Int) throws -> String? {
    try withUnsafeData(atIndex: column) { data in
      data.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The case that a column names.
  func value<Value: RawRepresentable<String>>(_ column: Int) throws -> Value {
    try Value(named: text(column))
  }

  /// The case that a column names; nil where it is null.
  func optionalValue<Value: RawRepresentable<String>>(_ column: Int) throws -> Value? {
    try optionalText(column).map(Value.init(named:))
  }
}

extension RawRepresentable<String> {
  fileprivate init(named name: String) throws {
    guard let value = Self(rawValue: name) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "\(Self.self) is \"\(name)\", which is none")
    }
    self = value
  }
}
