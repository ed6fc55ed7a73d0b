/// Writes one JSON value on one line, field by field, in the order of the calls.
///
/// Source: RFC 8259.
package struct JSONLine {
  private var bytes: [UInt8] = []
  private var needsComma = false

  /// An empty line.
  package init() { bytes.reserveCapacity(512) }

  /// What was written so far.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Opens an object or a list.
  package mutating func open(_ bracket: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: bracket))
    needsComma = false
  }

  /// Closes what was opened.
  package mutating func close(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    needsComma = true
  }

  /// The name of the member that follows.
  package mutating func key(_ key: String) {
    value(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A list of what `write` writes.
  package mutating func list<Element>(
    _ elements: [Element], _ write: (inout JSONLine, Element) -> Void
  ) {
    open("[")
    for element in elements { write(&self, element) }
    close("]")
  }

  /// A member; nothing where the value is nil.
  package mutating func field(_ name: String, _ value: String?) {
    guard let value else { return }
    key(name)
    self.value(value)
  }

  /// A member; nothing where the value is nil.
  package mutating func field(_ name: String, _ value: Int?) {
    guard let value else { return }
    key(name)
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A member.
  package mutating func field(_ name: String, _ value: Double) {
    key(name)
    self.value(value)
  }

  /// A member; nothing where the value is nil.
  mutating func field(_ name: String, _ value: Bool?) {
    guard let value else { return }
    key(name)
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// A number; null where it is none.
  package mutating func value(_ number: Double) {
    separate()
    guard number.isFinite else { return bytes.append(contentsOf: "null".utf8) }
    let digits = number.description
    bytes.append(contentsOf: digits.hasSuffix(".0") ? digits.dropLast(2).utf8 : digits[...].utf8)
  }

  /// A string.
  package mutating func value(_ string: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for scalar in string.unicodeScalars { append(scalar) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A value that is JSON already, on one line.
  mutating func value(json: String) {
    separate()
    for scalar in json.unicodeScalars {
      switch scalar {
      // In JSON these stand in strings only.
      case "\u{85}", "\u{2028}", "\u{2029}": append(scalar)
      // White space, as no string holds it as it is; some readers take it for the end of a line.
      case "\r": bytes.append(UInt8(ascii: " "))
      default: bytes.append(contentsOf: scalar.utf8)
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": bytes.append(contentsOf: #"\""#.utf8)
    case "\\": bytes.append(contentsOf: #"\\"#.utf8)
    case "\n": bytes.append(contentsOf: #"\n"#.utf8)
    case "\r": bytes.append(contentsOf: #"\r"#.utf8)
    case "\t": bytes.append(contentsOf: #"\t"#.utf8)
    // The last three end a line in JavaScript and in many readers of lines.
    case "\0"..."\u{1F}", "\u{85}", "\u{2028}", "\u{2029}":
      let digits = String(scalar.value, radix: 16)
      bytes.append(contentsOf: #"\u"#.utf8)
      bytes.append(contentsOf: String(repeating: "0", count: 4 - digits.count).utf8)
      bytes.append(contentsOf: digits.utf8)
    default: bytes.append(contentsOf: scalar.utf8)
    }
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}
