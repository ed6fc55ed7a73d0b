public import Foundation

extension NSNumber {
  /// A number or truth value that `JSONSerialization` has read, as text: `true` and `false`, whole
  /// numbers with all their digits, and 5.0 as 5.
  public var jsonText: String {
    // A C string of one letter; only truth values are characters.
    if unsafe objCType.pointee == CChar(UInt8(ascii: "c")) { return boolValue ? "true" : "false" }
    if let whole = Int(stringValue) { return String(whole) }
    return Int(exactly: doubleValue).map(String.init) ?? stringValue
  }
}
