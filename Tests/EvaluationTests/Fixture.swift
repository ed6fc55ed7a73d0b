import Corpora
@testable import Inference
import Models
import Tensors
import Tokenization

@testable import Evaluation

/// A tiny model of random numbers, which marks spans of every type.
enum Fixture {
  static let texts: [String] = {
    let subjects = ["The kettle", "This lamp", "My new scarf", "The porter", "Shipping"]
    let endings = ["was lovely", "is rather dull", "looks worth every penny", "felt torn", "broke"]
    return subjects.flatMap { subject in endings.map { "\(subject) \($0)." } }
  }()

  private static let tokenizerModel = Result {
    try TokenizerTrainer.train(
      texts: texts, settings: .init(vocabularySize: 290, threadCount: 1)
    ).model
  }

  /// A reading that says nothing.
  static let emptyReading = Reading(
    language: "en", stars: [], intents: [], starLogits: HeadLogits(encoder: []),
    intentLogits: HeadLogits(encoder: []), entities: [], polarities: [], tokens: 0, usedTokens: 0,
    windows: 0)

  static func reader() throws -> TextReader {
    // As the program does: Gloss's own workers use the cores.
    BLAS.useOneThread()
    let tokenizer = try Tokenizer(modelData: tokenizerModel.get(), name: "fixture")
    let shape = ModelShape(
      hiddenSize: 8, layerCount: 1, attentionHeadCount: 2, feedForwardSize: 12, windowSize: 32,
      windowOverlap: 8)
    let model = LoadedModel(
      configuration: ModelConfiguration(
        name: "test", vocabularySize: tokenizer.vocabularySize, shape: shape),
      tokenizer: tokenizer, seed: 1)
    var random = SeededRandom(seed: 37)
    model.weights.all.copy(
      from: (0..<model.model.layout.count).map { _ in Float(random.nextNormal() * 0.5) })
    // Unequal biases would make nearly all tags one.
    for slot in model.model.layout.slots {
      if slot.name.hasSuffix("norm.gain") { model.weights[slot].fill(1) }
      if slot.name.hasSuffix("tags.bias") { model.weights[slot].fill(0) }
    }
    return TextReader(model, threads: 2)
  }
}

extension CorpusReport {
  /// The report of one head; nil where the corpus does not label it.
  func head(_ name: String) -> HeadReport? { heads.first { $0.head == name } }
}
