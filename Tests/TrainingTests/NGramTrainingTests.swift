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

  private static func model(of texts: [String], labels: Int) -> NGramModel {
    let known = NGramTraining.commonest(4096, of: texts.map(NGrams.counts(in:)))
    return NGramModel(
      features: known.map(\.feature), rarity: known.map(\.rarity), labelCount: labels)
  }

  private static func logits(_ model: NGramModel, _ text: String) -> [Float] {
    model.logits(of: NGrams.counts(in: text))
  }

  @Test func learnsWhatWordsSay() throws {
    let words = ["awful", "poor", "fair", "good", "superb"]
    let texts = (0..<500).map { "the thing was \(words[$0 % 5])" }
    let untrained = Self.model(of: texts, labels: 5)
    let examples = texts.enumerated().map { index, text in
      // A fifth of the labels allow a neighbour too.
      let also: UInt32 = index % 5 == 4 ? 1 << 3 : 0
      return NGramExample(
        values: untrained.values(of: NGrams.counts(in: text)), positive: 1 << (index % 5) | also,
        known: 31)
    }
    let training = NGramTraining(decision: .one, settings: try Self.settings("epochs: 20"))
    var model = untrained
    training.fit(&model, to: examples, seed: 1)
    for (label, word) in ["awful", "poor", "fair", "good"].enumerated() {
      let logits = Self.logits(model, "it was \(word)")
      #expect(logits.indices.max { logits[$0] < logits[$1] } == label)
    }
    // "superb" may be either of two, which "good" tells apart no further.
    let logits = Self.logits(model, "it was superb")
    #expect(min(logits[3], logits[4]) > max(logits[0], logits[1], logits[2]))
    var again = untrained
    training.fit(&again, to: examples, seed: 1)
    #expect(again == model)
  }

  @Test func unknownLabelsLearnNothing() throws {
    let texts = (0..<100).map { $0 % 2 == 0 ? "refund please" : "lovely" }
    var model = Self.model(of: texts, labels: 2)
    let examples = texts.enumerated().map { index, text in
      NGramExample(
        values: model.values(of: NGrams.counts(in: text)),
        positive: index % 2 == 0 ? 1 : 0, known: 1)
    }
    NGramTraining(decision: .each, settings: try Self.settings()).fit(
      &model, to: examples, seed: 1)
    let (refund, lovely) = (Self.logits(model, "refund please"), Self.logits(model, "lovely"))
    #expect(refund[0] > 0 && lovely[0] < 0)
    #expect(refund[1] == 0 && lovely[1] == 0)
  }

  @Test func aLabelIsAsProbableAsItIsFrequent() throws {
    // A text that is a suggestion one time in four.
    let texts = (0..<400).map { _ in "same words" }
    var model = Self.model(of: texts, labels: 1)
    let examples = texts.indices.map { index in
      NGramExample(
        values: model.values(of: NGrams.counts(in: texts[index])),
        positive: index % 4 == 0 ? 1 : 0, known: 1)
    }
    NGramTraining(decision: .each, settings: try Self.settings("epochs: 40"))
      .fit(&model, to: examples, seed: 1)
    let probability = 1 / (1 + exp(-Self.logits(model, "same words")[0]))
    #expect(abs(probability - 0.25) < 0.05)
  }

  @Test func textsThatLeaveALabelOpenDoNotPullItsWeightsToZero() throws {
    let known = (0..<100).map { $0 % 2 == 0 ? "refund the lamp" : "lovely is the lamp" }
    let model = Self.model(of: known, labels: 2)
    func logit(besideOpenTexts count: Int) throws -> Float {
      var trained = model
      let labelled = known.enumerated().map { index, text in
        NGramExample(
          values: model.values(of: NGrams.counts(in: text)),
          positive: index % 2 == 0 ? 0b11 : 0, known: 0b11)
      }
      let open = NGramExample(
        values: model.values(of: NGrams.counts(in: "refund the lamp")), positive: 0b10, known: 0b10)
      NGramTraining(decision: .each, settings: try Self.settings("decay: 0.001"))
        .fit(&trained, to: labelled + Array(repeating: open, count: count), seed: 1)
      return Self.logits(trained, "refund the lamp")[0]
    }
    let alone = try logit(besideOpenTexts: 0)
    #expect(alone > 1)
    #expect(abs(try logit(besideOpenTexts: 10_000) - alone) < 0.1 * alone)
  }

  @Test func severalOrdersGiveTheirMean() throws {
    let texts = (0..<60).map { "w\($0 % 7) w\($0 % 11) w\($0 % 3)" }
    let untrained = Self.model(of: texts, labels: 2)
    let examples = texts.enumerated().map { index, text in
      NGramExample(
        values: untrained.values(of: NGrams.counts(in: text)),
        positive: index % 7 < 3 ? 0b01 : 0b10, known: 0b11)
    }
    func fitted(orders: Int, seed: UInt64, threads: Int = 1) throws -> [Float] {
      var model = untrained
      NGramTraining(decision: .one, settings: try Self.settings("orders: \(orders)"))
        .fit(&model, to: examples, seed: seed, Workers(count: threads))
      return model.weights + model.bias
    }
    let single = try (0..<3).map { try fitted(orders: 1, seed: 5 + $0) }
    #expect(single[0] != single[1])
    let mean = try fitted(orders: 3, seed: 5)
    for (index, number) in mean.enumerated() {
      #expect(abs(number - single.reduce(0) { $0 + $1[index] } / 3) < 1e-6)
    }
    #expect(try fitted(orders: 3, seed: 5, threads: 2) == mean)
  }

  @Test func longStepsStayNumbers() throws {
    // Logits come so far apart that the probability of what is allowed vanishes.
    let texts = (0..<40).map { index in (0..<60).map { "w\($0)\(index % 2)" }.joined(separator: " ")
    }
    var model = Self.model(of: texts, labels: 5)
    let examples = texts.enumerated().map { index, text in
      NGramExample(
        values: model.values(of: NGrams.counts(in: text)), positive: 1 << (index % 5), known: 31)
    }
    NGramTraining(decision: .one, settings: try Self.settings("learning_rate: 100")).fit(
      &model, to: examples, seed: 1)
    let numbers = model.weights + model.bias
    #expect(numbers.allSatisfy { $0.isFinite })
  }

  @Test func theCommonestFeaturesAreKnownAndThoseOfOneTextAreNot() {
    let counts = ["good good", "good.", "fair", "fair", "fair", "odd"].map(NGrams.counts(in:))
    func feature(_ word: String) -> UInt32 { NGrams.counts(in: word)[0].feature }
    let known = NGramTraining.commonest(10, of: counts)
    #expect(known.map(\.feature) == [feature("good"), feature("fair")].sorted())
    let fair = known.first { $0.feature == feature("fair") }
    #expect(abs((fair?.rarity ?? 0) - (log(7.0 / 4) + 1)) < 1e-6)
    #expect(NGramTraining.commonest(1, of: counts).map(\.feature) == [feature("fair")])
  }
}
