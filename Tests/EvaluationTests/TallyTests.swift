import Testing

@testable import Evaluation

/// Every figure here was counted by hand.
@Suite struct TallyTests {
  private func isNear(_ left: Double?, _ right: Double) -> Bool {
    left.map { abs($0 - right) < 1e-12 } ?? false
  }

  private func expect(
    _ scores: Scores?, _ precision: Double, _ recall: Double, _ f1: Double, support: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(isNear(scores?.precision, precision), "precision", sourceLocation: sourceLocation)
    #expect(isNear(scores?.recall, recall), "recall", sourceLocation: sourceLocation)
    #expect(isNear(scores?.f1, f1), "F1", sourceLocation: sourceLocation)
    #expect(scores?.support == support, sourceLocation: sourceLocation)
  }

  @Test func choicesAreCountedByLabel() throws {
    var tally = ChoiceTally()
    let decisions = [
      ("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", "a"), ("c", "a"),
    ]
    for (gold, predicted) in decisions { tally.add(gold: gold, predicted: predicted) }
    let (scores, baseline) = try #require(tally.report)
    #expect(scores.accuracy == 0.5)
    expect(scores.labels["a"], 0.5, 2.0 / 3, 4.0 / 7, support: 3)
    expect(scores.labels["b"], 0.5, 0.5, 0.5, support: 2)
    expect(scores.labels["c"], 0, 0, 0, support: 1)
    // One label a text: every wrong choice is one false positive and one false negative.
    expect(scores.micro, 0.5, 0.5, 0.5, support: 6)
    expect(
      scores.macro, 1.0 / 3, (2.0 / 3 + 0.5) / 3, (4.0 / 7 + 0.5) / 3, support: 6)

    // Always "a": three of six.
    #expect(baseline.accuracy == 0.5)
    expect(baseline.labels["a"], 0.5, 1, 2.0 / 3, support: 3)
    expect(baseline.labels["b"], 0, 0, 0, support: 2)
    expect(baseline.macro, 0.5 / 3, 1.0 / 3, 2.0 / 9, support: 6)
  }

  @Test func theMeanIsOverLabelsThatOccur() throws {
    var tally = ChoiceTally()
    tally.add(gold: "a", predicted: "a")
    tally.add(gold: "a", predicted: "never")
    let (scores, _) = try #require(tally.report)
    expect(scores.labels["never"], 0, 0, 0, support: 0)
    expect(scores.macro, 1, 0.5, 2.0 / 3, support: 2)
  }

  @Test func theMajorityOfEquallyCommonLabelsIsTheFirstByName() throws {
    var tally = ChoiceTally()
    for label in ["b", "a", "b", "a", "c"] { tally.add(gold: label, predicted: "c") }
    let (_, baseline) = try #require(tally.report)
    expect(baseline.labels["a"], 0.4, 1, 4.0 / 7, support: 2)
    expect(baseline.labels["b"], 0, 0, 0, support: 2)
  }

  @Test func withoutDecisionsThereIsNoReport() {
    #expect(ChoiceTally().report == nil)
    #expect(BinaryTally().report == nil)
    #expect(SpanTally(types: []).report == nil)
  }

  @Test func yesAndNoAreCountedByLabel() throws {
    var tally = BinaryTally()
    // x: two of four are true; one found, one missed, one false alarm.
    for (gold, predicted) in [(true, true), (true, false), (false, true), (false, false)] {
      tally.add("x", gold: gold, predicted: predicted)
    }
    // y: three of four are true, all found.
    for gold in [true, true, true, false] { tally.add("y", gold: gold, predicted: gold) }
    // z: never true, never said.
    tally.add("z", gold: false, predicted: false)
    let (scores, baseline) = try #require(tally.report)
    #expect(isNear(scores.accuracy, 7.0 / 9))
    expect(scores.labels["x"], 0.5, 0.5, 0.5, support: 2)
    expect(scores.labels["y"], 1, 1, 1, support: 3)
    expect(scores.micro, 0.8, 0.8, 0.8, support: 5)
    expect(scores.macro, 0.75, 0.75, 0.75, support: 5)

    // x: "no" wins a draw, two of four right; y: always yes, three of four; z: no, right.
    #expect(isNear(baseline.accuracy, 6.0 / 9))
    expect(baseline.labels["x"], 0, 0, 0, support: 2)
    expect(baseline.labels["y"], 0.75, 1, 6.0 / 7, support: 3)
    expect(baseline.micro, 0.75, 0.6, 2.0 / 3, support: 5)
  }

  @Test func spansCountWhereTypeAndBothEndsAreRight() throws {
    typealias Span = SpanTally.Span
    var tally = SpanTally(types: ["PER", "LOC", "ORG"])
    tally.add(
      gold: [Span(type: "PER", range: 0..<4), Span(type: "LOC", range: 10..<14)],
      predicted: [
        Span(type: "PER", range: 0..<4),  // right
        Span(type: "LOC", range: 10..<13),  // another end
        Span(type: "ORG", range: 10..<14),  // another type
      ])
    // The same span of another text is another span.
    tally.add(gold: [Span(type: "PER", range: 0..<4)], predicted: [])
    let (scores, baseline) = try #require(tally.report)
    #expect(scores.accuracy == nil)
    expect(scores.labels["PER"], 1, 0.5, 2.0 / 3, support: 2)
    expect(scores.labels["LOC"], 0, 0, 0, support: 1)
    expect(scores.labels["ORG"], 0, 0, 0, support: 0)
    expect(scores.micro, 1.0 / 3, 1.0 / 3, 1.0 / 3, support: 3)
    expect(scores.macro, 0.5, 0.25, 1.0 / 3, support: 3)
    expect(baseline.micro, 0, 0, 0, support: 3)
  }

  @Test func noSpansAndNoPredictionsAreZeroNotMissing() throws {
    var tally = SpanTally(types: ["PER"])
    tally.add(gold: [], predicted: [])
    let (scores, baseline) = try #require(tally.report)
    expect(scores.micro, 0, 0, 0, support: 0)
    expect(scores.macro, 0, 0, 0, support: 0)
    expect(scores.labels["PER"], 0, 0, 0, support: 0)
    #expect(scores == baseline)
  }

  @Test func predictionsWithoutTruthAndTruthWithoutPredictions() throws {
    typealias Span = SpanTally.Span
    let span = Span(type: "PER", range: 0..<4)
    var invented = SpanTally(types: ["PER"])
    invented.add(gold: [], predicted: [span])
    expect(try #require(invented.report).scores.micro, 0, 0, 0, support: 0)
    var missed = SpanTally(types: ["PER"])
    missed.add(gold: [span], predicted: [])
    expect(try #require(missed.report).scores.micro, 0, 0, 0, support: 1)
  }
}
