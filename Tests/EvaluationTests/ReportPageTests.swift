import Foundation
import Testing

@testable import Evaluation

@Suite struct ReportPageTests {
  private let report = ReportFixture.report
  private let page: PageNode

  init() throws {
    page = try PageNode.parse(ReportPage(report, mistakes: ReportFixture.mistakes).html)
  }

  private func figure(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "–"
  }

  @Test func nothingComesFromElsewhereAndNothingRuns() {
    #expect(page.attributes["lang"] == "en")
    let ids = page.descendants.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for node in page.descendants {
      #expect(!["script", "link", "img", "iframe", "object"].contains(node.name))
      for (name, value) in node.attributes {
        #expect(!name.hasPrefix("on") && name != "src", "\(name)")
        guard name == "href" else { continue }
        let isHere = value.hasPrefix("#") && ids.contains(String(value.dropFirst()))
        #expect(isHere || ["metrics.json", "mistakes.jsonl"].contains(value), "\(value)")
      }
    }
    let style = page.all("style").map(\.text).joined()
    #expect(!style.isEmpty && !style.contains("url(") && !style.contains("@import"))
  }

  @Test func everyTableAndDrawingSaysWhatItIs() throws {
    #expect(page.all("table").count > 6 && page.all("svg").count > 10)
    for table in page.all("table") {
      #expect(table.children.first?.name == "caption")
      #expect(table.all("th").allSatisfy { $0.attributes["scope"] != nil })
    }
    for drawing in page.all("svg") {
      #expect(drawing.attributes["role"] == "img")
      #expect(drawing.children.first?.name == "title" && drawing.children.first?.text != "")
    }
    // No heading skips a level.
    let levels = page.descendants.compactMap { node in
      node.name.count == 2 && node.name.hasPrefix("h") ? Int(node.name.suffix(1)) : nil
    }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    for (level, next) in zip(levels, levels.dropFirst()) { #expect(next <= level + 1) }
  }

  @Test func everyFigureOfTheOverviewIsTheReports() throws {
    let table = try #require(page.element(id: "overview")?.all("table").first)
    var expected: [[String]] = []
    for corpus in report.corpora {
      for (number, head) in corpus.heads.enumerated() {
        let interval = try #require(head.scores.intervals?.microF1)
        expected.append(
          (number == 0 ? [corpus.corpus] : []) + [
            "\(head.head) \(head.measure)",
            "\(figure(head.scores.micro.f1)) \(figure(interval.low))–\(figure(interval.high))", "",
            figure(head.linear?.micro.f1), figure(head.majority.micro.f1), String(head.texts),
          ])
      }
    }
    #expect(Array(table.rows.dropFirst()) == expected)
    #expect(page.all("h1").map(\.text) == [report.model])
    #expect(page.all("h3").map(\.text) == report.corpora.map(\.corpus))
  }

  @Test func everyHeadHasItsLabelsConfusionAndPlots() throws {
    for (index, corpus) in report.corpora.enumerated() {
      let section = try #require(page.element(id: "corpus-\(index + 1)"))
      #expect(section.all("h4").map(\.text) == corpus.heads.map(\.head))
      for head in corpus.heads {
        let own = try #require(page.element(id: "corpus-\(index + 1)-\(head.head)"))
        let labels = try #require(own.all("table", "labels").first).rows
        for (label, scores) in head.scores.labels {
          let row = try #require(labels.first { $0[0] == label })
          #expect(
            row == [
              label, figure(scores.precision), figure(scores.recall), figure(scores.f1),
            ] + (head.linear.map { [figure($0.labels[label]?.f1)] } ?? []) + [
              String(scores.support)
            ])
        }
        #expect(labels.count == head.scores.labels.count + 3)
        let cells = own.all("table", "confusion").flatMap { $0.all("tbody") }.flatMap(\.rows)
        #expect(cells.count == head.confusion?.classes.count ?? 0)
        for (row, counts) in zip(cells, head.confusion?.counts ?? []) {
          let total = Double(counts.reduce(0, +))
          #expect(row.dropFirst() == counts.map { "\($0)\(figure(Double($0) / total))" }[...])
        }
        let captions = own.all("figcaption").map(\.text).joined()
        #expect(captions.contains("Calibration error \(figure(head.reliability?.error))"))
        if let before = head.reliability?.errorBefore { #expect(captions.contains(figure(before))) }
        #expect(captions.contains("Coverage") == (head.head == "sentiment"))
        let points = own.all("svg").first?.all("circle").count
        #expect(points == head.reliability?.bins.count)
      }
    }
  }

  @Test func textsAreShownAsTheyAre() throws {
    let section = try #require(page.element(id: "corpus-1-sentiment"))
    let list = try #require(section.all("ol").first)
    #expect(list.all("li").count == ReportFixture.hostile.count)
    for (item, hostile) in zip(list.all("li"), ReportFixture.hostile) {
      let text = try #require(item.all("p", "text").first)
      #expect(text.text == hostile.shown)
      #expect(text.attributes["dir"] == "auto" && text.children.isEmpty)
    }
    #expect(list.all("span", "flag").count == 4)
    // The doubtful ones all stand among the worst: they are linked, not shown again.
    #expect(section.all("ol").count == 1)
    let links = section.all("p", "how").flatMap { $0.all("a") }.map(\.text)
    #expect(links == ["1", "3", "5", "7"])
    let spans = try #require(page.element(id: "corpus-3-names")).all("li")
    #expect(
      spans.map { $0.all("span", "said")[0].text } == [
        "model PER <script>alert(1)</script><b> 0.800", "model nothing",
      ])
    // What a program writes for its own types is nowhere, and markup only where it is meant.
    #expect(!page.text.contains("Markup(") && !page.text.contains("<th"))
    #expect(page.all("b").allSatisfy { Double($0.text) != nil })
  }

  @Test func longTextsAreFoldedBetweenCharacters() throws {
    let family = "👩‍👩‍👧‍👦"
    let text = String(repeating: family, count: 1_000)
    let page = try PageNode.parse("<p>\(MistakeList.shown(text).source)</p>")
    let parts = page.all("p", "text").map(\.text)
    #expect(parts == [String(text.prefix(400)) + "…", String(text.dropFirst(400))])
    #expect(page.all("summary").map(\.text) == ["the rest, 600 characters"])
    #expect(page.all("details").allSatisfy { $0.attributes["open"] == nil })
    // A few more characters than that are not folded.
    #expect(!MistakeList.shown(String(text.prefix(420))).source.contains("<details"))
  }

  @Test func listsAreLimitedAndTheDoubtfulGoOn() throws {
    let mistakes = (0..<90).map { number in
      Mistake(
        corpus: "c", split: "dev", id: "\(number / 2)", head: "intents", text: "t\(number / 2)",
        gold: "not praise", predicted: "praise", confidence: 1 - Double(number) / 100,
        isLabelSuspect: true)
    }
    let list = MistakeList(mistakes: mistakes, anchor: "c", hasLinear: true)
    let lists = try PageNode.parse("<div>\(list.markup.source)</div>").all("ol")
    // Two mistakes of a row stand with one text.
    #expect(
      lists.map { $0.all("li").map { $0.all("p", "text")[0].text } } == [
        (0..<20).map { "t\($0)" }, (20..<40).map { "t\($0)" },
      ])
    #expect(lists[0].all("span", "said").count == 40)
  }

  @Test func emptyReportsArePagesToo() throws {
    let none = EvaluationReport(model: "m", corpora: [])
    let empty = try PageNode.parse(ReportPage(none, mistakes: []).html)
    #expect(empty.text.contains("No corpus was evaluated."))
    let unlabelled = EvaluationReport(
      model: "m", corpora: [CorpusReport(corpus: "c", split: "dev", texts: 0, heads: [])])
    let page = try PageNode.parse(ReportPage(unlabelled, mistakes: [[]]).html)
    #expect(page.all("h3").map(\.text) == ["c"])
  }

  @Test func oneCorpusIsOpen() throws {
    var one = report
    one.corpora = [report.corpora[2]]
    let page = try PageNode.parse(ReportPage(one, mistakes: [ReportFixture.mistakes[2]]).html)
    #expect(page.all("details", "corpus").map { $0.attributes["open"] } == ["open"])
    #expect(self.page.all("details", "corpus").allSatisfy { $0.attributes["open"] == nil })
  }
}
