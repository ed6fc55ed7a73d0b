import Corpora
import Foundation
import Tensors
import Testing
import Tokenization

@testable import Curation

@Suite struct StatisticsTests {
  @Test func labelsLanguagesAndLengthsAreCounted() throws {
    let tokenizer = try #require(CurationFixture.tokenizer)
    let texts = ["The kettle was wonderful.", "水壶真的很好用。", "Fine", "Fine soap"]
    let fixture = CurationFixture(
      cards: [
        "one": """
        reader: {format: gloss-json}
        files: {train: [a.jsonl], test: [b.jsonl]}
        labels:
          given_stars: true
          intents: {supervises: [praise, complaint]}
          spans: {complete: [ASPECT]}

        """,
        "two": "kind: purchases\nreader: {format: delimited}\n"
          + "fields: {user: u, item: i, time: t}\nfiles: {train: [c.csv]}\n",
      ],
      files: [
        "a.jsonl": """
        {"text": "\(texts[0])", "user": "a", "time": "2024-02-03", "stars": [4, 5], "entities": [{"layer": "opinion", "type": "ASPECT", "start": 4, "end": 10, "polarity": "positive"}], "intents": ["praise"]}
        {"text": "\(texts[1])", "user": "a", "item": "x", "time": "2023-02-03", "stars": 5, "intents": []}
        {"text": "\(texts[2])", "user": "b"}
        not a row
        """, "b.jsonl": "{\"text\": \"\(texts[3])\"}\n",
        "c.csv": "u,i,t\na,x,2024-01-01\n,y,2024-01-02\n",
      ])
    let statistics = try fixture.withCorpora { folder, _ in
      try CorpusStatistics.of(folder.corpora, tokenizer: tokenizer, workers: Workers(count: 2))
    }
    #expect(
      statistics.map { "\($0.corpus)/\($0.split)" } == ["one/train", "one/test", "two/train"])
    let train = statistics[0]
    #expect(train.rows == 3 && train.languages == ["en": 2, "zh": 1])
    #expect(train.stars == ["4-5": 1, "5": 1] && train.spans == ["ASPECT positive": 1])
    #expect(train.intents == ["praise": 1])
    #expect(train.supervisedIntents == ["praise": 2, "complaint": 2])
    #expect(train.users == 2 && train.items == 1)
    #expect(train.firstTime == "2023-02-03" && train.lastTime == "2024-02-03")
    let lengths = texts.prefix(3).map { tokenizer.encode($0).count }.sorted()
    #expect(train.pieces?.median == lengths[1] && train.pieces?.longest == lengths[2])
    #expect(train.pieces?.p95 == lengths[2] && train.pieces?.total == lengths.reduce(0, +))
    #expect(statistics[2].users == 1 && statistics[2].items == 2 && statistics[2].pieces == nil)
    let text = StatisticsReport(corpora: statistics).text()
    #expect(text.contains("one/train intents: complaint 0 of 2, praise 1 of 2\n"))
    #expect(text.contains("two/train times: 2024-01-01 to 2024-01-02\n"))
  }

  @Test func percentilesAreThoseOfSortedLengths() throws {
    let tokenizer = try #require(CurationFixture.tokenizer)
    let texts = (1...40).map { Array(repeating: "soap", count: $0).joined(separator: " ") }
    let fixture = CurationFixture(
      cards: ["one": "reader: {format: lines}\nfiles: {train: [a.txt]}\n"],
      files: ["a.txt": texts.reversed().joined(separator: "\n")])
    let lengths = texts.map { tokenizer.encode($0).count }.sorted()
    let pieces = try fixture.withCorpora { folder, _ in
      try CorpusStatistics.of(folder.corpora, tokenizer: tokenizer, workers: Workers(count: 1))
    }[0].pieces
    #expect(pieces?.median == lengths[19] && pieces?.p95 == lengths[37])
  }

  @Test func cardsAreShownWithTheirMasksAndRows() throws {
    let fixture = CurationFixture(
      cards: [
        "one": """
        title: A fixture
        reader: {format: labelled-lines}
        files: {train: [{path: a.txt, rows: 2}]}
        hash: {test: 50}
        labels: {intents: {supervises: [praise], labels: {p: [praise], n: []}}}
        scores:
          - {system: S, split: test, metric: F1, value: 0.5, source: a paper}

        """
      ], files: ["a.txt": "p fine\nn so\n"])
    let text = try fixture.withCorpora { folder, _ in
      try CardText(folder.corpora[0], rows: 9).text()
    }
    #expect(text.hasPrefix("one: A fixture\n"))
    #expect(text.contains("files       a.txt, 2 rows\n"))
    #expect(text.contains("trains      intents\ncomplete    praise\nmasked      sentiment\n"))
    #expect(text.contains("            complaint, suggestion,"))
    #expect(text.contains("scores      0.5 F1 on test: S (a paper)\n"))
    #expect(
      text.contains("\"text\":\"fine\",\"intents\":[\"praise\"],\"supervises\":[\"praise\"]}"))
    #expect(text.contains("licence     not stated\n"))
  }
}
