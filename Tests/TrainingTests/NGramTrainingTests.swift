import Files
import Foundation
import Models
import Tensors
import Testing

@testable import Training

@Suite struct NGramTrainingTests {
  private static func settings(_ keys: String = "") throws -> NGramSettings {
    try StrictYAML.decode(
      NGramSettings.self, from: "corpora: [{name: samples}]\n\(keys)", name: "settings")
  }

  /// Texts whose words decide their label.
  private static func examples(_ model: inout NGramModel) -> [NGramExample] {
    let words = ["awful", "poor", "fair", "good", "superb"]
    let texts = (0..<500).map { index in
      (text: "the thing was \(words[index % 5])", label: index % 5)
    }
    model.rarity = NGramTraining.rarity(
      of: texts.map(\.text), model.ngrams, workers: Workers(count: 1))
    return texts.map { text, label in
      // A fifth of the labels allow a neighbour too.
      let also: UInt32 = label == 4 ? 1 << 3 : 0
      return NGramExample(
        features: model.features(of: text), positive: 1 << label | also, known: 31)
    }
  }

  @Test func learnsWhatWordsSay() throws {
    var model = NGramModel(bucketCount: 4096, labelCount: 5)
    let examples = Self.examples(&model)
    let training = NGramTraining(decision: .one, settings: try Self.settings("epochs: 20"))
    training.fit(&model, to: examples, seed: 1)
    for (label, word) in ["awful", "poor", "fair", "good"].enumerated() {
      let logits = model.logits(of: "it was \(word)")
      #expect(logits.indices.max { logits[$0] < logits[$1] } == label)
    }
    // "superb" may be either of two, which "good" tells apart no further.
    let logits = model.logits(of: "it was superb")
    #expect(min(logits[3], logits[4]) > max(logits[0], logits[1], logits[2]))
    var again = NGramModel(bucketCount: 4096, labelCount: 5)
    _ = Self.examples(&again)
    training.fit(&again, to: examples, seed: 1)
    #expect(again == model)
  }

  @Test func unknownLabelsLearnNothing() throws {
    var model = NGramModel(bucketCount: 4096, labelCount: 2)
    model.rarity = Array(repeating: 1, count: 4096)
    let examples = (0..<100).map { index in
      NGramExample(
        features: model.features(of: index % 2 == 0 ? "refund please" : "lovely"),
        positive: index % 2 == 0 ? 1 : 0, known: 1)
    }
    NGramTraining(decision: .each, settings: try Self.settings()).fit(
      &model, to: examples, seed: 1)
    let (refund, lovely) = (model.logits(of: "refund please"), model.logits(of: "lovely"))
    #expect(refund[0] > 0 && lovely[0] < 0)
    #expect(refund[1] == 0 && lovely[1] == 0)
  }

  @Test func featuresOfOneTextAloneCountNothing() {
    let ngrams = NGrams(bucketCount: 4096)
    let rarity = NGramTraining.rarity(
      of: ["good", "good", "odd"], ngrams, workers: Workers(count: 1))
    let buckets = ["good", "odd"].map { Int(ngrams.counts(in: $0)[0].bucket) }
    #expect(abs(rarity[buckets[0]] - (log(4.0 / 3) + 1)) < 1e-6)
    #expect(rarity[buckets[1]] == 0)
  }
}
