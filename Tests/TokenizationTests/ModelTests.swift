import Foundation
import TestSupport
import Testing

@testable import Tokenization

@Suite struct ModelTests {
  @Test func savedModelLoadsEqual() throws {
    let tokenizer = try Fixture.tokenizer()
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("tokenizer.model")
      try tokenizer.modelData.write(to: file)
      let loaded = try Tokenizer(path: file.path)
      #expect(loaded.modelData == tokenizer.modelData)
      #expect(loaded.vocabulary == tokenizer.vocabulary)
      for sentence in Fixture.sentences {
        #expect(loaded.encode(sentence) == tokenizer.encode(sentence))
      }
    }
  }

  @Test func vocabularyListsEveryPieceWithItsLogProbability() throws {
    let tokenizer = try Fixture.tokenizer()
    let lines = tokenizer.vocabulary.split(separator: "\n")
    #expect(tokenizer.vocabularySize == Fixture.settings.vocabularySize)
    #expect(lines.count == tokenizer.vocabularySize)
    #expect(lines[0] == "<unk>\t0.0")
    #expect(lines[1] == "<mask>\t0.0")
    #expect(lines.contains("<0x00>\t0.0"))
    let last = lines.last?.split(separator: "\t").last.flatMap { Float($0) }
    #expect((last ?? 0) < -1)
  }

  @Test func otherBytesAreRefusedInOneLine() throws {
    let model = Fixture.model
    for data in [
      Data(), Data("not a model".utf8), Data(count: 100), model.prefix(model.count / 2),
      model.prefix(17),
    ] {
      #expect {
        try Tokenizer(modelData: data, name: "some.model")
      } throws: { error in
        let line = "\(error)"
        return line.hasPrefix("some.model: not a SentencePiece model") && !line.contains("\n")
      }
    }
  }

  /// Most of a model is the table of its normalisation, which is followed wherever it leads.
  @Test func damagedModelsAreRefusedOrRead() {
    let model = Fixture.model
    var random = SeededGenerator(seed: 5)
    var refused = 0
    for _ in 0..<120 {
      var damaged = model
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        damaged[place] = UInt8.random(in: 0...255, using: &random)
      }
      guard let tokenizer = try? Tokenizer(modelData: damaged, name: "damaged") else {
        refused += 1
        continue
      }
      for text in ["Ça coûte 5 ½ €, naïve ﬁancée… 我的手机！", "\u{1F600} x\u{0301} ㍿", "plain text"] {
        _ = tokenizer.encode(text)
      }
    }
    #expect(refused > 0 && refused < 120)
  }

  /// A field of a protocol buffer message that holds bytes.
  private func field(_ number: UInt8, _ content: Data) -> Data {
    var (size, length) = (content.count, Data())
    repeat {
      length.append(UInt8(size & 0x7F) | (size > 0x7F ? 0x80 : 0))
      size >>= 7
    } while size > 0
    return Data([number << 3 | 2]) + length + content
  }

  /// The rules of normalisation whose double array has these units, and zeros elsewhere.
  private func rules(_ units: [Int: UInt32], text: String = "") -> Data {
    let words: [UInt32] = [256 * 4] + (0..<256).map { units[$0] ?? 0 }
    let bytes = words.flatMap { word in
      [UInt32(0), 8, 16, 24].map { UInt8(word >> $0 & 0xFF) }
    }
    return Data(bytes) + Data(text.utf8) + Data([0])
  }

  /// The model with other rules; of a field that comes twice the last counts.
  private func encodes(_ text: String, with rules: Data, in tag: Data? = nil) -> Bool {
    let named = field(1, Data("own".utf8)) + field(2, rules)
    let whole = field(3, named)
    let model = Fixture.model + (tag.map { $0 + whole.dropFirst() } ?? whole)
    let tokenizer = try? Tokenizer(modelData: model, name: "damaged")
    return tokenizer.map { !$0.encode(text).ids.isEmpty } ?? false
  }

  @Test func rulesThatLeadOutsideOfThemselvesAreRefused() {
    let a: UInt32 = 0x61
    // "a" becomes a text: unit 0x61 is the child "a" of the root, 0x60 names its text.
    func replacing(by text: String) -> Data {
      rules([0x61: 1 << 10 | 1 << 8 | a, 0x60: 1 << 31], text: text)
    }
    #expect(encodes("aba", with: replacing(by: "x")))
    #expect(encodes("aba", with: replacing(by: String(repeating: "x", count: 64))))
    #expect(!encodes("aba", with: replacing(by: String(repeating: "x", count: 65))))
    // The root is its own child "a".
    #expect(!encodes("aba", with: rules([0: a << 10 | a])))
    // The root is a text, and leads far away.
    #expect(!encodes("aba", with: rules([0: UInt32.max])))
    // A tag of which the library reads the lower half.
    let longTag = Data([0x9A, 0x80, 0x80, 0x80, 0x10])
    #expect(!encodes("aba", with: replacing(by: "x"), in: longTag))
  }

  @Test func piecesThatTheLibraryHasNoRoomForAreRefused() {
    func loads(_ pieces: String...) -> String {
      let added = pieces.map { field(1, field(1, Data($0.utf8))) }.joined()
      do {
        _ = try Tokenizer(modelData: Fixture.model + Data(added), name: "damaged")
        return "loads"
      } catch {
        return "\(error)"
      }
    }
    let long = String(repeating: "q", count: 64)
    #expect(loads(long) == "loads")
    #expect(loads(long + "q").contains("its fields are damaged"))
    #expect(loads("q\0q").contains("its fields are damaged"))
    // The library's message quotes the piece.
    let twice = loads("q\n\u{1B}]0;", "q\n\u{1B}]0;")
    #expect(twice.hasPrefix("damaged: not a SentencePiece model"))
    #expect(!twice.unicodeScalars.contains { $0.properties.generalCategory == .control })
    // Rules for decoding are followed unseen.
    let decoding = field(5, field(2, Data([1])))
    #expect(throws: TokenizationError.self) {
      try Tokenizer(modelData: Fixture.model + decoding, name: "damaged")
    }
  }

  @Test func missingFileIsNamed() {
    #expect(throws: TokenizationError.unreadable(name: "no/such.model", reason: "no such file")) {
      try Tokenizer(path: "no/such.model")
    }
  }
}
