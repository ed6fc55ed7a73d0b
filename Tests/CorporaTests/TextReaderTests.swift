import Foundation
import Testing

@testable import Corpora

/// Formats with one label a text.
@Suite struct TextReaderTests {
  @Test func jsonLinesSurviveTheirTraps() throws {
    let lines = [
      "\u{feff}{\"id\": 7, \"body\": \"One.<br /><br/>Two<BR>\", \"label\": 1}\r",
      "", #"{"id": "b", "body": "a < b <break>", "label": "0"}"#, #"{"id": 3"#,
      "[1]", #"{"id": "c", "label": 1}"#, #"{"id": "d", "body": " \n", "label": 1}"#,
      #"{"id": "e", "body": "fine"}"#, #"{"id": "f", "body": "fine", "label": 9}"#,
    ]
    let split = try CorpusFixture(
      card: """
        reader: {format: json-lines, html_breaks: true}
        fields: {id: id, text: body, label: label}
        files: {train: [rows.jsonl]}
        labels: {stars: {"0": [1, 2], "1": [4, 5]}}
        """, files: ["rows.jsonl": lines.joined(separator: "\n")]
    ).load()
    #expect(
      split.examples == [
        Example(id: "7", text: "One.\n\nTwo\n", stars: .positive),
        Example(id: "b", text: "a < b <break>", stars: .negative),
      ])
    #expect(
      split.complaints == [
        "4: not a JSON object; write one a line", "5: not a JSON object; write one a line",
        "6: no text in 'body'; give one or name the member",
        "7: empty text; write one or leave the row out",
        "8: no label; give one, or map \"\" to null under labels.stars of the card",
        "9: label '9' is not in the card's labels.stars; correct it or map it there",
      ])
    #expect(split.rowsRead == 8)
  }

  /// None of these is a text that anybody wrote, and none may become one.
  @Test func jsonValuesThatCannotBeReadAreRejected() throws {
    let lines = [
      "{\"text\": \"a\u{9}b\", \"label\": 1}", #"{"text": "Great \ud83d", "label": 1}"#,
      #"{"text": "a\qb", "label": 1}"#, #"{"text": "fine", "label": 1e999}"#,
      #"{"text": "fine", "label": ["1"]}"#, #"{"text": "fine", "label": {"a": 1}}"#,
      #"{"text": "kept", "label": 1}"#,
    ]
    let split = try CorpusFixture(
      card: """
        reader: {format: json-lines}
        fields: {text: text, label: label}
        files: {train: [rows.jsonl]}
        labels: {stars: {"1": [4, 5]}}
        """, files: ["rows.jsonl": lines.joined(separator: "\n")]
    ).load()
    let unreadable = "cannot be read; mend its escapes, control characters or digits"
    #expect(split.examples.map(\.text) == ["kept"])
    #expect(
      split.complaints == [
        "1: 'text' \(unreadable)", "2: 'text' \(unreadable)", "3: 'text' \(unreadable)",
        "4: 'label' \(unreadable)", "5: 'label' is a list or an object; give one value",
        "6: 'label' is a list or an object; give one value",
      ])
  }

  @Test(arguments: [
    ("json-lines", #"{"text": "caf"#, "\"}\n"), ("gloss-json", #"{"text": "caf"#, "\"}\n"),
    ("cluener", #"{"label": {}, "text": "caf"#, "\"}\n"),
  ])
  func invalidBytesOfJSONAreReplacedWhereTheCardSaysLossy(
    format: String, before: String, after: String
  ) throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: \(format), encoding: utf-8-lossy}
        files: {train: [rows.json]}
        """, data: ["rows.json": Data(before.utf8) + [0xE9] + Data(after.utf8)]
    ).load()
    #expect(split.examples.map(\.text) == ["caf\u{FFFD}"])
    #expect(split.complaints == [])
  }

  @Test func invalidBytesAreRejectedUnlessTheCardSaysLossy() throws {
    let data = ["rows.tsv": Data("label\ttext_a\n1\tcaf".utf8) + [0xe9] + Data("\n0\tok\n".utf8)]
    let card = """
      reader: {format: delimited, delimiter: tab, quoting: false, encoding: ENCODING}
      fields: {text: text_a, label: label}
      files: {test: [rows.tsv]}
      labels: {stars: {"0": [1], "1": [5]}}
      """
    let strict = try CorpusFixture(
      card: card.replacingOccurrences(of: "ENCODING", with: "utf-8"), data: data
    ).load(.test)
    #expect(strict.examples.map(\.text) == ["ok"])
    #expect(strict.rejected.first?.line == 2)
    #expect(strict.rejected.first?.reason.hasPrefix("not valid UTF-8") == true)
    let lossy = try CorpusFixture(
      card: card.replacingOccurrences(of: "ENCODING", with: "utf-8-lossy"), data: data
    ).load(.test)
    #expect(lossy.examples.map(\.text) == ["caf\u{fffd}", "ok"])
  }

  @Test func tablesSurviveTheirTraps() throws {
    let csv =
      "\u{feff}id,review,stars\r\n1,\"two\r\nlines, \"\"quoted\"\"\",5\r\n2,short\r\n3,,1\r\n"
      + "4,plain,3\r\n\r\n"
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited}
        fields: {text: review, label: stars}
        files: {train: [rows.csv]}
        labels: {stars: {"1": [1], "3": [3], "5": [5]}}
        """, files: ["rows.csv": csv]
    ).load()
    #expect(split.examples.map(\.id) == ["rows.csv:2", "rows.csv:6"])
    // Whether a quoted line ends with a carriage return is the delimited reader's business.
    let texts = split.examples.map { String($0.text.unicodeScalars.filter { $0 != "\r" }) }
    #expect(texts == ["two\nlines, \"quoted\"", "plain"])
    #expect(split.examples.map(\.stars) == [StarSet(stars: [5]), .neutral])
    #expect(
      split.complaints == [
        "4: the number of fields is 2, expected 3; quote fields that hold the delimiter",
        "5: empty text; write one or leave the row out",
      ])
  }

  @Test func quotesAreOrdinaryWhereQuotingIsOff() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited, delimiter: tab, quoting: false}
        files: {train: [rows.tsv]}
        """, files: ["rows.tsv": "text\tx\n\"open\t1\nit's \"5\t2\n"]
    ).load()
    #expect(split.examples.map(\.text) == ["\"open", "it's \"5"])
  }

  @Test func namedColumnsDoWithoutHeaderAndSkipOne() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited, columns: [id, sentence, label], strip_quotes: true}
        fields: {id: id, text: sentence, label: label}
        files: {train: [bare.csv, headed.csv, empty.csv]}
        deduplicate: true
        labels: {intents: {supervises: [suggestion], labels: {"0": [], "1": [suggestion]}}}
        """,
      files: [
        "bare.csv": "a,\"\"\"Add a lid\"\"\",1\nb,add a LID!,0\nc,It \"works\",0\n",
        "headed.csv": "id,sentence,label\nd,Add a lid,1\ne,\",0\n\",0\n", "empty.csv": "",
      ]
    ).load()
    #expect(split.examples.map(\.id) == ["a", "c", "e"])
    #expect(split.examples.map(\.text) == ["Add a lid", "It \"works\"", ",0\n"])
    #expect(split.examples.map { $0.intents?.positive } == [["suggestion"], [], []])
    #expect(split.duplicatesDropped == 2)
    #expect(split.notes == ["1 dropped duplicates had another label than the row kept"])
    #expect(split.rowsRead == 5)
  }

  @Test func labelledLinesSplitAtTheFirstDelimiter() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: labelled-lines, delimiter: space}
        files: {dev: [rows.txt]}
        labels: {stars: {"0": [1, 2], "1": [4, 5]}}
        """, files: ["rows.txt": "1 it does work\r\n\n0 no\nnone\n1  \n"]
    ).load(.dev)
    #expect(split.examples.map(\.text) == ["it does work", "no"])
    #expect(split.examples.map(\.stars) == [.positive, .negative])
    #expect(
      split.complaints == [
        "4: no label; write one and the delimiter", "5: empty text; write one or leave the row out",
      ])
  }

  @Test func treesGiveTheRootsLabelAndTheWords() throws {
    let trees = """
      (4 (2 (2 Solid) (2 -LRB-)) (3 (2 9\\/10) (2 (2 -RRB-) (2 ``))))
      (0 Bad)
      (1 (2 open)
      no tree
      (7 (2 odd) (2 label))
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: sst-trees}
        files: {train: [trees.txt]}
        labels: {stars: {"0": [1], "1": [2], "2": [3], "3": [4], "4": [5]}}
        """, files: ["trees.txt": trees]
    ).load()
    #expect(split.examples.map(\.text) == ["Solid ( 9/10 ) \"", "Bad"])
    #expect(split.examples.map { $0.stars?.stars } == [[5], [1]])
    #expect(
      split.complaints == [
        "3: not a tree '(label ...)'; correct it", "4: not a tree '(label ...)'; correct it",
        "5: label '7' is not in the card's labels.stars; correct it or map it there",
      ])
  }

  @Test func treesGiveTheirPhrasesWithoutWordsAndSentences() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: sst-trees, phrases: true}
        files: {train: [trees.txt]}
        labels: {stars: {"0": [1], "1": [2], "2": [3], "3": [4], "4": [5]}}
        """,
      files: [
        "trees.txt":
          "(1 (3 (2 A) (3 (4 fine) (2 day))) (0 (0 spoilt) (2 -RRB-)))\n(2 (2 so) (2 so))\n"
      ]
    ).load()
    #expect(split.examples.map(\.text) == ["fine day", "A fine day", "spoilt )"])
    #expect(split.examples.map { $0.stars?.stars } == [[4], [4], [1]])
    #expect(split.examples.map(\.id) == ["trees.txt:1.4", "trees.txt:1.5", "trees.txt:1.8"])
    #expect(split.complaints == [])
  }
}
