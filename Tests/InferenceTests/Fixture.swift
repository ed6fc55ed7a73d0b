import Models
import Reviews
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Inference

/// A tiny model of random numbers, which marks spans of every type, and texts for it.
enum Fixture {
  static let shape = ModelShape(
    hiddenSize: 8, layerCount: 2, attentionHeadCount: 2, feedForwardSize: 12, windowSize: 32,
    windowOverlap: 8)

  /// Everything that has ever upset offsets.
  static let awkward = [
    "👩‍🚀 The kettle 👍🏽 was lovely 🇨🇳!", "Cafe\u{301} naïve: e\u{301}e\u{301} torn",
    "Ｆｕｌｌ－ｗｉｄｔｈ　１２３ lamp",
    "台灯真的漂亮，𠮷野家 房间", "ﬁne ㍿ ½ ﷺ scarf", "  leading \t and trailing \n", "한국어 텍스트 Ωж",
    "a\u{0}b \u{FEFF}c\u{200B}d", "x", "é", "🙂🙂🙂", "<mask> <unk> ▁",
  ]

  private static let tokenizerModel = Result {
    try TokenizerTrainer.train(
      texts: Sentences.all, settings: .init(vocabularySize: 330, threadCount: 1)
    ).model
  }

  static func model() throws -> LoadedModel {
    // As the program does: Gloss's own workers use the cores.
    BLAS.useOneThread()
    let tokenizer = try Tokenizer(modelData: tokenizerModel.get(), name: "fixture")
    var configuration = ModelConfiguration(
      name: "test", vocabularySize: tokenizer.vocabularySize, shape: shape)
    configuration.weightsChecksum = "0a1b2c3d"
    let model = LoadedModel(configuration: configuration, tokenizer: tokenizer, seed: 1)
    var random = SeededRandom(seed: 18)
    model.weights.all.copy(
      from: (0..<model.model.layout.count).map { _ in Float(random.nextNormal() * 0.5) })
    // Unequal biases would make nearly all tags one.
    for slot in model.model.layout.slots {
      if slot.name.hasSuffix("norm.gain") { model.weights[slot].fill(1) }
      if slot.name.hasSuffix("tags.bias") { model.weights[slot].fill(0) }
    }
    return model
  }

  /// Reviews of one to many windows, awkward ones among them, the longest not first.
  static func reviews(_ count: Int) -> [Review] {
    var random = SeededRandom(seed: 23)
    return (0..<count).map { number in
      var text = (0...random.nextInt(below: 12)).map { _ in
        Sentences.all[random.nextInt(below: Sentences.all.count)]
      }.joined(separator: " ")
      if number % 3 == 0 { text += awkward[number / 3 % awkward.count] }
      return Review(id: "r-\(number)", text: text)
    }
  }
}

/// Expects the same records but for rounding.
///
/// Sums of other batches round in another order, about 1e-6, which can move the fourth decimal.
func expectAlike(
  _ records: [Gloss], _ expected: [Gloss], sourceLocation: SourceLocation = #_sourceLocation
) {
  let tolerance = 1.01e-4
  func isNear(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < tolerance }
  }
  #expect(records.map(\.id) == expected.map(\.id), sourceLocation: sourceLocation)
  for (record, other) in zip(records, expected) {
    var stripped = record
    stripped.sentiment = other.sentiment
    for index in record.entities.indices where index < other.entities.count {
      stripped.entities[index].confidence = other.entities[index].confidence
    }
    stripped.intents = other.intents
    // Everything but the probabilities is equal.
    #expect(stripped == other, sourceLocation: sourceLocation)
    #expect(record.sentiment.label == other.sentiment.label, sourceLocation: sourceLocation)
    #expect(
      isNear(record.sentiment.probabilities, other.sentiment.probabilities),
      sourceLocation: sourceLocation)
    #expect(
      isNear(record.entities.map(\.confidence), other.entities.map(\.confidence)),
      sourceLocation: sourceLocation)
    let intents = record.intents.sorted { $0.label < $1.label }
    let others = other.intents.sorted { $0.label < $1.label }
    #expect(intents.map(\.label) == others.map(\.label), sourceLocation: sourceLocation)
    #expect(
      isNear(intents.map(\.confidence), others.map(\.confidence)), sourceLocation: sourceLocation)
  }
}
