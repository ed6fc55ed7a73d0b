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

  @Test func missingFileIsNamed() {
    #expect(throws: TokenizationError.unreadable(name: "no/such.model", reason: "no such file")) {
      try Tokenizer(path: "no/such.model")
    }
  }
}
