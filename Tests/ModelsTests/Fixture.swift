import Foundation
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Models

/// Small models around a tokenizer that is trained once, on the shared sentences.
enum Fixture {
  /// Two layers, windows of sixteen pieces.
  static let shape = ModelShape(
    hiddenSize: 8, layerCount: 2, attentionHeadCount: 2, feedForwardSize: 12, windowSize: 16,
    windowOverlap: 4)

  /// A tokenizer of `pieces` pieces.
  static func trained(_ pieces: Int) -> Data {
    do {
      return try TokenizerTrainer.train(
        texts: Sentences.all, settings: .init(vocabularySize: pieces, threadCount: 1)
      ).model
    } catch {
      Issue.record(error)
      return Data()
    }
  }

  private static let tokenizerModel = trained(320)
  /// A model of one piece more.
  static let otherTokenizerModel = trained(321)

  static func tokenizer() throws -> Tokenizer {
    try Tokenizer(modelData: tokenizerModel, name: "fixture")
  }

  static func configuration(_ shape: ModelShape = shape) -> ModelConfiguration {
    ModelConfiguration(name: "gloss-test", vocabularySize: 320, shape: shape)
  }

  static func model(_ shape: ModelShape = shape, seed: UInt64 = 1) throws -> LoadedModel {
    LoadedModel(configuration: configuration(shape), tokenizer: try tokenizer(), seed: seed)
  }

  /// Random pieces of the fixture's vocabulary.
  static func ids(_ count: Int, seed: UInt64) -> [Int32] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in Int32(random.nextInt(below: 320)) }
  }
}

/// Standard normal numbers from a seed.
func randomValues(_ count: Int, seed: UInt64) -> [Float] {
  var random = SeededRandom(seed: seed)
  return (0..<count).map { _ in Float(random.nextNormal()) }
}

/// What `body` throws, in words; nil when it throws nothing.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

extension String {
  /// Whether the text is one line: what is wrong, a semicolon, and what to do.
  var isOneLineWithRemedy: Bool {
    guard !contains(where: \.isNewline), let semicolon = range(of: "; ", options: .backwards)
    else { return false }
    return semicolon.upperBound < endIndex
  }
}
