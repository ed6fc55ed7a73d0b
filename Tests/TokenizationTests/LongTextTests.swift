import TestSupport
import Testing

@testable import Tokenization

@Suite struct LongTextTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try Fixture.tokenizer()
  }

  @Test func partsOfTextWithSpacesGiveThePiecesOfTheWhole() {
    let text = Fixture.sentences.prefix(100).joined(separator: " \n\t")
    let whole = tokenizer.encode(text, partSize: .max)
    for partSize in [40, 64, 500, 4096] {
      #expect(tokenizer.encode(text, partSize: partSize) == whole, "part size \(partSize)")
    }
  }

  @Test func partsOfUnbrokenTextDecodeToTheText() {
    let text = Fixture.sentences.suffix(100).joined()
    for partSize in [8, 40, 64, 500] {
      let encoded = tokenizer.encode(text, partSize: partSize)
      #expect(tokenizer.decode(encoded.ids) == text, "part size \(partSize)")
    }
  }

  @Test func cutsPreferSpaceThenSentenceMarkThenScalarBoundary() {
    func parts(_ text: String, _ limit: Int) -> [String] {
      let bytes = text.utf8.span
      var parts: [String] = []
      var start = 0
      while start < bytes.count {
        let end = TextCut.end(in: bytes, from: start, limit: limit)
        parts.append(String(decoding: Array(text.utf8)[start..<end], as: UTF8.self))
        start = end
      }
      return parts
    }
    #expect(parts("short", 8) == ["short"])
    #expect(parts("The battery died.", 12) == ["The battery", " died."])
    #expect(parts("电池好。手机慢", 18) == ["电池好。", "手机慢"])
    #expect(parts("电池好手机慢", 10) == ["电池好", "手机慢"])
    #expect(parts("aaaae\u{301}aaaaa", 6) == ["aaaa", "e\u{301}aaa", "aa"])
    #expect(parts("", 8) == [])
  }

  @Test(arguments: ["abcdefghij", "电池真的好手机慢", "Ωж🚀", "a"])
  func timeIsProportionalToLength(unit: String) {
    #expect(isTimeProportional(toLengthOf: unit) { _ = tokenizer.encode($0) })
  }
}
