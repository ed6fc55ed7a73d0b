import Corpora
@testable import Inference
import Reviews
import Tensors
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
    let answers = choices([
      ("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", "a"), ("c", "a"),
    ])
    let (scores, baseline) = (answers.tally(.model).scores(), answers.majority.scores())
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
    let scores = choices([("a", "a"), ("a", "never")]).tally(.model).scores()
    expect(scores.labels["never"], 0, 0, 0, support: 0)
    expect(scores.macro, 1, 0.5, 2.0 / 3, support: 2)
  }

  @Test func theMajorityOfEquallyCommonLabelsIsTheFirstByName() throws {
    let baseline = choices(["b", "a", "b", "a", "c"].map { ($0, "c") }).majority.scores()
    expect(baseline.labels["a"], 0.4, 1, 4.0 / 7, support: 2)
    expect(baseline.labels["b"], 0, 0, 0, support: 2)
  }

  /// Choices among "a", "b", "c" and "never", one a text.
  private func choices(_ decisions: [(gold: String, predicted: String)]) -> ChoiceAnswers {
    let classes = ["c", "b", "a", "never"]
    var answers = ChoiceAnswers(textCount: decisions.count, classes: classes)
    for (text, decision) in decisions.enumerated() {
      answers.choices.append(
        .init(
          text: text, gold: classes.firstIndex(of: decision.gold) ?? 0,
          probabilities: [.model: classes.map { $0 == decision.predicted ? 1 : 0 }]))
    }
    return answers
  }

  /// Spans of each text, true and marked.
  private func spans(
    _ types: [String], _ texts: [(gold: [Tally.Span], predicted: [Tally.Span])]
  ) -> (scores: HeadScores, baseline: HeadScores) {
    func labelled(_ spans: [Tally.Span]) -> SpanLabels {
      SpanLabels(
        completeTypes: types, spans: spans.map { LabelledSpan(range: $0.range, type: $0.type) })
    }
    let answers = SpanAnswers(
      types: types,
      texts: texts.map { gold, predicted in
        var reading = Fixture.emptyReading
        reading.entities = predicted.map {
          Reading.Entity(layer: .name, type: $0.type, bytes: $0.range, confidence: 1)
        }
        return CountedSpans(labelled(gold), reading, .name)
      })
    return (answers.tally(.model).scores(), answers.majority.scores())
  }

  @Test func yesAndNoAreCountedByLabel() throws {
    var answers = LabelAnswers(textCount: 9)
    func add(_ label: String, gold: Bool, predicted: Bool) {
      answers.decisions.append(
        .init(
          text: answers.decisions.count, label: label, gold: gold,
          probabilities: [.model: predicted ? 0.8 : 0.2], threshold: 0.6))
    }
    // x: two of four are true; one found, one missed, one false alarm.
    for (gold, predicted) in [(true, true), (true, false), (false, true), (false, false)] {
      add("x", gold: gold, predicted: predicted)
    }
    // y: three of four are true, all found.
    for gold in [true, true, true, false] { add("y", gold: gold, predicted: gold) }
    // z: never true, never said.
    add("z", gold: false, predicted: false)
    let (scores, baseline) = (answers.tally(.model).scores(), answers.majority.scores())
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
    typealias Span = Tally.Span
    let (scores, baseline) = spans(
      ["PER", "LOC", "ORG"],
      [
        (
          [Span(type: "PER", range: 0..<4), Span(type: "LOC", range: 10..<14)],
          [
            Span(type: "PER", range: 0..<4),  // right
            Span(type: "LOC", range: 10..<13),  // another end
            Span(type: "ORG", range: 10..<14),  // another type
          ]
        ),
        // The same span of another text is another span.
        ([Span(type: "PER", range: 0..<4)], []),
      ])
    #expect(scores.accuracy == nil)
    expect(scores.labels["PER"], 1, 0.5, 2.0 / 3, support: 2)
    expect(scores.labels["LOC"], 0, 0, 0, support: 1)
    expect(scores.labels["ORG"], 0, 0, 0, support: 0)
    expect(scores.micro, 1.0 / 3, 1.0 / 3, 1.0 / 3, support: 3)
    expect(scores.macro, 0.5, 0.25, 1.0 / 3, support: 3)
    expect(baseline.micro, 0, 0, 0, support: 3)
  }

  @Test func noSpansAndNoPredictionsAreZeroNotMissing() throws {
    let (scores, baseline) = spans(["PER"], [([], [])])
    expect(scores.micro, 0, 0, 0, support: 0)
    expect(scores.macro, 0, 0, 0, support: 0)
    expect(scores.labels["PER"], 0, 0, 0, support: 0)
    #expect(scores == baseline)
  }

  @Test func predictionsWithoutTruthAndTruthWithoutPredictions() throws {
    typealias Span = Tally.Span
    let span = Span(type: "PER", range: 0..<4)
    expect(spans(["PER"], [([], [span])]).scores.micro, 0, 0, 0, support: 0)
    expect(spans(["PER"], [([span], [])]).scores.micro, 0, 0, 0, support: 1)
  }

  /// The intervals as they are defined: texts drawn one by one, figures of each draw.
  @Test func intervalsAreThoseOfTextsDrawnOneByOne() throws {
    var answers = LabelAnswers(textCount: 60)
    for text in 0..<60 {
      for (number, label) in ["x", "y", "z"].enumerated() where text % 5 != number {
        answers.decisions.append(
          .init(
            text: text, label: label, gold: (text + number).isMultiple(of: 3),
            probabilities: [.model: Double(text * (number + 2) % 11) / 10], threshold: 0.5))
      }
    }
    let tally = answers.tally(.model)
    var random = SeededRandom(seed: 13)
    let draws = (0..<200).map { _ in
      tally.scores(of: (0..<60).map { _ in random.nextInt(below: 60) })
    }
    func interval(_ value: (HeadScores) -> Double) -> Interval {
      let rising = draws.map(value).sorted()
      return Interval(low: rising[5], high: rising[194])
    }
    let intervals = try #require(tally.scores(resamples: 200).intervals)
    #expect(intervals.accuracy == interval { $0.accuracy ?? -1 })
    #expect(intervals.microF1 == interval { $0.micro.f1 })
    let macro = interval { $0.macro.f1 }
    #expect(abs(intervals.macroF1.low - macro.low) < 1e-12)
    #expect(abs(intervals.macroF1.high - macro.high) < 1e-12)
  }

  @Test func intervalsAreOfLabelledTexts() throws {
    // Three of a hundred texts are labelled, and all three are right.
    var answers = ChoiceAnswers(textCount: 100, classes: ["a", "b"])
    for text in [3, 50, 99] {
      answers.choices.append(.init(text: text, gold: 0, probabilities: [.model: [0.9, 0.1]]))
    }
    func report() -> HeadReport { HeadReport(head: "sentiment", answers, resamples: 500) }
    #expect(report().scores.intervals?.accuracy == Interval(low: 1, high: 1))
    // One text is no sample.
    answers.choices.removeLast(2)
    #expect(report().texts == 1 && report().scores.intervals == nil)
  }

  @Test func intervalsHoldTheirFigureAndNarrowWithMoreTexts() throws {
    func intervals(_ count: Int) throws -> Intervals {
      // Three of four are right.
      let answers = choices((0..<count).map { ("a", $0 % 4 == 0 ? "b" : "a") })
      return try #require(answers.tally(.model).scores(resamples: 500).intervals)
    }
    let (few, many) = (try intervals(100), try intervals(10_000))
    for interval in [try #require(few.accuracy), try #require(many.accuracy), many.microF1] {
      #expect(interval.low < 0.75 && 0.75 < interval.high)
    }
    // 1.96 standard errors of a share on each side: 0.085 of a hundred, 0.0085 of ten thousand.
    let (wide, narrow) = (try #require(few.accuracy), try #require(many.accuracy))
    #expect(abs(wide.high - wide.low - 0.17) < 0.03)
    #expect(abs(narrow.high - narrow.low - 0.017) < 0.003)
    #expect(try intervals(100) == few)
  }
}
