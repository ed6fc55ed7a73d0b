import TestSupport
import Testing

@testable import Privacy

/// Texts that nobody writes but somebody sends.
@Suite struct HostileTextTests {
  @Test func anyTextComesThrough() {
    var random = SeededGenerator(seed: 9)
    let alphabet = Array(
      #"0123456789::..--//@@+()[]#?=&_ aAfFxXvzhttpw\u１３：＠电é👍🏽"#.unicodeScalars
        + "\u{301}\u{0}\n\u{200B}\u{20E3}\u{A0}𝟏٣".unicodeScalars)
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        text.unicodeScalars.append(random.pick(alphabet))
      }
      let (redacted, findings) = Redaction.redacted(text)
      let row = Redaction.redacted(row: text)
      let starts = findings.map(\.scalars.lowerBound)
      let ends = findings.map(\.scalars.upperBound)
      let isRight =
        redacted.utf8.count == text.utf8.count && row.utf8.count == text.utf8.count
        && zip(starts.dropFirst(), ends).allSatisfy(>=) && zip(starts, ends).allSatisfy(<)
      #expect(isRight, "\(text.debugDescription)")
    }
  }

  /// Each is repeated to 16 KiB and to 256 KiB.
  private static let units = [
    "1", "1 ", "1.", "1-", "12 ", "123 ", "1234 ", "12345678 ", "1234567 ", "4111 1111 1111 1112 ",
    "138 0013 8000 ", "phone 1234567 ", "(1", "(555) ", "+1 ", "+", "+1(", "1:", "a:", "::", "1::",
    ":", "f", "ffff:", "@", "a@", "@a.", "a.", "a+", "a@b.", "a@1.", ".@", "w", "www.", "www. ",
    "www.a ", "http://", "http://a ", "http:// ", "a.bc/", "a.bc/ ", "?", "=", "a=", "-", "#", "_",
    "a1", "a555-234-5678", "é", "e\u{301}", "\u{301}", "电", "电1 ", "１", "👍🏽", "\u{200B}",
    "1\u{200B}", "\\", "\\u0031", "\\u003", "\\ud83d", "\\u0031 ", "110105194912310021",
    "123-45-6789 ", "123-45-678 ", "255.", "255.255.255.", "v1.2.3.4 ", "x@y.zz ", "\0",
  ]

  @Test(arguments: units) func timeIsProportionalToLength(unit: String) {
    var keepsLength = true
    func check(_ text: String, _ redacted: String) {
      keepsLength = keepsLength && text.utf8.count == redacted.utf8.count
    }
    #expect(isTimeProportional(toLengthOf: unit) { check($0, Redaction.redacted($0).text) })
    #expect(isTimeProportional(toLengthOf: unit) { check($0, Redaction.redacted(row: $0)) })
    #expect(keepsLength)
  }
}
