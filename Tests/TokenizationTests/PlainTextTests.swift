import Foundation
import Testing

@testable import Tokenization

/// Plain text takes a way of its own through the tokenizer; a last word that is not plain sends the
/// whole text through the library, whose pieces up to there have to be the same.
@Suite struct PlainTextTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try Fixture.tokenizer()
  }

  @Test(arguments: [
    "", " ", "a", "The battery is great.", "  two   spaces\n\nand\ttabs \r\n", "这部手机，真的好！ 电池ｖｅｒｙ好…",
    "café — “naïve” ‘quotes’", "......", "１２３ ＡＢＣ　ｄ", "a\u{85}b", "\u{7F}x", "ÀÿÆ×÷ ¼½¾", "、。〈〉《》",
  ])
  func plainTextHasTheLibrarysPieces(text: String) throws {
    try expectTheLibrarysPieces(text)
  }

  @Test func generatedPlainTextHasTheLibrarysPieces() throws {
    let characters = Array(
      "abcdefghijklmnopqrstuvwxyz     etaoin,.!?'\"-0123456789THE…—“”’é电池真的好手机慢快递，。！？（）１Ａ～\n\t")
    for seed in UInt64(0)..<4000 {
      var random = Seeded(seed)
      let text = String(
        (0..<Int(seed % 120)).map { _ in
          characters[Int(random.next() % UInt64(characters.count))]
        })
      try expectTheLibrarysPieces(text)
    }
  }

  @Test func everyCharacterOfTheFirstPlaneHasTheLibrarysPieces() throws {
    for value in UInt32(0)...0xFFFF where !(0xD800...0xDFFF).contains(value) {
      let scalar = try #require(Unicode.Scalar(value))
      try expectTheLibrarysPieces("a\(Character(scalar))b \(Character(scalar))")
    }
  }

  private func expectTheLibrarysPieces(_ text: String) throws {
    let other = "\u{1D50A}"
    let tail = tokenizer.encode(other).count
    let whole = tokenizer.encode("\(text) \(other)")
    let plain = tokenizer.encode(text)
    #expect(plain.ids == Array(whole.ids.dropLast(tail)), "\(text.debugDescription)")
    #expect(plain.ranges == Array(whole.ranges.dropLast(tail)), "\(text.debugDescription)")
  }
}
