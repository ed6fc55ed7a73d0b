import Foundation
import Testing

@testable import Tokenization

@Suite struct EncodingTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try Fixture.tokenizer()
  }

  @Test(arguments: [
    "The battery is great.", "这部手机真的好。", "电池 was 有点 slow", "  two  spaces\tand tabs\r\n",
    "Ｆｕｌｌ　ｗｉｄｔｈ１２", "ﬁne ㍿", "cafe\u{301} e\u{301}", "ﾊﾟ 한", "👩‍🚀👍🏽🇨🇳", "a\u{0}b", "½ of it",
    "𝔊reat", "unseen Ωmega Ж", "a\u{1}b\u{7F}c", "x\u{200B}y",
  ])
  func decodingGivesTheNormalisedText(text: String) {
    let decoded = tokenizer.decode(tokenizer.encode(text).ids)
    #expect(Array(decoded.unicodeScalars) == Array(Fixture.normalised(text).unicodeScalars))
  }

  @Test func decodingGivesTheNormalisedTextOfGeneratedTexts() {
    for seed in UInt64(0)..<2000 {
      var random = Seeded(seed)
      let text = random.text(of: 1 + Int(seed % 30))
      #expect(
        tokenizer.decode(tokenizer.encode(text).ids) == Fixture.normalised(text), "seed \(seed)")
    }
  }

  @Test func rangesCoverEveryVisibleScalarOnceAndNothingElse() {
    for seed in UInt64(0)..<3000 {
      var random = Seeded(seed)
      let text = random.text(of: Int(seed % 40))
      for partSize in [8, 20, 8192] {
        let encoded = tokenizer.encode(text, partSize: partSize)
        #expect(
          problem(of: encoded, in: text) == nil,
          "seed \(seed), part size \(partSize): \(text.debugDescription)")
      }
    }
  }

  /// What is wrong with the ranges; nil when nothing is.
  private func problem(of encoded: EncodedText, in text: String) -> String? {
    let bytes = Array(text.utf8)
    if encoded.byteCount != bytes.count { return "byte count" }
    if encoded.ids.count != encoded.ranges.count { return "ids and ranges" }
    var covered = [Bool](repeating: false, count: bytes.count)
    var end = 0
    for range in encoded.ranges {
      if range.lowerBound < end || range.upperBound > bytes.count { return "order at \(range)" }
      end = range.upperBound
      for bound in [range.lowerBound, range.upperBound]
      where bound < bytes.count && bytes[bound] & 0xC0 == 0x80 {
        return "\(range) splits a scalar"
      }
      let slice = String(decoding: bytes[range], as: UTF8.self).unicodeScalars
      if slice.first?.isBlank == true || slice.last?.isBlank == true { return "blank \(range)" }
      for offset in range { covered[offset] = true }
    }
    var offset = 0
    for scalar in text.unicodeScalars {
      if !scalar.isBlank && !covered[offset] { return "\(scalar.debugDescription) at \(offset)" }
      offset += UTF8.width(scalar)
    }
    return nil
  }

  @Test func slicesAreWhatThePiecesCover() {
    let text = "\tThe　Ｂａｔｔｅｒｙ ﬁts ㍿！"
    let encoded = tokenizer.encode(text)
    let bytes = Array(text.utf8)
    var fromSlices = ""
    for range in encoded.ranges {
      fromSlices += String(decoding: bytes[range], as: UTF8.self)
    }
    #expect(fromSlices == "TheＢａｔｔｅｒｙﬁts㍿！")
    #expect(encoded.ranges[0] == 1..<3)
    #expect(tokenizer.piece(encoded.ids[0]) == "▁Th")
  }

  @Test func bytePiecesOfOneCharacterAreEmptyButTheLast() {
    let encoded = tokenizer.encode("🚀")
    #expect(encoded.ids.map(tokenizer.piece) == ["▁", "<0xF0>", "<0x9F>", "<0x9A>", "<0x80>"])
    #expect(encoded.ranges == [0..<0, 0..<0, 0..<0, 0..<0, 0..<4])
  }

  @Test(arguments: ["<mask>", "a<mask>b", "<unk>", "<0x41>", "<s></s>"])
  func symbolsInTextAreText(text: String) {
    let encoded = tokenizer.encode(text)
    #expect(tokenizer.maskID == 1)
    #expect(!encoded.ids.contains(1))
    #expect(!encoded.ids.contains(tokenizer.unknownID))
    #expect(tokenizer.decode(encoded.ids) == text)
  }

  @Test func wordMarkInTextIsWhiteSpace() {
    let encoded = tokenizer.encode("▁The▁▁battery▁")
    #expect(encoded.ids == tokenizer.encode("The battery").ids)
    #expect(encoded.ranges.last?.upperBound == "▁The▁▁battery".utf8.count)
  }

  @Test(arguments: ["", " ", "\t\r\n \u{3000}\u{A0}", "▁▁", "\u{1}\u{7F}", "\u{FEFF}"])
  func blankTextHasNoPieces(text: String) {
    let encoded = tokenizer.encode(text)
    #expect(encoded == EncodedText(ids: [], ranges: [], byteCount: text.utf8.count))
    #expect(tokenizer.decode([]) == "")
  }

  /// U+0085 alone is blank to Unicode and a character to the library.
  @Test func blankScalarsAreThoseTheLibraryDropsOrTakesForSpaces() {
    for value in UInt32(1)...0xFFFF {
      guard let scalar = Unicode.Scalar(value), value != 0x85 else { continue }
      let isDropped = tokenizer.encode(String(Character(scalar))).ids.isEmpty
      #expect(scalar.isBlank == isDropped, "U+\(String(value, radix: 16))")
    }
    #expect(("\u{85}" as Unicode.Scalar).isBlank)
  }

  /// Pieces as printed by `spm_encode` after `spm_train` 0.1.97 on the same sentences.
  @Test(arguments: Reference.pieces)
  func piecesAreThoseOfTheSystemTool(text: String, pieces: [String]) {
    #expect(tokenizer.encode(text).ids.map(tokenizer.piece) == pieces)
  }

  @Test func manyThreadsGiveTheSamePieces() async {
    let texts = Fixture.sentences.map { $0 + $0 }
    let alone = texts.map { tokenizer.encode($0, partSize: 16) }
    let together = await withTaskGroup(of: (Int, EncodedText).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask { [tokenizer] in (index, tokenizer.encode(text, partSize: 16)) }
      }
      var results = [EncodedText?](repeating: nil, count: texts.count)
      for await (index, encoded) in group { results[index] = encoded }
      return results
    }
    #expect(together == alone)
  }
}
