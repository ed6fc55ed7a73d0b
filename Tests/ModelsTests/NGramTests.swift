import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct NGramTests {
  private func counts(_ text: String) -> [UInt32: Int32] {
    Dictionary(uniqueKeysWithValues: NGrams.counts(in: text).map { ($0.feature, $0.count) })
  }

  @Test(arguments: [
    ("", 0), ("...", 0), ("good", 1), ("not good", 3), ("don't", 1), ("not good at all", 7),
    ("great!!", 5), ("电池", 3), ("电池好", 6), ("电池好用", 9), ("good电池", 4), ("👍", 1),
  ])
  func wordsInPairsAndHanCharactersInThrees(text: String, features: Int) {
    #expect(counts(text).values.reduce(0) { $0 + Int($1) } == features)
  }

  @Test func caseAndWidthDoNotCount() {
    #expect(counts("GOOD Value") == counts("good value"))
    #expect(counts("ＧＯＯＤ！") == counts("good!"))
    #expect(counts("Écran") == counts("écran"))
    #expect(counts("good value") != counts("value good"))
    // An accent that stands apart belongs to its letter.
    #expect(counts("re\u{301}sume\u{301}s") == counts("résumés"))
  }

  @Test func featuresRiseAndRepeatedOnesAreCounted() {
    let counts = NGrams.counts(in: "so so so good")
    #expect(counts.map(\.feature) == Set(counts.map(\.feature)).sorted())
    #expect(counts.map(\.count).sorted() == [1, 1, 2, 3])
  }

  private static let text = "not good, not good at all"

  /// Knows every feature of the text but the first, and fifty that it does not have.
  private func model(labels: Int) -> NGramModel {
    let others = NGrams.counts(in: (1...50).map(String.init).joined(separator: "."))
    let known = (NGrams.counts(in: Self.text).dropFirst() + others.prefix(50)).map(\.feature)
    let rarity = randomValues(known.count, seed: 1).map { abs($0) + 1 }
    var model = NGramModel(features: known.sorted(), rarity: rarity, labelCount: labels)
    model.weights = randomValues(known.count * labels, seed: 2)
    model.bias = randomValues(labels, seed: 3)
    return model
  }

  @Test func logitsEqualADoubleLoopOverKnownFeatures() {
    let model = model(labels: 3)
    let counts = NGrams.counts(in: Self.text)
    let values = counts.dropFirst().map { feature, count in
      let place = model.features.firstIndex(of: feature) ?? -1
      return (place, (1 + log(Double(count))) * Double(model.rarity[place]))
    }
    let length = values.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    let expected = (0..<3).map { label in
      values.reduce(Double(model.bias[label])) {
        $0 + $1.1 / length * Double(model.weights[$1.0 * 3 + label])
      }
    }
    #expect(relativeDifference(model.logits(of: counts), expected) < 1e-6)
    #expect(model.logits(of: NGrams.counts(in: "")) == model.bias)
    #expect(model.logits(of: NGrams.counts(in: "met never before")) == model.bias)
  }

  @Test(arguments: NumberType.allCases) func aFolderKeepsTheModels(type: NumberType) throws {
    try withTemporaryFolder { folder in
      var saved = try Fixture.model()
      saved.ngrams = ["sentiment": model(labels: 5), "intents": model(labels: 13)]
      saved.configuration.calibration = ["sentiment": .init(encoder: 0.5, ngrams: 1.25)]
      try ModelFolder.save(saved, to: folder.path, as: type)
      let loaded = try ModelFolder.load(folder.path)
      #expect(loaded.configuration.calibration == saved.configuration.calibration)
      #expect(loaded.ngrams.count == 2)
      for (head, model) in saved.ngrams {
        let rounded = model.weights.map { type.value(of: type.bits(of: $0)) }
        #expect(loaded.ngrams[head]?.weights == rounded)
        #expect(loaded.ngrams[head]?.features == model.features)
      }
    }
  }

  @Test func featuresThatAreMissingOrOutOfOrderAreRefused() throws {
    let model = model(labels: 5)
    func problem(_ change: (inout [Safetensors.Tensor]) -> Void) -> String? {
      var tensors = model.tensors(of: "sentiment")
      change(&tensors)
      return message {
        _ = try NGramModel.models(in: tensors, labelCounts: ["sentiment": 5], file: "m")
      }
    }
    #expect(problem { _ in } == nil)
    let expected =
      "m: ngrams.sentiment is no whole linear model of 5 labels;"
      + " copy the file again or retrain the model"
    #expect(
      problem { $0.removeAll { $0.isBytes } }
        == "m: ngrams.sentiment is a linear part of format version 2, which is not read any more;"
        + " train the model anew")
    #expect(problem { $0[0].isBytes = false } == expected)
    #expect(problem { $0[0].values.swapAt(3, 7) } == expected)
    #expect(problem { $0[3].values[0] = 1e30 } == expected)
    #expect(problem { $0[0].values.replaceSubrange(4..<8, with: $0[0].values[..<4]) } == expected)
  }

  @Test func modelsOfOtherLabelsAreRefused() throws {
    try withTemporaryFolder { folder in
      var saved = try Fixture.model()
      saved.ngrams = ["sentiment": model(labels: 4)]
      try ModelFolder.save(saved, to: folder.path)
      let problem = message { _ = try ModelFolder.load(folder.path) }
      #expect(
        problem?.hasSuffix(
          "model.safetensors: ngrams.sentiment is no whole linear model of 5 labels;"
            + " copy the file again or retrain the model") == true)
    }
  }
}
