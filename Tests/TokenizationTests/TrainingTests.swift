import Foundation
import Testing

@testable import Tokenization

@Suite struct TrainingTests {
  @Test func sameTextsGiveTheSameBytes() throws {
    let again = try TokenizerTrainer.train(texts: Fixture.sentences, settings: Fixture.settings)
    #expect(again.model == Fixture.model)
    #expect(try again.vocabulary == Fixture.tokenizer().vocabulary)
  }

  @Test func linesCountNotTexts() throws {
    let text = Fixture.sentences.joined(separator: "\r\n")
    let model = try TokenizerTrainer.train(texts: [text], settings: Fixture.settings).model
    #expect(model == Fixture.model)
  }

  @Test func symbolsInTrainingTextsAreNoPieces() throws {
    let texts = Fixture.sentences.map { "<mask>\($0)<mask> ▅" }
    let model = try TokenizerTrainer.train(texts: texts, settings: Fixture.settings).model
    let tokenizer = try Tokenizer(modelData: model, name: "model")
    let pieces = (2..<Int32(tokenizer.vocabularySize)).map(tokenizer.piece)
    #expect(!pieces.contains { $0.contains("mask") || $0.contains("▅") })
  }

  /// No break tells where a Chinese word ends, so a piece of several characters could not be cut.
  @Test func everyHanCharacterIsItsOwnPiece() throws {
    let tokenizer = try Fixture.tokenizer()
    let pieces = (0..<Int32(tokenizer.vocabularySize)).map(tokenizer.piece)
    let han = pieces.filter { $0.unicodeScalars.contains(where: \.isHan) }
    #expect(han.count == 37)
    #expect(han.allSatisfy { $0.unicodeScalars.count == 1 })
    let text = "My phone电池真的好 ok"
    let encoded = tokenizer.encode(text)
    let cut = encoded.ranges.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
    #expect(cut.filter { $0.unicodeScalars.contains(where: \.isHan) } == ["电", "池", "真", "的", "好"])
  }

  @Test func tooFewTextsSayHowManyPiecesAreLeft() throws {
    var settings = Fixture.settings
    settings.vocabularySize = 30_000
    let error = #expect(throws: TokenizationError.self) {
      try TokenizerTrainer.train(texts: Fixture.sentences, settings: settings)
    }
    guard case .vocabularyTooLarge(asked: 30_000, let largest) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    settings.vocabularySize = largest
    _ = try TokenizerTrainer.train(texts: Fixture.sentences, settings: settings)
  }

  @Test(arguments: [1, 2, 100, 258, 300])
  func tooSmallVocabularyNamesTheSmallest(size: Int) throws {
    var settings = Fixture.settings
    settings.vocabularySize = size
    let error = #expect(throws: TokenizationError.self) {
      try TokenizerTrainer.train(texts: Fixture.sentences, settings: settings)
    }
    guard case .vocabularyTooSmall(size, let smallest) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    settings.vocabularySize = smallest
    _ = try TokenizerTrainer.train(texts: Fixture.sentences, settings: settings)
  }

  @Test(arguments: [[], [""], [" \n\t"], ["▅"], ["...", "🚀"], ["\u{1}"]])
  func textsWithoutWordsAreRefused(texts: [String]) {
    #expect(throws: TokenizationError.noText) {
      try TokenizerTrainer.train(texts: texts, settings: Fixture.settings)
    }
  }

  @Test func settingsAreChecked() {
    var settings = Fixture.settings
    settings.characterCoverage = 0.5
    let expected = TokenizationError.badSetting(
      name: "character coverage", value: "0.5", expected: "0.98 to 1")
    #expect(throws: expected) {
      try TokenizerTrainer.train(texts: Fixture.sentences, settings: settings)
    }
    #expect(
      expected.description == "character coverage is 0.5, expected 0.98 to 1; correct the setting")
  }

  @Test func longLinesAreCutNotLost() {
    var sentences = TrainingSentences()
    sentences.add(String(repeating: "电池好。", count: 2000) + "\r\n\n  end ")
    #expect(sentences.lines.allSatisfy { $0.count <= TrainingSentences.lengthLimit })
    #expect(sentences.lines.joined().count == 2000 * 12 + 3)
  }
}
