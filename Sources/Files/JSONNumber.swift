public import Foundation

extension NSNumber {
  /// Whether `JSONSerialization` has read a truth value: a C string of one letter says so.
  public var isTruth: Bool { unsafe objCType.pointee == CChar(UInt8(ascii: "c")) }

  /// A number or truth value that `JSONSerialization` has read, as text: `true` and `false`, whole
  /// numbers with all their digits, and 5.0 as 5.
  public var jsonText: String {
    if isTruth { return boolValue ? "true" : "false" }
    if let whole = Int(stringValue) { return String(whole) }
    return Int(exactly: doubleValue).map(String.init) ?? stringValue
  }
}
