import Files
import Foundation
import TestSupport
import Testing

@testable import Corpora

/// JSON that is not one object a line.
@Suite struct JSONReaderTests {
  @Test func mentionsEndInclusively() throws {
    let rows = """
      \u{feff}{
        "text": "📷李雷在北京，李雷说\\"好\\"{",
        "label": {
          "name": {"李雷": [[1, 2], [7, 8]]},
          "address": {"北京": [[3, 4]]},
          "book": {"好": [[90, 91]], "无": [[0, 0]]}
        }
      }
      {"text": "韩梅", "label": {"name": {"韩梅": [[0, 1]]}, "position": {"韩": [[0, 0]]}}}
      {"text": "五"}
      {"text": "六", "label": {"name": {"六": [[0]]}}}, null
      {"text": "七", "label": {}}
      {"text": "八
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: cluener}
        files: {train: [rows.json]}
        labels:
          spans:
            complete: [PER, LOC, WORK]
            tags: {name: PER, address: LOC, book: WORK, position: unknown}
        """, files: ["rows.json": rows]
    ).load()
    let examples = split.examples
    #expect(examples.map(\.text) == ["📷李雷在北京，李雷说\"好\"{", "韩梅", "七"])
    #expect(
      examples[0].described(examples[0].names)
        == ["李雷/PER", "北京/LOC", "李雷/PER", "好/WORK"])
    #expect(examples[1].names?.unknown == [0..<3])
    #expect(examples.map(\.id) == ["rows.json:1", "rows.json:9", "rows.json:12"])
    #expect(
      split.complaints == [
        "10: not a JSON object of 'text' and 'label'; make it one",
        "11: '六' has no [start, end]; give it two numbers",
        "11: something else than a JSON list or object; remove it",
        "13: the JSON ends before its brackets close; copy the file again",
      ])
    #expect(
      split.notes == [
        "2 spans moved to where their words are",
        "1 spans left out: outside the text or their words are not in it",
      ])
  }

  private static let pairs = """
    {"oos_train": [["sing", "oos"]],
     "train": [["where is [my] \\"order\\"", "order_status"], ["pay", "pay_bill"], ["x"], {"a": 1},
       ["odd", "new"], "bare"],
     "test": [["late", "order_status"]]}
    """

  @Test func listsOfPairsAreReadByMember() throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: json-pairs}
        files:
          train: [{path: data.json, members: [train, oos_train]}]
          test: [{path: data.json, members: [test]}]
        labels:
          intents:
            supervises: [delivery]
            labels: {oos: [], order_status: [delivery], pay_bill: null}
        """, files: ["data.json": Self.pairs])
    let split = try fixture.load()
    #expect(split.examples.map(\.text) == ["sing", "where is [my] \"order\"", "pay"])
    #expect(split.examples.map { $0.intents?.positive } == [[], ["delivery"], nil])
    #expect(split.rejected.map(\.line) == [2, 2, 3, 3])
    #expect(split.rejected.last?.reason.hasPrefix("something else") == true)
    #expect(try fixture.load(.test).examples.map(\.text) == ["late"])
  }

  @Test func listsThatTheCardDoesNotNameDoNotMatter() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: json-pairs}
        files: {train: [{path: data.json, members: [train]}]}
        """,
      files: ["data.json": #"{"meta": ["x"], "train": ["bare", ["hi", "a"]], "more": [1]}"#]
    ).load()
    #expect(split.examples.map(\.text) == ["hi"])
    #expect(split.complaints == ["1: something else than a JSON list or object; remove it"])
  }

  @Test func missingMemberIsAnErrorOfOneLine() throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: json-pairs}
        files: {train: [{path: data.json, members: [val]}]}
        """, files: ["data.json": Self.pairs])
    let error = #expect(throws: CorpusError.self) { try fixture.load() }
    #expect(
      error?.description.hasSuffix(
        "data.json: no list 'val' of [text, label]; correct 'members' of the file on the card")
        == true)
  }

  /// Whatever the chunks that the bytes come in.
  @Test func valuesAreFoundAtTheirDepth() throws {
    let long = String(repeating: "多", count: 50_000)
    let text = #"{"a": [[1], {"b": "]}\\\""}], "c": {"d": []}} ["# + "\n" + #"""# + long + #""]"#
    func values(_ depth: Int) throws -> [String] {
      try withTemporaryFolder { folder in
        let path = folder.appendingPathComponent("x.json").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var values = JSONValues(try ByteSource(path: path), depth: depth)
        var found: [String] = []
        while let item = try values.next() {
          switch item {
          case .value(let bytes, let key, let line):
            let word = String(decoding: bytes, as: UTF8.self)
            found.append("\(key ?? "-"):\(line):\(word.count < 30 ? word : "\(word.count)")")
          case .junk(_, let line, _): found.append("junk:\(line)")
          }
        }
        return found
      }
    }
    #expect(try values(0) == ["-:1:45", "-:1:50005"])
    #expect(try values(2) == ["a:1:[1]", #"a:1:{"b": "]}\\\""}"#, "junk:1", "c:1:[]"])
  }

  @Test func aMissingBraceCostsItsOwnObject() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: cluener}
        files: {train: [rows.json]}
        labels: {spans: {complete: [PER], tags: {name: PER}}}
        """,
      files: [
        "rows.json": """
        {"text": "a", "label": {}}
        {"text": "b", "label": {}
        {"text": "c", "label":
        {}}
        {"text": "d", "label": {}}
        """
      ]
    ).load()
    #expect(split.examples.map(\.text) == ["a", "c", "d"])
    #expect(split.complaints == ["2: its brackets do not close; close them"])
  }

  @Test func numbersKeepTheirDigitsAndTruthItsWords() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: json-members}
        fields: {id: id, text: text, label: label, user: user}
        files: {train: [rows.json]}
        labels: {stars: {"true": [4, 5], "5": [5]}}
        """,
      files: [
        "rows.json": """
        {"a": {"id": 1234567890123456789, "text": "Fine", "label": true, "user": 9007199254740993},
         "b": {"id": 1234567890123456788, "text": "Good", "label": 5.0, "user": 9007199254740992}}
        """
      ]
    ).load()
    #expect(split.examples.map(\.id) == ["1234567890123456789", "1234567890123456788"])
    #expect(split.examples.map(\.user) == ["9007199254740993", "9007199254740992"])
    #expect(split.examples.map { $0.stars?.stars } == [[4, 5], [5]])
    let lines = try CorpusFixture(
      card: """
        reader: {format: json-lines}
        fields: {text: text, user: user}
        files: {train: [rows.jsonl]}
        """,
      files: [
        "rows.jsonl": """
        {"text": "Fine", "user": 12345678901234567890}
        {"text": "Good", "user": 4.5}
        """
      ]
    ).load()
    #expect(lines.examples.map(\.user) == ["12345678901234567890", "4.5"])
  }
}
