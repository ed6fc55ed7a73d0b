import Corpora
import Foundation
@testable import Inference
import Reviews
import Testing

@testable import Evaluation

@Suite struct EvaluationReportTests {
  private let report: EvaluationReport

  init() throws {
    var stars = ChoiceAnswers(textCount: 3, classes: ["negative", "positive"])
    // The linear part is right of all three.
    for (text, (gold, predicted)) in [(0, 0), (1, 1), (1, 0)].enumerated() {
      stars.choices.append(
        .init(
          text: text, gold: gold,
          probabilities: [
            .model: [1 - Double(predicted), Double(predicted)],
            .encoder: [0.5, 0.5], .linear: [1 - Double(gold), Double(gold)],
          ]))
    }
    var reading = Fixture.emptyReading
    reading.entities = [0..<4, 9..<12].map {
      Reading.Entity(layer: .name, type: "PER", bytes: $0, confidence: 1)
    }
    let types = ["PER", "PRODUCT"]
    let names = SpanAnswers(
      types: types,
      texts: [
        CountedSpans(
          SpanLabels(completeTypes: types, spans: [LabelledSpan(range: 0..<4, type: "PER")]),
          reading, .name)
      ])
    var sentiment = HeadReport(head: "sentiment", stars)
    sentiment.reliability = Reliability(stars)
    report = EvaluationReport(
      model: "gloss-test/0a1b2c3d",
      corpora: [
        CorpusReport(corpus: "shop", split: "dev", domain: "soap", texts: 3, heads: [sentiment]),
        CorpusReport(
          corpus: "another-shop", split: "test", texts: 1,
          heads: [HeadReport(head: "names", names)]),
      ])
  }

  @Test func readsBackFromItsJSON() throws {
    let json = try report.json()
    let read = try JSONDecoder().decode(EvaluationReport.self, from: Data(json.utf8))
    #expect(read == report)
    #expect(json.contains("\"model\" : \"gloss-test/0a1b2c3d\""))
    #expect(try report.json() == json)
  }

  @Test func theIntervalOfTheTableIsThatOfF1() throws {
    var answers = LabelAnswers(textCount: 40)
    for text in 0..<40 {
      // One in eight has the label; of those the model finds four of five.
      answers.decisions.append(
        .init(
          text: text, label: "praise", gold: text % 8 == 0,
          probabilities: [.model: text % 8 == 0 && text > 0 ? 1 : 0], threshold: 0.5))
    }
    let head = HeadReport(head: "intents", answers, resamples: 200)
    let intervals = try #require(head.scores.intervals)
    #expect(intervals.accuracy != intervals.microF1)
    let report = EvaluationReport(
      model: "x",
      corpora: [CorpusReport(corpus: "c", split: "test", texts: 40, heads: [head])])
    let line = try #require(report.table().split(separator: "\n").first { $0.contains("micro") })
    let shown = String(format: "%.3f-%.3f", intervals.microF1.low, intervals.microF1.high)
    #expect(line.contains(shown))
  }

  @Test func whereNothingIsToBeFoundThereIsNoFigure() {
    var answers = LabelAnswers(textCount: 4)
    for text in 0..<4 {
      answers.decisions.append(
        .init(
          text: text, label: "praise", gold: false,
          probabilities: [.model: text == 0 ? 1 : 0], threshold: 0.5))
    }
    let head = HeadReport(head: "intents", answers)
    #expect(head.scores.figure == nil)
    var report = report
    let before = report.byDomain
    report.corpora[0].heads.append(head)
    #expect(report.byDomain == before)
  }

  @Test func theTableLinesUp() {
    let lines = report.table().split(separator: "\n", omittingEmptySubsequences: false)
    // The model and a header; sentiment: micro, macro, 2 labels; names: micro, macro, 2 labels.
    #expect(lines.count == 10)
    #expect(lines[0] == "gloss-test/0a1b2c3d")
    let table = lines.dropFirst().map(Array.init)
    #expect(Set(table.map(\.count)).count == 1)
    // Where a column begins or ends in the header, no line has text on both sides.
    for name in ["support", "acc", "P", "R", "F1"] {
      let header = String(table[0])
      let range = header.range(of: "  \(name)  ") ?? header.startIndex..<header.startIndex
      let end = header.distance(from: header.startIndex, to: range.upperBound) - 2
      #expect(end > 0, "\(name)")
      for line in table { #expect(line[end] == " " && line[end + 1] == " ", "\(String(line))") }
    }
  }

  @Test func theTableHoldsTheFigures() throws {
    let rows = report.table().split(separator: "\n").dropFirst(2).map {
      $0.split(separator: " ").map(String.init)
    }
    let sentiment = ["shop/dev", "sentiment"]
    let names = ["another-shop/test", "names"]
    #expect(
      rows == [
        [
          "shop/dev", "sentiment", "micro", "3", "0.667", "0.667", "0.667", "0.667", "1.000",
          "1.000", "0.667", "0.667", "0.333",
        ],
        sentiment + ["macro", "3", "0.750", "0.750", "0.667", "1.000", "0.400"],
        sentiment + ["negative", "1", "0.500", "1.000", "0.667", "1.000", "0.000"],
        sentiment + ["positive", "2", "1.000", "0.500", "0.667", "1.000", "0.800"],
        names + ["micro", "1", "0.500", "1.000", "0.667", "0.000"],
        names + ["macro", "1", "0.500", "1.000", "0.667", "0.000"],
        names + ["PER", "1", "0.500", "1.000", "0.667", "0.000"],
        names + ["PRODUCT", "0", "0.000", "0.000", "0.000", "0.000"],
      ])
  }
}
