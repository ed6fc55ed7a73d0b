import Foundation
import Testing

@testable import Corpora

/// Formats of lines, each on a file of its shape with its traps.
@Suite struct LineReaderFormatTests {
  private func load(_ card: String, _ files: [String: String]) throws -> LoadedSplit {
    try CorpusFixture(card: card, files: files).load()
  }

  @Test func linesTakeTheLabelOfTheirFile() throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: lines, comment: ";"}
        files:
          train:
            - {path: good.txt, label: good}
            - {path: bad.txt, label: bad}
        labels: {stars: {good: [4, 5], bad: [1, 2]}}
        """,
      data: [
        "good.txt": Data("\u{FEFF}; header\r\nFine soap\r\n\r\n \n".utf8),
        "bad.txt": Data("Dull; dim\ncaf".utf8) + [0xE9, 0x0A] + Data("last".utf8),
      ])
    let split = try fixture.load()
    #expect(split.examples.map(\.text) == ["Fine soap", "Dull; dim", "last"])
    #expect(split.examples.map(\.stars) == [.positive, .negative, .negative])
    #expect(
      split.complaints == [
        "4: empty text; write one or leave the row out", "2: \(DataFile.invalidUTF8)",
      ])
    #expect(split.rowsRead == 5)
  }

  @Test func parallelLinesAreJoinedAndMissingOnesTold() throws {
    let split = try load(
      """
      reader: {format: parallel-lines, columns: [review, rating, id]}
      fields: {text: review, label: rating, item: id}
      files: {train: [{path: a.txt, user: Ana}, a.rating, a.id, b.txt, b.rating, b.id]}
      labels: {rating: {lowest: 0, highest: 1}}
      """,
      [
        "a.txt": "slow film\r\nfine film\nodd\nlost\n", "a.rating": "0\n0.7\nmany\n",
        "a.id": "7\n8\n9\n10\n", "b.txt": "good\n", "b.rating": "1", "b.id": "\n",
      ])
    #expect(split.examples.map(\.text) == ["slow film", "fine film", "good"])
    #expect(split.examples.map { $0.stars?.stars } == [[1], [3, 4], [5]])
    #expect(split.examples.map(\.user) == ["Ana", "Ana", nil])
    #expect(split.examples.map(\.item) == ["7", "8", nil])
    #expect(
      split.complaints == [
        "3: rating is 'many', expected a number from 0.0 to 1.0",
        "4: a.rating has no such line; give all files as many",
      ])
  }

  @Test func elementsAreUnescapedAsOftenAsTheyWereEscaped() throws {
    let split = try load(
      """
      reader: {format: element-lines}
      files: {train: [rows.txt]}
      labels: {stars: {Pros: [4, 5], Cons: [1, 2]}}
      """,
      [
        "rows.txt": """
        \u{FEFF}  <Pros>Light &amp;amp; &amp;quot;quick&amp;quot; &lt;3</Pros>\r
        <Cons>It&#146;s slow&#13;&#10;and AT&T is out; &#x26; more</Cons>
        <Cons>never closed

        plain
        <Cons>crossed</Pros>
        <Pros></Pros>
        <Maybe>hm</Maybe>
        """
      ])
    #expect(
      split.examples.map(\.text) == [
        "Light & \"quick\" <3", "It's slow  and AT&T is out; & more",
      ])
    #expect(split.examples.map(\.stars) == [.positive, .negative])
    #expect(
      split.complaints == [
        "3: <Cons> does not close; end the line with </Cons>",
        "5: no element; write <Label>text</Label>",
        "6: <Cons> does not close; end the line with </Cons>",
        "7: empty text; write one or leave the row out",
        "8: label 'Maybe' is not in the card's labels.stars; correct it or map it there",
      ])
  }

  @Test func comparativeSentencesSurviveTheirTags() throws {
    let split = try load(
      """
      reader: {format: comparative-sentences}
      files: {train: [rows.txt]}
      labels:
        intents: {supervises: [comparison], labels: {none: [], cs-1: [comparison], cs-4: []}}
      """,
      [
        "rows.txt": """
        ****************************
        a lamp with a switch .
        <cs-1><cs-2>
        brighter
        than the old one .
        /cs-2>
        1_lamp 2_old one 3_bright (brighter)
        (brighter)

        (an aside)
        <cs-4>
        never closed
        <cs-1>
        taller .
        </cs-1>.
        3 . a plain sentence
        </cs-2>
        <cs-1>
        open at the end
        """
      ])
    #expect(
      split.examples.map(\.text) == [
        "a lamp with a switch .", "brighter than the old one .", "(an aside)", "taller .",
        "3 . a plain sentence",
      ])
    #expect(
      split.examples.map { $0.intents?.positive ?? [] } == [
        [], ["comparison"], [], ["comparison"], [],
      ])
    #expect(
      split.complaints == [
        "11: <cs-4> does not close; close it", "17: </cs-2> closes nothing; open it before",
        "18: <cs-1> does not close; close it",
      ])
  }

  @Test func featuresAreFoundByTheirWordsAndTheRestIsUnknown() throws {
    let split = try load(
      """
      reader: {format: feature-lines}
      files: {train: [{path: rows.txt, item: Lamp 3}]}
      labels:
        derive_intents: true
        spans: {complete: [ASPECT], tags: {feature: ASPECT}, outside: unknown}
      """,
      [
        "rows.txt": """
        * annotated by us
        [t] bright enough
        switch[+2],cable[-1][u]##a lightswitch , the Switch clicks .
        ##it came on time .
        [t]
        base{-1], bulb [2], shade[+3##base and bulb .
        lid[+1]#one mark is missing
        """
      ])
    let titled = split.examples[0]
    #expect(split.examples.map(\.item) == Array(repeating: "Lamp 3", count: 4))
    #expect(titled.text == "bright enough" && titled.opinions == nil && titled.intents == nil)
    let first = split.examples[1]
    #expect(first.described(first.opinions) == ["Switch/ASPECT/positive"])
    #expect(first.opinions?.unknown == [0..<19, 27..<35])
    #expect(first.intents?.positive == ["praise", "complaint"])
    #expect(split.examples[2].opinions?.unknown == [0..<17])
    #expect(split.examples[2].intents == nil)
    let last = split.examples[3]
    #expect(last.described(last.opinions) == ["base/ASPECT/negative", "bulb/ASPECT"])
    #expect(split.complaints == ["7: no ## before the sentence; put it after the features"])
    #expect(split.notes == ["1 spans left out: outside the text or their words are not in it"])
  }

  @Test func jsonMembersAreRowsAndFillTheirGaps() throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: json-members, nested: reviews}
        fields: {text: text, label: stars, user: user, item: film, time: date}
        files: {train: [rows.json], test: [list.json]}
        labels: {rating: {lowest: 1, highest: 5}}
        """,
      files: [
        "rows.json": """
        {"b": {"user": "u-2", "text": "the holder's own", "reviews": {"r1": {"stars": 5},
          "r0": {"text": "冷", "stars": 4.0, "film": 12, "date": "2021-03-31"}, "r2": "none", "r3": {"text": " ", "stars": 1}}},
         "a": {"user": 3, "reviews": {"r0": {"text": "ok", "stars": 2, "date": "2021-02-30"}}},
         "c": {"user": "u-4"}}
        """, "list.json": "[1, 2]",
      ])
    let split = try fixture.load()
    #expect(split.examples.map(\.text) == ["ok", "冷", "the holder's own"])
    #expect(split.examples.map(\.user) == ["3", "u-2", "u-2"])
    #expect(split.examples.map(\.item) == [nil, "12", nil])
    #expect(split.examples.map(\.time) == [nil, "2021-03-31", nil])
    #expect(split.examples.map(\.id) == ["rows.json:a/r0", "rows.json:b/r0", "rows.json:b/r1"])
    #expect(
      split.complaints == [
        "1: 'b/r2' is no JSON object; make it one",
        "1: empty text; write one or leave the row out",
        "1: 'c' has no object 'reviews'; name another on the card",
      ])
    #expect(split.notes == ["1 times that are no date: left out"])
    let error = #expect(throws: CorpusError.self) { try fixture.load(.test) }
    #expect(error?.description.contains("list.json: not one JSON object; ") == true)
  }
}
