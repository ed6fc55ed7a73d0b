import Testing

@testable import Curation

@Suite struct DisplayTableTests {
  @Test func textIsSetToTheLeftAndNumbersToTheRight() {
    var table = DisplayTable(header: ["corpus", "rows", "odd"])
    table.add(["a", "1200", ""])
    table.add(["longer", "7", "31"])
    #expect(table.text == "corpus  rows  odd\na       1200\nlonger     7   31\n")
  }

  @Test(arguments: [
    ("Fine.", nil), ("好", nil), ("!!! 😀", OddText.wordless), ("a\u{0}b", .damaged),
    ("caf\u{FFFD}", .damaged), (String(repeating: "a", count: 40), .repetitive),
    ("so" + String(repeating: "o", count: 18), nil),
    (String(repeating: "ab", count: 25_001), .endless), ("12", nil), ("line\r\nbreak\t", nil),
  ])
  func oddTextsAreTold(text: String, odd: OddText?) {
    #expect(OddText(text) == odd)
  }
}
