import Testing

@testable import Files

@Suite struct OneLineTests {
  @Test(arguments: [
    ("plain 好", "plain 好"), ("two\nlines", "two lines"), ("a\r\n\u{2028}\u{85}b", "a b"),
    ("\u{1B}[2J", "[2J"), ("", ""), ("\n", ""),
  ])
  func whatEndsALineOrMovesTheCursorIsABlank(text: String, line: String) {
    #expect(text.onOneLine == line)
  }
}
