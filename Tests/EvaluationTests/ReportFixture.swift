import Corpora
import Foundation
@testable import Inference
import Reviews

@testable import Evaluation

/// A report of three corpora with every kind of head, and mistakes with texts that bite.
enum ReportFixture {
  /// Texts that a page must show and must not obey, and what it shows.
  static let hostile: [(text: String, shown: String)] = [
    ("<script>alert(1)</script><b>", "<script>alert(1)</script><b>"),
    ("a & b &amp; \"quoted\" 'too' ]]> <!-- -->", "a & b &amp; \"quoted\" 'too' ]]> <!-- -->"),
    (
      "nul \0 bell \u{7} escape \u{1B}[31m delete \u{7F}",
      #"nul \u{0} bell \u{7} escape \u{1B}[31m delete \u{7F}"#
    ), ("next line \u{85} no character \u{FFFE}", #"next line \u{85} no character \u{FFFE}"#),
    ("one\r\ntwo\rthree\n\n\tfour", "one\ntwo\nthree\n\n\tfour"),
    (
      "turned \u{202E}round \u{2066}and\u{2069} back",
      #"turned \u{202E}round \u{2066}and\u{2069} back"#
    ),
    ("خدمة ممتازة \u{200F}", "خدمة ممتازة \u{200F}"),
    ("电池很好，屏幕一般 👩‍👩‍👧‍👦", "电池很好，屏幕一般 👩‍👩‍👧‍👦"),
  ]

  /// Sentiment of `right` right and as many wrong texts as there are hostile ones.
  static func stars(right: Int) -> ChoiceAnswers {
    var answers = ChoiceAnswers(
      textCount: right + hostile.count, classes: ["negative", "positive"])
    for text in 0..<answers.textCount {
      let gold = text % 2
      let sure = 0.6 + 0.3 * Double(text % 7) / 7
      func probabilities(_ isRight: Bool) -> [Double] {
        let own = isRight ? sure : 1 - sure
        return gold == 1 ? [1 - own, own] : [own, 1 - own]
      }
      answers.choices.append(
        .init(
          text: text, gold: gold,
          probabilities: [
            .model: probabilities(text < right), .encoder: probabilities(text.isMultiple(of: 3)),
            .linear: probabilities(!text.isMultiple(of: 4)),
          ]))
    }
    return answers
  }

  private static var intents: LabelAnswers {
    var answers = LabelAnswers(textCount: 40)
    for text in 0..<40 {
      for (number, label) in ["praise", "<question>"].enumerated() {
        answers.decisions.append(
          .init(
            text: text, label: label, gold: text.isMultiple(of: 3 + number),
            probabilities: [.model: Double(text % 10) / 10], threshold: 0.5))
      }
    }
    return answers
  }

  private static var names: SpanAnswers {
    var reading = Fixture.emptyReading
    reading.entities = [0..<4, 9..<12].map {
      Reading.Entity(layer: .name, type: "PER", bytes: $0, confidence: 0.7)
    }
    return SpanAnswers(
      types: ["PER", "PRODUCT"],
      texts: (0..<5).map { _ in
        CountedSpans(
          .init(completeTypes: ["PER", "PRODUCT"], spans: [.init(range: 0..<4, type: "PER")]),
          reading, .name)
      })
  }

  private static func head(
    _ name: String, _ answers: any HeadAnswers, _ reliability: Reliability?, _ slices: [Slice]
  ) -> HeadReport {
    var head = HeadReport(head: name, answers, resamples: 50)
    head.reliability = reliability
    head.confusion = (answers as? ChoiceAnswers).map(Confusion.init)
    head.slices = slices
    return head
  }

  static let report: EvaluationReport = {
    let (few, many) = (stars(right: 20), stars(right: 92))
    return EvaluationReport(
      model: "gloss-<test>/0a1b2c3d",
      corpora: [
        CorpusReport(
          corpus: "shop & <co>", split: "dev", domain: "soap", texts: few.textCount,
          heads: [
            head(
              "sentiment", few, Reliability(few),
              [
                Slice(dimension: "language", value: "en", texts: 28, figure: 0.5, linear: 0.25),
                Slice(dimension: "length", value: "1-16", texts: 28, figure: 0.5, linear: 0.25),
              ]), head("intents", intents, Reliability(intents), []),
          ]),
        CorpusReport(
          corpus: "another-shop", split: "dev", domain: "soap", texts: many.textCount,
          heads: [
            head(
              "sentiment", many, Reliability(many),
              [
                Slice(dimension: "language", value: "en", texts: 84, figure: 0.9, linear: 0.65),
                Slice(dimension: "language", value: "zh", texts: 16, figure: 1, linear: 0),
                Slice(dimension: "length", value: "17-64", texts: 100, figure: 0.9, linear: 0.6),
              ])
          ]),
        CorpusReport(
          corpus: "street", split: "dev", texts: 5,
          heads: [head("names", names, Reliability(names), [])]),
      ])
  }()

  /// One of each hostile text in the first corpus, and a span missed in the last.
  static let mistakes: [[Mistake]] = [
    hostile.enumerated().map { number, hostile in
      Mistake(
        corpus: "shop & <co>", split: "dev", id: "\(number)<\(hostile.text)", head: "sentiment",
        text: hostile.text, gold: "negative", predicted: "positive",
        confidence: 0.9 - Double(number) / 100, isLabelSuspect: number.isMultiple(of: 2))
    }, [],
    [
      Mistake(
        corpus: "street", split: "dev", id: "7", head: "names", text: hostile[0].text,
        gold: "", predicted: "PER \(hostile[0].text)", confidence: 0.8, isLabelSuspect: false),
      Mistake(
        corpus: "street", split: "dev", id: "8", head: "names", text: hostile[1].text,
        gold: "PER \(hostile[1].text)", predicted: "", confidence: 0, isLabelSuspect: false),
    ],
  ]
}
