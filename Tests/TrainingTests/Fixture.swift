import Corpora
import Files
import Foundation
import Models
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Training

/// Tiny models, texts and settings that the suites share.
enum Fixture {
  static let vocabularySize = 400

  /// Sizes at which a step takes microseconds.
  static let shape = ModelShape(
    hiddenSize: 8, layerCount: 2, attentionHeadCount: 2, feedForwardSize: 12, windowSize: 16,
    windowOverlap: 4)

  static func model(
    _ shape: ModelShape = shape, vocabularySize: Int = vocabularySize, corpusIntentCount: Int = 0,
    detectsReplacements: Bool = false
  ) -> TextModel {
    // Products of threaded BLAS may differ in their last bits; the program runs it on one thread.
    BLAS.useOneThread()
    return TextModel(
      ModelConfiguration(name: "test", vocabularySize: vocabularySize, shape: shape),
      corpusIntentCount: corpusIntentCount, detectsReplacements: detectsReplacements)
  }

  /// The settings of a YAML mapping.
  static func settings(_ yaml: String) throws -> OptimizationSettings {
    try StrictYAML.decode(OptimizationSettings.self, from: yaml, name: "settings")
  }

  /// Texts of random pieces with random labels of every kind, some unlabelled.
  static func texts(_ count: Int, lengths: ClosedRange<Int>, seed: UInt64) -> [TrainingText] {
    var random = SeededRandom(seed: seed)
    func tags(_ length: Int, _ possible: UInt32) -> TrainingText.LayerTags? {
      guard random.nextInt(below: 4) > 0 else { return nil }
      let choices = [0] + (0..<13).map { 1 << $0 & possible }.filter { $0 != 0 }
      return TrainingText.LayerTags(
        allowed: (0..<length).map { _ in choices[random.nextInt(below: choices.count)] },
        possible: possible)
    }
    return (0..<count).map { _ in
      let length = lengths.lowerBound + random.nextInt(below: lengths.count)
      var text = TrainingText(
        corpus: "random",
        ids: (0..<length).map { _ in Int32(random.nextInt(below: vocabularySize)) })
      text.allowedStars =
        [0, 0b00001, 0b00011, 0b00100, 0b01000, 0b11000][
          random.nextInt(below: 6)]
      text.knownIntents = UInt32(random.nextInt(below: 1 << 13))
      text.positiveIntents = UInt32(random.nextInt(below: 1 << 13)) & text.knownIntents
      text.opinions = tags(length, 0b11111)
      text.names = tags(length, 0b0_0000_0001_1111)
      for polarity in 0..<random.nextInt(below: 3) {
        let start = random.nextInt(below: length)
        let end = start + 1 + random.nextInt(below: length - start)
        text.aspects.append(TrainingText.Aspect(pieces: start..<end, polarity: polarity))
      }
      return text
    }
  }

  /// The sample reviews that come with the project, all of them.
  static func samples() throws -> [Example] {
    let folder = Project.root.appendingPathComponent("corpora").path
    let corpus = Corpus(card: try CorpusCard(path: "\(folder)/samples.yaml"), folder: folder)
    return try Split.allCases.flatMap { try corpus.examples($0) }
  }

  /// Each word before several marks: only what several words share can become a piece.
  static let words: [String] = ["The", "battery", "life", "seemed", "great"]
    .flatMap { word in [".", ",", "!", "?", ""].map { "\(word)\($0) \(word)\($0)" } }

  private static let tokenizerModel = Result {
    try TokenizerTrainer.train(
      texts: words, settings: .init(vocabularySize: 283, threadCount: 1)
    ).model
  }

  /// A tokenizer that has a piece for each of `words`.
  static func tokenizer() throws -> Tokenizer {
    try Tokenizer(modelData: tokenizerModel.get(), name: "fixture")
  }

  private static let sampleTokenizerModel = Result {
    try TokenizerTrainer.train(
      texts: samples().map(\.text),
      settings: .init(vocabularySize: 1_200, characterCoverage: 0.98, threadCount: 1)
    ).model
  }

  /// A tokenizer of the sample reviews.
  static func sampleTokenizer() throws -> Tokenizer {
    try Tokenizer(modelData: sampleTokenizerModel.get(), name: "samples")
  }
}
