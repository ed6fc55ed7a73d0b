import Testing

@testable import Evaluation

@Suite struct GroupedFigureTests {
  private let report = ReportFixture.report

  private func isNear(_ left: Double?, _ right: Double) -> Bool {
    left.map { abs($0 - right) < 1e-12 } ?? false
  }

  @Test func corporaCountAsOftenAsTheyHaveTexts() throws {
    let figures = report.byDomain
    #expect(figures.map(\.head) == ["sentiment", "intents", "names"])
    #expect(figures.map(\.group) == ["soap", "soap", EvaluationReport.noDomain])
    #expect(figures.map(\.texts) == [128, 40, 5] && figures.map(\.corpora) == [2, 1, 1])
    // 20 of 28 and 92 of 100 texts are right.
    #expect(isNear(figures[0].figure, 112.0 / 128))
    #expect(isNear(figures[0].majority, 0.5))
    // Right on three of four texts: 21 of 28, 75 of 100.
    #expect(isNear(figures[0].linear, 96.0 / 128))
    #expect(figures[1].linear == nil)
  }

  @Test func slicesOfSeveralCorporaAreOne() throws {
    let languages = report.by("language")
    #expect(languages.map(\.group) == ["en", "zh"] && languages.map(\.corpora) == [2, 1])
    #expect(isNear(languages[0].figure, (28 * 0.5 + 84 * 0.9) / 112))
    #expect(isNear(languages[0].linear, (28 * 0.25 + 84 * 0.65) / 112))
    #expect(report.by("length").map(\.group) == ["1-16", "17-64"])
  }

  @Test func lengthsRiseByNumberAndUnknownDomainsComeLast() {
    var report = report
    func slice(_ value: String) -> Slice {
      Slice(dimension: "length", value: value, texts: 1, figure: 1)
    }
    report.corpora[0].heads[0].slices = ["1025+", "17-64", "257-1024", "1-16"].map(slice)
    report.corpora[1].heads = []
    #expect(report.by("length").map(\.group) == ["1-16", "17-64", "257-1024", "1025+"])
    report.corpora[1].domain = "zoo"
    report.corpora[1].heads = [report.corpora[0].heads[0]]
    report.corpora[0].domain = nil
    #expect(
      report.byDomain.filter { $0.head == "sentiment" }.map(\.group)
        == ["zoo", EvaluationReport.noDomain])
  }
}
