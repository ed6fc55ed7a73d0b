import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct NGramTests {
  private let ngrams = NGrams(bucketCount: 1 << 20)

  private func counts(_ text: String) -> [Int32: Int32] {
    Dictionary(uniqueKeysWithValues: ngrams.counts(in: text).map { ($0.bucket, $0.count) })
  }

  /// Buckets of a million hardly collide, so counts of features are counts of buckets.
  @Test(arguments: [
    ("", 0), ("...", 0), ("good", 1), ("not good", 3), ("don't", 1), ("not good at all", 7),
    ("great!!", 5), ("电池", 3), ("电池好", 6), ("电池好用", 9), ("good电池", 4), ("👍", 1),
  ])
  func wordsInPairsAndHanCharactersInThrees(text: String, features: Int) {
    // Each as such, and as one of a short text.
    #expect(ngrams.counts(in: text).reduce(0) { $0 + Int($1.count) } == 2 * features)
  }

  @Test func textsOfOtherLengthsShareHalfOfTheirFeatures() {
    func buckets(_ text: String) -> Set<Int32> { Set(ngrams.counts(in: text).map(\.bucket)) }
    func repeated(_ count: Int) -> String {
      Array(repeating: "so", count: count).joined(separator: " ")
    }
    // "so" and "so so", as such and of each length.
    #expect(buckets(repeated(39)) == buckets(repeated(2)) && buckets(repeated(2)).count == 4)
    #expect(buckets(repeated(40)).intersection(buckets(repeated(39))).count == 2)
    #expect(buckets(repeated(40)) == buckets(repeated(149)))
    #expect(buckets(repeated(150)).intersection(buckets(repeated(149))).count == 2)
    #expect(buckets(repeated(150)).intersection(buckets(repeated(39))).count == 2)
  }

  @Test func caseAndWidthDoNotCount() {
    #expect(counts("GOOD Value") == counts("good value"))
    #expect(counts("ＧＯＯＤ！") == counts("good!"))
    #expect(counts("Écran") == counts("écran"))
    #expect(counts("good value") != counts("value good"))
  }

  @Test func bucketsRiseAndRepeatedOnesAreCounted() {
    let counts = ngrams.counts(in: "so so so good")
    #expect(counts.map(\.bucket) == counts.map(\.bucket).sorted())
    #expect(counts.map(\.count).sorted() == [1, 1, 1, 1, 2, 2, 3, 3])
    #expect(counts.allSatisfy { (0..<1 << 20).contains($0.bucket) })
  }

  private func model(labels: Int) -> NGramModel {
    var model = NGramModel(bucketCount: 64, labelCount: labels)
    model.rarity = randomValues(64, seed: 1).map { abs($0) + 1 }
    model.weights = randomValues(64 * labels, seed: 2)
    model.bias = randomValues(labels, seed: 3)
    return model
  }

  @Test func logitsEqualADoubleLoop() {
    let model = model(labels: 3)
    let text = "not good, not good at all"
    let values = model.ngrams.counts(in: text).map {
      (Int($0.bucket), (1 + log(Double($0.count))) * Double(model.rarity[Int($0.bucket)]))
    }
    let length = values.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    let expected = (0..<3).map { label in
      values.reduce(Double(model.bias[label])) {
        $0 + $1.1 / length * Double(model.weights[$1.0 * 3 + label])
      }
    }
    #expect(relativeDifference(model.logits(of: text), expected) < 1e-6)
    #expect(model.logits(of: "") == model.bias)
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
        #expect(loaded.ngrams[head]?.ngrams.bucketCount == 64)
      }
    }
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
