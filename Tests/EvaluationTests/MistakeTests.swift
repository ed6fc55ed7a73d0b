import Corpora
@testable import Inference
import Reviews
import Testing

@testable import Evaluation

/// Which answers are told as wrong, and which labels as doubtful, counted by hand.
@Suite struct MistakeTests {
  private func origin(_ texts: [String]) -> Mistake.Origin {
    Mistake.Origin(
      corpus: "own", split: "dev",
      texts: EvaluatedTexts(
        examples: texts.enumerated().map { Example(id: "\($0)", text: $1) },
        readings: texts.map { _ in Fixture.emptyReading }))
  }

  @Test func aLabelIsDoubtfulWhereTheModelIsSurerThanUsual() {
    // The positive texts are so with a probability of 0.6875 in the mean.
    let cases: [(gold: Int, model: Double, encoder: Double, linear: Double, isDoubtful: Bool?)] = [
      (1, 0.875, 0.9, 0.9, nil), (1, 0.75, 0.9, 0.9, nil), (1, 0.75, 0.4, 0.4, nil),
      (1, 0.375, 0.4, 0.4, true),
      // Exactly as sure as usual; less; as sure with a part that says otherwise, twice.
      (0, 0.6875, 0.9, 0.6, true), (0, 0.6874, 0.9, 0.6, false), (0, 0.9, 0.4, 0.9, false),
      (0, 0.9, 0.9, 0.4, false), (0, 0.1, 0.1, 0.1, nil),
    ]
    var answers = ChoiceAnswers(textCount: cases.count, classes: ["negative", "positive"])
    for (text, one) in cases.enumerated() {
      answers.choices.append(
        .init(
          text: text, gold: one.gold,
          probabilities: [
            .model: [1 - one.model, one.model], .encoder: [1 - one.encoder, one.encoder],
            .linear: [1 - one.linear, one.linear],
          ]))
    }
    let mistakes = origin(cases.map { "text \($0)" }).mistakes(answers)
    let wrong = cases.indices.filter { cases[$0].isDoubtful != nil }
    #expect(mistakes.map(\.id) == wrong.map(String.init))
    #expect(mistakes.map(\.isLabelSuspect) == cases.compactMap(\.isDoubtful))
    #expect(mistakes[0].gold == "positive" && mistakes[0].predicted == "negative")
    #expect(mistakes[0].confidence == 0.625)
  }

  @Test func anIntentIsDoubtfulInBothDirections() {
    // Those labelled have it with 0.5625 in the mean, the others lack it with 0.54.
    let cases: [(gold: Bool, probability: Double, linear: Double, isDoubtful: Bool?)] = [
      (true, 0.875, 0.9, nil), (true, 0.25, 0.2, true), (false, 0.25, 0.1, nil),
      (false, 0.5, 0.9, false), (false, 0.625, 0.9, true),
    ]
    func mistakes(linear: Double? = nil) -> [Mistake] {
      var answers = LabelAnswers(textCount: cases.count)
      for (text, one) in cases.enumerated() {
        answers.decisions.append(
          .init(
            text: text, label: "praise", gold: one.gold,
            probabilities: [.model: one.probability, .linear: linear ?? one.linear], threshold: 0.5)
        )
      }
      return origin(cases.map { "text \($0)" }).mistakes(answers)
    }
    #expect(mistakes().map(\.id) == ["1", "3", "4"])
    #expect(mistakes().map(\.isLabelSuspect) == [true, false, true])
    #expect(mistakes().map(\.gold) == ["praise", "not praise", "not praise"])
    #expect(mistakes().map(\.predicted) == ["not praise", "praise", "praise"])
    // A linear part that finds it everywhere disagrees with the first.
    #expect(mistakes(linear: 0.9).map(\.isLabelSuspect) == [false, false, true])
  }

  @Test func aSpanIsDoubtfulWhereTheModelIsSureAndTheCorpusHasNone() {
    let text = "Lamp and scarf and kettle"
    func span(_ range: Range<Int>) -> LabelledSpan {
      LabelledSpan(range: range, type: "ASPECT", polarity: nil)
    }
    // "scarf and" overlaps the true "scarf", "kettle" is missed.
    var reading = Fixture.emptyReading
    reading.entities = [(0..<4, 0.9), (5..<8, 0.89), (9..<18, 0.99)].map {
      Reading.Entity(layer: .opinion, type: "ASPECT", bytes: $0.0, confidence: $0.1)
    }
    let labels = SpanLabels(completeTypes: ["ASPECT"], spans: [span(9..<14), span(19..<25)])
    let answers = SpanAnswers(
      types: ["ASPECT"], texts: [CountedSpans(labels, reading, .opinion)])
    let mistakes = origin([text]).mistakes(answers, .opinion)
    #expect(
      mistakes.map(\.predicted) == ["ASPECT Lamp", "ASPECT and", "ASPECT scarf and", ""])
    #expect(mistakes.map(\.gold) == ["", "", "ASPECT scarf", "ASPECT kettle"])
    #expect(mistakes.map(\.isLabelSuspect) == [true, false, false, false])
  }

  @Test(
    arguments: zip(
      [1, 16, 17, 64, 65, 256, 257, 1_024, 1_025, 99_999],
      [
        "1-16", "1-16", "17-64", "17-64", "65-256", "65-256", "257-1024", "257-1024", "1025+",
        "1025+",
      ]))
  func lengthsAreToldApartAtTheirBounds(tokens: Int, length: String) {
    var reading = Fixture.emptyReading
    reading.tokens = tokens
    let texts = EvaluatedTexts(examples: [Example(id: "1", text: "a lamp")], readings: [reading])
    var answers = ChoiceAnswers(textCount: 1, classes: ["negative", "positive"])
    answers.choices = [.init(text: 0, gold: 1, probabilities: [.model: [0, 1]])]
    #expect(texts.slices(answers).filter { $0.dimension == "length" }.map(\.value) == [length])
  }
}
