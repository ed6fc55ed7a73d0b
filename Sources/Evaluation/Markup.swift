import Foundation

/// A piece of a page, in HTML that is XML as well.
///
/// What is written in a literal is markup; what is put into it is text and escaped, unless it is
/// markup itself: `"<td>\(name)</td>" as Markup` shows any name as it is.
struct Markup: ExpressibleByStringInterpolation {
  /// As it stands on the page.
  let source: String

  init(stringLiteral value: String) { source = value }

  init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  struct StringInterpolation: StringInterpolationProtocol {
    var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) { source += literal }

    mutating func appendInterpolation(_ text: String) { source += Markup.escaped(text) }

    mutating func appendInterpolation(_ markup: Markup) { source += markup.source }

    mutating func appendInterpolation(_ parts: [Markup]) {
      for part in parts { source += part.source }
    }

    /// A count, with a comma before every three digits.
    mutating func appendInterpolation(_ count: Int) {
      let digits = String(count.magnitude)
      if count < 0 { source += "-" }
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { source += "," }
        source.append(digit)
      }
    }

    /// A figure with three decimals; a dash where there is none.
    mutating func appendInterpolation(_ figure: Double?) {
      source += figure.map { String(format: "%.3f", $0) } ?? "–"
    }

    /// A place in a drawing, to a tenth.
    mutating func appendInterpolation(at place: Double) {
      source += String(format: "%.1f", place)
    }
  }

  /// `markup` where that is so, else nothing.
  ///
  /// A conditional expression between literals would be text, and escaped.
  static func when(_ isSo: Bool, _ markup: @autoclosure () -> Markup) -> Markup {
    isSo ? markup() : ""
  }

  /// Text in which nothing is markup and nothing steers the browser.
  ///
  /// Control characters, marks that turn the direction of writing for what follows, and what may be
  /// in no page are shown by their numbers: `\u{1B}`.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    var isAfterReturn = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0xA where isAfterReturn: break
      case 0xD: escaped += "\n"
      case 0x26: escaped += "&amp;"
      case 0x3C: escaped += "&lt;"
      case 0x3E: escaped += "&gt;"
      case 0x22: escaped += "&quot;"
      case 0x27: escaped += "&#39;"
      case 0x9, 0xA: escaped.unicodeScalars.append(scalar)
      case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF:
        escaped += number(scalar)
      case let value where value & 0xFFFE == 0xFFFE: escaped += number(scalar)
      default: escaped.unicodeScalars.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    return escaped
  }

  private static func number(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }
}
