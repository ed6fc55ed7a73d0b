import Testing

@testable import Tokenization

@Suite struct WordsTests {
  /// Pieces are what stands between bars; a blank before one belongs to none.
  @Test(arguments: [
    ("bat|tery| life", [false, true, false]),
    ("semi|-|dry", [false, false, false]),
    ("Fen|nick|'|s| van", [false, true, false, true, false]),
    ("Fennick|’|s", [false, false, true]),
    ("Fennick'|s", [false, true]),
    ("don|'t", [false, false]),
    ("O|'|Brien", [false, false, true]),
    ("'|s", [false, false]),
    ("a| '|s", [false, false, false]),
    ("the| drivers|'| van", [false, false, false, false]),
    ("it|''|s", [false, false, false]),
    ("电|池|好", [false, false, false]),
    ("é|té|2|5", [false, true, true, true]),
  ]) func aWordIsARunOfLettersAndAnApostropheAmidOneBeginsAnother(
    bars: String, continues: [Bool]
  ) {
    let text = bars.filter { $0 != "|" }
    var encoded = EncodedText(ids: [], ranges: [], byteCount: text.utf8.count)
    var end = 0
    for part in bars.split(separator: "|") {
      let piece = part.drop { $0 == " " }
      let start = end + part.utf8.count - piece.utf8.count
      end += part.utf8.count
      encoded.ids.append(0)
      encoded.ranges.append(start..<end)
    }
    #expect(encoded.continuesWord(in: text) == continues)
  }
}
