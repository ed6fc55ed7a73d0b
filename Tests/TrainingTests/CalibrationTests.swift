import Corpora
import Evaluation
import Foundation
import Models
import Reviews
import Tensors
import TestSupport
import Testing

@testable import Inference
@testable import Training

@Suite struct CalibrationTests {
  /// Decisions between two classes whose true odds are `scale` times the encoder's logit plus
  /// `share` times the linear model's.
  private func decisions(scale: Double, share: Double) -> [Calibration.Decision] {
    var random = SeededRandom(seed: 7)
    return (0..<20_000).map { _ in
      let (encoder, ngrams) = (4 * random.nextNormal(), 4 * random.nextNormal())
      let odds = scale * encoder + share * ngrams
      let isTrue = random.nextUniform() < 1 / (1 + exp(-odds))
      return .init(
        logits: HeadLogits(encoder: [0, encoder], ngrams: [0, ngrams]),
        allowed: isTrue ? 0b10 : 0b01, weight: 1)
    }
  }

  @Test(arguments: [(0.25, 0.0), (0.5, 0.3), (1.5, 0.75), (0, 1)])
  func findsTheWeightsThatMadeTheLabels(scale: Double, share: Double) {
    let found = Calibration.fit(decisions(scale: scale, share: share), hasNGrams: true)
    #expect(abs(found.encoder - scale) < 0.05 * max(scale, 0.5))
    #expect(abs(found.ngrams - share) < 0.05 * max(share, 0.5))
  }

  @Test func withoutALinearModelOnlyTheTemperatureIsFitted() {
    let found = Calibration.fit(decisions(scale: 0.5, share: 0), hasNGrams: false)
    #expect(abs(found.encoder - 0.5) < 0.05 && found.ngrams == 0)
    #expect(Calibration.fit([], hasNGrams: true) == HeadCalibration())
  }

  @Test func aLabelHasWeightsOfItsOwnWhereItsTextsTellThem() {
    let decisions = decisions(scale: 0.5, share: 0.3)
    #expect(
      Calibration.own(decisions, hasNGrams: true) == Calibration.fit(decisions, hasNGrams: true))
    // Nineteen that have it.
    let there = decisions.filter { $0.allowed == 0b10 }.prefix(19)
    #expect(
      Calibration.own(there + decisions.filter { $0.allowed == 0b01 }, hasNGrams: true) == nil)
    // Without a mistake among them, nothing tells how certain to be.
    let clear = decisions.map { decision in
      var decision = decision
      decision.allowed = decision.logits.encoder[1] > 0 ? 0b10 : 0b01
      return decision
    }
    #expect(Calibration.own(clear, hasNGrams: true) == nil)
    #expect(Calibration.head(clear, hasNGrams: true, before: nil) == HeadCalibration())
    // Texts that tell nothing take nothing away from what was fitted to others.
    let fitted = HeadCalibration(encoder: 0.6, ngrams: 0.5)
    #expect(Calibration.head(clear, hasNGrams: true, before: fitted) == fitted)
    #expect(
      Calibration.head(Array(decisions.prefix(19)), hasNGrams: true, before: fitted) == fitted)
    #expect(
      Calibration.head(decisions, hasNGrams: true, before: fitted)
        == Calibration.fit(decisions, hasNGrams: true))
  }

  @Test func aTextThatAllowsTwoClassesCountsTheirSum() {
    let decision = Calibration.Decision(
      logits: HeadLogits(encoder: [0, 0, 0, 0, 0]), allowed: 0b11000, weight: 1)
    #expect(abs(exp(decision.logLikelihood(HeadCalibration())) - 0.4) < 1e-12)
  }

  @Test func anIntentThatNoTextIsKnownToLackStaysAsItWas() throws {
    var model = try ModelFolder.load(Project.root.appendingPathComponent("models/gloss-tiny").path)
    let before = model.configuration.intentThresholds
    let examples = try Fixture.samples().prefix(60).enumerated().map { index, example in
      var example = Example(id: example.id, text: example.text)
      let positive = ["praise"] + (index.isMultiple(of: 2) ? ["complaint"] : [])
      example.intents = IntentLabels(positive: positive, supervised: ["praise", "complaint"])
      return example
    }
    model.calibrate(on: [CalibrationSplit(examples: examples, absenceWeights: [:])], threads: 1)
    let after = model.configuration
    let changed = zip(after.intents, zip(before, after.intentThresholds))
      .filter { $0.1.0 != $0.1.1 }.map(\.0)
    #expect(changed == ["complaint"])
    #expect(after.calibration["praise"] == nil)
  }

  @Test func theThresholdIsWhereF1IsHighest() {
    // Twenty-five true ones from 0.305 up, thirty false ones below, and one false one above.
    let isTrue = (0..<25).map { (0.305 + 0.01 * Double($0), isTrue: true, weight: 1.0) }
    let isFalse = (0..<30).map { (0.005 * Double($0), isTrue: false, weight: 1.0) }
    // Any from 0.15 to 0.30 is as good: the middle one.
    #expect(Calibration.threshold([isTrue + isFalse + [(0.7, false, 1)]]) == 0.23)
    #expect(Calibration.threshold([Array(isTrue.prefix(19)) + isFalse]) == 0.5)
    // One that counts a hundred is worth giving up the ten true ones below it.
    #expect(Calibration.threshold([isTrue + isFalse + [(0.402, false, 100)]]) == 0.41)
  }

  @Test func theThresholdHangsOnNoSingleText() {
    let alike = (0..<100).map { _ in (0.805, isTrue: true, weight: 1.0) }
    let isFalse = (0..<100).map { _ in (0.205, isTrue: false, weight: 1.0) }
    // Up to 0.30 the odd one is found as well, which is worth half a hundredth.
    #expect(Calibration.threshold([alike + isFalse + [(0.305, true, 1)]]) == 0.51)
    // From 0.10 to 0.30 nine more are found and ten given wrongly: as good, but beyond a valley.
    func guesses(_ count: Int, _ probability: Double, _ isTrue: Bool) -> [Calibration.Guess] {
      (0..<count).map { _ in (probability, isTrue, 1) }
    }
    let parted =
      guesses(100, 0.555, true) + guesses(10, 0.505, false) + guesses(9, 0.305, true)
      + guesses(1, 0.055, true) + guesses(100, 0.015, false)
    #expect(Calibration.threshold([parted]) == 0.53)
  }

  @Test func theThresholdIsNoSingleSplits() {
    func split(_ count: Int, from probability: Double) -> [Calibration.Guess] {
      (0..<count).map { _ in (probability, true, 1) }
        + (0..<count).map { _ in (probability - 0.2, false, 1) }
    }
    // The large one is read without a mistake between 0.4 and 0.6, and with F1 2/3 below, where half of
    // what is given is right; the others are lost above 0.3.
    let large = split(400, from: 0.6)
    #expect((0.41...0.6).contains(Calibration.threshold([large])))
    #expect(Calibration.threshold([large, split(20, from: 0.3)]) <= 0.3)
    #expect(Calibration.threshold([large + split(20, from: 0.3)]) > 0.4)
    // Splits of few texts count together, as one.
    let small = [split(10, from: 0.3), split(10, from: 0.3)]
    #expect(Calibration.threshold([large] + small) <= 0.3)
    #expect(Calibration.threshold([large, small[0]]) > 0.4)
    #expect(Calibration.threshold(small) <= 0.3)
    #expect(Calibration.threshold([small[0]]) == 0.5)
  }

  @Test func textsWithoutAnIntentCountUntilItIsAsFrequentAsInTraining() {
    func examples(there: Int, absent: Int) -> [Example] {
      (0..<there + absent).map { index in
        var example = Example(id: "\(index)", text: "Add a timer.")
        example.intents = IntentLabels(
          positive: index < there ? ["suggestion"] : [], supervised: ["suggestion"])
        return example
      }
    }
    func weight(_ training: [Example], _ development: [Example]) -> Double {
      Calibration.absenceWeight(of: "suggestion", training: training, development: development)
    }
    let even = examples(there: 50, absent: 50)
    #expect(weight(examples(there: 25, absent: 75), even) == 3)
    #expect(weight(even, examples(there: 25, absent: 75)) == 1.0 / 3)
    #expect(weight([], even) == 1 && weight(examples(there: 9, absent: 0), even) == 1)
    #expect(weight(even, examples(there: 0, absent: 9)) == 1)
  }

  /// Spans whose product of probabilities is `confidence`, right as often as its square root says.
  private func spans() -> [[CountedSpans]] {
    var random = SeededRandom(seed: 11)
    let labels = SpanLabels(
      completeTypes: ["ASPECT"], spans: [LabelledSpan(range: 0..<4, type: "ASPECT")])
    return [
      (0..<20_000).map { _ in
        let confidence = 0.01 + 0.98 * random.nextUniform()
        let isRight = random.nextUniform() < confidence.squareRoot()
        return CountedSpans(
          labels, reading(marked: isRight ? 0..<4 : 0..<3, confidence: confidence), .opinion)
      }
    ]
  }

  @Test func theWeightOfOutsideThatFindsMostIsChosenForEachLayer() {
    let labels = SpanLabels(
      completeTypes: ["ASPECT"], spans: [LabelledSpan(range: 0..<4, type: "ASPECT")])
    /// One split of ten texts of which the first `found` have their span marked.
    func split(found: Int) -> [[CountedSpans]] {
      [
        (0..<10).map {
          CountedSpans(
            labels, reading(marked: $0 < found ? 0..<4 : 0..<3, confidence: 0.9), .opinion)
        }
      ]
    }
    let candidates = Calibration.outsideWeightCandidates
    let third = candidates.indices.map { split(found: $0 == 2 ? 8 : 5) }
    let alike = candidates.map { _ in split(found: 5) }
    #expect(
      Calibration.outsideWeights([.opinion: third, .name: alike])
        == [.opinion: candidates[2], .name: 1])
    // A layer that no split has gets none.
    #expect(
      Calibration.outsideWeights([.opinion: candidates.map { _ in [] }, .name: third])
        == [.name: candidates[2]])
  }

  private func reading(marked range: Range<Int>, confidence: Double) -> Reading {
    Reading(
      language: "en", stars: [], intents: [], starLogits: HeadLogits(encoder: []),
      intentLogits: HeadLogits(encoder: []),
      entities: [
        .init(layer: .opinion, type: "ASPECT", bytes: range, confidence: confidence, polarity: nil)
      ], polarities: [], tokens: 1, usedTokens: 1, windows: 1)
  }

  @Test func confidencesOfSpansAreRaisedToWhatIsTrue() {
    let spans = spans()
    #expect(abs(Calibration.spanExponent(spans) - 0.5) < 0.02)
    #expect(Calibration.spanExponent([]) == 1)
    // A false span costs precision, a missed one recall: worth giving from F1 / 2 on.
    let best = Calibration.entityThreshold(spans, exponent: 0.5)
    #expect((0.3...0.5).contains(best.threshold))
    #expect(abs(best.f1 / 2 - best.threshold) < 0.05)
    #expect(Calibration.entityThreshold([], exponent: 1).threshold == 0.5)
  }
}
