import Corpora
import Inference
import Reviews
import Testing

@testable import Evaluation

/// What the model says about its texts serves as the truth, so that every figure is known.
@Suite struct EvaluationTests {
  private let reader: TextReader
  private let readings: [Reading]

  init() throws {
    reader = try Fixture.reader()
    readings = reader.read(Fixture.texts)
  }

  private func report(_ label: (inout Example, Reading) -> Void) -> CorpusReport {
    let examples = zip(Fixture.texts, readings).enumerated().map { number, pair in
      var example = Example(id: "\(number)", text: pair.0)
      label(&example, pair.1)
      return example
    }
    return Evaluation.report(on: examples, corpus: "own", split: .dev, reader: reader)
  }

  private func spans(_ reading: Reading, _ layer: EntityLayer, _ types: [String]) -> SpanLabels {
    SpanLabels(
      completeTypes: types,
      spans: reading.entities.filter { $0.layer == layer && types.contains($0.type) }
        .map { LabelledSpan(range: $0.bytes, type: $0.type, polarity: $0.polarity) })
  }

  @Test func detailsAddUp() throws {
    let examples = zip(Fixture.texts, readings).enumerated().map { number, pair in
      var example = Example(id: "\(number)", text: pair.0)
      if number > 4 { example.stars = number.isMultiple(of: 2) ? .positive : .negative }
      var names = spans(pair.1, .name, ["PER"])
      // Some spans that the model marks are no truth.
      if number.isMultiple(of: 3), !names.spans.isEmpty { names.spans.removeLast() }
      example.names = names
      return example
    }
    let evaluation = Evaluation(
      on: examples, corpus: "own", domain: "soap", split: .dev, reader: reader, details: true)
    let (report, texts) = (evaluation.report, Fixture.texts.count)
    #expect(report.domain == "soap" && report.texts == texts)
    let sentiment = try #require(report.head("sentiment"))
    #expect(sentiment.texts == texts - 5 && report.head("names")?.texts == texts)
    let counts = try #require(sentiment.confusion).counts
    #expect(counts.joined().reduce(0, +) == sentiment.texts)
    let slices = try #require(sentiment.slices)
    for dimension in ["length", "language"] {
      let own = slices.filter { $0.dimension == dimension }
      #expect(own.reduce(0) { $0 + $1.texts } == sentiment.texts)
      let right = own.reduce(0) { $0 + $1.figure * Double($1.texts) }
      #expect(Int(right.rounded()) == counts[0][0] + counts[1][1])
    }
    let wrong = evaluation.mistakes.filter { $0.head == "sentiment" }
    #expect(wrong.count == counts[0][1] + counts[1][0])
    let reliability = try #require(sentiment.reliability)
    #expect(reliability.bins.reduce(0) { $0 + $1.count } == sentiment.texts)
    #expect(reliability.coverage.first?.coverage == 1)
    #expect(reliability.coverage.first?.accuracy == sentiment.scores.accuracy)
    let marked = readings.flatMap(\.entities).count { $0.type == "PER" }
    // Nothing marked is neither right nor wrong.
    let names = try #require(report.head("names")).reliability
    #expect((names?.bins.reduce(0) { $0 + $1.count } ?? 0) == marked)
    #expect((names == nil) == (marked == 0))
    #expect(
      evaluation.mistakes.map(\.confidence) == evaluation.mistakes.map(\.confidence).sorted(by: >))
  }

  @Test func unlabelledHeadsAreLeftOut() {
    let report = report { _, _ in }
    #expect(report.corpus == "own")
    #expect(report.split == "dev")
    #expect(report.texts == Fixture.texts.count)
    #expect(report.heads.isEmpty)
  }

  @Test func whatTheModelSaysIsAllRight() throws {
    let report = report { example, reading in
      example.opinions = spans(reading, .opinion, EntityLayer.opinion.types)
      example.names = spans(reading, .name, EntityLayer.name.types)
      let positive = zip(LabelSchema.intents, reading.intents).filter { $0.1 >= 0.5 }.map(\.0)
      example.intents = IntentLabels(positive: positive, supervised: LabelSchema.intents)
    }
    #expect(report.heads.map(\.head) == ["intents", "opinions", "names", "polarity"])
    for head in report.heads {
      #expect(head.scores.micro.support > 0, "\(head.head)")
      #expect(head.scores.micro.f1 == 1, "\(head.head)")
      #expect(head.scores.macro.f1 == 1, "\(head.head)")
      #expect(head.majority.micro.f1 < 1, "\(head.head)")
    }
    let aspects = readings.flatMap(\.entities).count { $0.type == "ASPECT" }
    #expect(report.head("polarity")?.scores.micro.support == aspects)
    #expect(report.head("polarity")?.scores.accuracy == 1)
  }

  @Test func typesThatAreNotAnnotatedDoNotCount() throws {
    let opinions = readings.flatMap(\.entities).count { $0.type == "OPINION" }
    try #require(opinions > 0)
    let head = try #require(
      report { example, reading in example.opinions = spans(reading, .opinion, ["ASPECT"]) }
        .head("opinions"))
    #expect(Array(head.scores.labels.keys) == ["ASPECT"])
    #expect(head.scores.micro.precision == 1)
    #expect(head.scores.micro.recall == 1)
  }

  @Test func predictionsInUnknownRangesDoNotCount() throws {
    func precision(unknown: Bool) throws -> Double {
      let report = report { example, reading in
        var labels = spans(reading, .opinion, ["ASPECT"])
        // Every other span is no truth.
        let dropped = labels.spans.indices.filter { !$0.isMultiple(of: 2) }
        if unknown { labels.unknown = dropped.map { labels.spans[$0].range } }
        labels.spans = labels.spans.indices.filter { $0.isMultiple(of: 2) }.map { labels.spans[$0] }
        example.opinions = labels
      }
      return try #require(report.head("opinions")).scores.micro.precision
    }
    #expect(try precision(unknown: false) < 1)
    #expect(try precision(unknown: true) == 1)
  }

  @Test func intentsThatAreNotSupervisedDoNotCount() throws {
    let head = try #require(
      report { example, reading in
        // The opposite of what the model says, and only for two intents.
        let positive = zip(LabelSchema.intents, reading.intents).filter { $0.1 < 0.5 }.map(\.0)
        example.intents = IntentLabels(positive: positive, supervised: ["praise", "question"])
      }.head("intents"))
    #expect(head.scores.accuracy == 0)
    #expect(Set(head.scores.labels.keys).isSubset(of: ["praise", "question"]))
  }

  @Test func anIntentThatNoTextIsKnownToLackHasNoFigure() throws {
    var number = 0
    func head(supervised: [String]) -> HeadReport? {
      number = 0
      return report { example, _ in
        number += 1
        // Praise is known where it is there; a complaint both ways.
        let positive = number.isMultiple(of: 2) ? ["praise"] : ["complaint"]
        example.intents = IntentLabels(positive: positive, supervised: supervised + positive)
      }.head("intents")
    }
    #expect(head(supervised: []) == nil)
    let both = try #require(head(supervised: ["complaint"]))
    #expect(both.scores.labels["praise"] == nil && both.scores.labels["complaint"] != nil)
    let labels = [
      IntentLabels(positive: ["praise"], supervised: ["praise"]),
      IntentLabels(positive: [], supervised: ["question"]),
    ].map { Example(id: "1", text: "a", intents: $0) }
    #expect(labels.intentsOnlyPresent == ["praise"])
  }

  @Test func starsAreComparedAsTheSetsOfTheCorpus() throws {
    let own = readings.map { $0.stars[3] + $0.stars[4] > $0.stars[0] + $0.stars[1] }
    var number = 0
    let head = try #require(
      report { example, _ in
        example.stars = own[number] ? .positive : .negative
        number += 1
      }.head("sentiment"))
    #expect(head.scores.accuracy == 1)
    let positive = own.count { $0 }
    #expect(head.scores.labels["positive"]?.support == (positive == 0 ? nil : positive))
    #expect(
      head.majority.accuracy == Double(max(positive, own.count - positive)) / Double(own.count))

    // All texts are of five stars: the model could only say so.
    let fives = report { example, _ in example.stars = StarSet(stars: [5]) }
    #expect(fives.head("sentiment") == nil)
  }

  @Test(arguments: [
    ([[4], [5], [4, 5], [1, 2]], ["4 stars", "5 stars", "negative"]),
    // No text has one star or two alone, but one lies between two and three.
    ([[1, 2], [2, 3], [3], [4, 5]], ["3 stars", "positive"]),
    ([[1, 2], [3], [4, 5]], ["3 stars", "negative", "positive"]),
  ])
  func textsBetweenTwoStarsDoNotCountWhereOthersPartThese(
    stars: [[Int]], classes: [String]
  ) throws {
    let labels = stars.map(StarSet.init(stars:))
    var number = 0
    let head = try #require(
      report { example, _ in
        example.stars = labels[number % labels.count]
        number += 1
      }.head("sentiment"))
    let between = labels.indices.filter { index in
      !classes.contains(ChoiceAnswers.name(labels[index]))
    }
    let counted = (0..<Fixture.texts.count).count { !between.contains($0 % labels.count) }
    #expect(head.texts == counted)
    #expect(head.scores.labels.keys.sorted() == classes)
  }

  @Test func polarityIsJudgedOnTheSpansOfTheCorpus() throws {
    // Spans that the model need not have found, each of them called neutral.
    let head = try #require(
      report { example, _ in
        example.opinions = SpanLabels(
          completeTypes: ["ASPECT"],
          spans: [LabelledSpan(range: 0..<3, type: "ASPECT", polarity: .neutral)])
      }.head("polarity"))
    let asked = reader.read(
      Fixture.texts, polaritiesOf: Fixture.texts.map { _ in [0..<3] }
    ).map(\.polarities)
    let right = asked.count { $0 == [.neutral] }
    #expect(head.scores.accuracy == Double(right) / Double(Fixture.texts.count))
    #expect(head.majority.accuracy == 1)
  }

  @Test func aLabelThatTheModelDoesNotHaveIsNoSureMistake() {
    let examples = ["Broken again", "Broken, too"].map { Example(id: $0, text: $0) }
    let texts = EvaluatedTexts(
      examples: examples, readings: examples.map { _ in Fixture.emptyReading })
    var answers = LabelAnswers(textCount: 2)
    for (text, isKnown) in [(0, false), (1, true)] {
      answers.decisions.append(
        .init(
          text: text, label: "bug_report", gold: true, isKnown: isKnown,
          probabilities: [.model: 0], threshold: 0.5))
    }
    let mistakes = Mistake.Origin(corpus: "c", split: "test", texts: texts).mistakes(answers)
    #expect(mistakes.map(\.confidence) == [0, 1])
    #expect(mistakes.map(\.isLabelSuspect) == [false, true])
    // What it cannot say it was not wrong about.
    #expect(Reliability(answers).bins.map(\.count) == [1])
  }

  @Test func aConfidenceThatIsNoNumberIsNone() {
    let reliability = Reliability([.init(confidence: .nan, isRight: true)])
    #expect(reliability.bins.map(\.confidence) == [0] && reliability.error == 1)
  }
}
