import Testing

@testable import Profiles

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("battery", 7), ("客服", 4), ("ＵＳＢ线", 8), ("，。", 4), ("한국", 4), ("カナ", 4), ("ｶﾅ", 2),
    ("e\u{301}", 1), ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇨🇭", 2), ("❤\u{FE0F}", 2), ("█▌…", 3),
    ("x\u{200B}y", 2), ("", 0), ("𠮷", 2), ("1", 1), ("é", 1),
  ])
  func measuresColumns(text: String, columns: Int) {
    #expect(TerminalText.width(text) == columns)
  }

  @Test func cleansWhatSteersATerminal() {
    #expect(TerminalText.clean("a\u{1B}[2Jb") == "a\u{FFFD}[2Jb")
    #expect(TerminalText.clean("a\nb\tc\0d\u{9B}e") == "a b c\u{FFFD}d\u{FFFD}e")
    #expect(TerminalText.clean("a\u{202E}b") == "a\u{FFFD}b")
    #expect(TerminalText.clean("👩‍👩‍👧‍👦味道") == "👩‍👩‍👧‍👦味道")
  }

  @Test func shortensAtWholeCharacters() {
    #expect(TerminalText.shortened("battery", to: 7) == "battery")
    #expect(TerminalText.shortened("battery", to: 5) == "batt…")
    #expect(TerminalText.shortened("充电速度", to: 6) == "充电…")
    #expect(TerminalText.shortened("充电速度", to: 7) == "充电速…")
  }

  @Test func listsWhatFitsAndCountsTheRest() {
    #expect(TerminalText.list([], columns: 10) == "")
    #expect(TerminalText.list(["r-1", "r-2"], columns: 8) == "r-1, r-2")
    #expect(TerminalText.list(["r-1", "r-2", "r-3"], columns: 11) == "r-1, r-2 +1")
    #expect(TerminalText.list(["r-1", "r-2", "r-3"], columns: 10) == "r-1 +2")
    #expect(TerminalText.list(["a-long-name", "r-2"], columns: 8) == "a-lo… +1")
  }

  @Test func wrapsWordsAndCutsEndlessOnes() {
    #expect(TerminalText.wrapped("one two three", columns: 7) == ["one two", "three"])
    #expect(TerminalText.wrapped("a 充电速度客服", columns: 5) == ["a", "充电", "速度", "客服"])
    #expect(TerminalText.wrapped("", columns: 5) == [])
    #expect(
      TerminalText.wrapped("one two three four", columns: 7, limit: 2) == ["one two", "three"])
    #expect(TerminalText.wrapped("充电速度客服", columns: 4, limit: 2) == ["充电", "速度"])
  }

  @Test(.timeLimit(.minutes(1))) func wrapsCharactersWiderThanALine() {
    // One character to Swift, many columns to a terminal.
    let wide = "\u{0E17}" + String(repeating: "\u{0E33}", count: 90)
    #expect(wide.count == 1 && TerminalText.width(wide) > 60)
    #expect(TerminalText.wrapped("a " + wide + "b", columns: 60) == ["a", wide, "b"])
    let long = String(repeating: "屏幕很好，", count: 100_000)
    #expect(TerminalText.wrapped(long, columns: 60, limit: 4).count == 4)
    #expect(TerminalText.wrapped(long, columns: 60).joined() == long)
  }

  @Test func tableAlignsWideCharacters() {
    let table = TextTable(columns: [
      .init(limit: 8), .init(limit: 5, isRightAligned: true), .init(limit: 4),
    ])
    let rows: [[TextTable.Cell]] = [["客服", "1", "x"], ["lid", "12345", ""], ["", "7", "yes"]]
    let lines = table.lines(rows, styled: false)
    #expect(lines == ["  客服      1  x", "  lid   12345", "            7  yes"])
  }
}
