import Files
import Foundation
import Testing

@testable import Reviews

@Suite struct GlossTableTests {
  private let gloss = Gloss(
    id: "a,\"b\"", user: "line\nbreak", time: "2024\r", language: "en",
    sentiment: .init(
      label: .positive, stars: 4.25, confidence: 0.5, probabilities: [0, 0.1, 0.2, 0.3, 0.4]),
    entities: [
      .init(
        layer: .opinion, type: "ASPECT", text: "\"\u{301}quoted", start: 0, end: 8,
        confidence: 1, polarity: .negative)
    ],
    intents: [.init(label: "praise", confidence: 0.75), .init(label: "question", confidence: 0.5)],
    tokens: 3, windows: 1, replaced: 2, model: "m/1")

  /// What another reader of CSV makes of the table.
  private func read(_ table: GlossTable, _ gloss: Gloss, fields: String? = nil) throws -> [[String]]
  {
    let text = table.header + table.row(gloss, fields: fields)
    return try withFile(text, named: "table.csv") { path in
      var reader = DelimitedReader(try ByteSource(path: path), delimiter: UInt8(ascii: ","))
      var rows: [[String]] = []
      while let row = try reader.next() {
        #expect(row.isWellQuoted)
        rows.append(row.fields)
      }
      return rows
    }
  }

  @Test func everyFieldHasItsColumn() throws {
    let rows = try read(GlossTable(keepsFields: true), gloss, fields: #"{"a":"x,y"}"#)
    #expect(rows.count == 2 && rows[0].count == rows[1].count)
    let values = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
    #expect(values["id"] == "a,\"b\"" && values["user"] == "line\nbreak" && values["item"] == "")
    #expect(values["time"]?.utf8.elementsEqual("2024\r".utf8) == true)
    #expect(values["sentiment"] == "positive" && values["stars"] == "4.25" && values["p1"] == "0")
    #expect(values["intents"] == "praise;question" && values["intent_confidences"] == "0.75;0.5")
    #expect(values["abstained"] == "false" && values["replaced"] == "2")
    #expect(values["fields"] == #"{"a":"x,y"}"#)
    let entities = try JSONDecoder().decode(
      [Gloss.Entity].self, from: Data((values["entities"] ?? "").utf8))
    #expect(entities == gloss.entities && values["offsets"] == "")
    var other = gloss
    other.offsets = "utf16"
    #expect(try read(GlossTable(heads: [.entities]), other)[1].contains("utf16"))
  }

  @Test(arguments: Head.allCases) func otherHeadsHaveNoColumns(head: Head) throws {
    let rows = try read(GlossTable(heads: [head]), gloss)
    #expect(rows[0].contains("stars") == (head == .sentiment))
    #expect(rows[0].contains("entities") == (head == .entities))
    #expect(rows[0].contains("intents") == (head == .intents))
    #expect(rows[0].count == rows[1].count && !rows[0].contains("fields"))
  }
}

@Suite struct KeptFieldsTests {
  private func fields(_ line: String) throws -> String? {
    var options = ReviewReader.Options()
    options.keepsFields = true
    return try #require(read(line + "\n", named: "a.jsonl", options).reviews.first).fields
  }

  @Test(
    arguments: [
      (#"{"text":"a"}"#, nil), (#"{"text":"a","id":1,"user":2,"item":3,"time":4}"#, nil),
      (#"{"text":"a","n":1.10}"#, #"{"n":1.10}"#),
      (#"{ "n" : -1.50e+3 , "text":"a","s":"}\"],{" }"#, #"{"n":-1.50e+3,"s":"}\"],{"}"#),
      (#"{"x":{"y":[1,{"z":"]"}]},"text":"a"}"#, #"{"x":{"y":[1,{"z":"]"}]}}"#),
      (#"{"te\u0078t":"a","\u00e9\"":[]}"#, #"{"é\"":[]}"#),
      (#"{"text":"a","":null,"b":false,"b":true}"#, #"{"":null,"b":false,"b":true}"#),
      (#"{"text":"a","deep":[[[[[[]]]]],"\\"]}"#, #"{"deep":[[[[[[]]]]],"\\"]}"#),
    ] as [(String, String?)])
  func otherFieldsAreKeptAsTheyAreWritten(line: String, expected: String?) throws {
    let kept = try fields(line)
    #expect(kept == expected)
    if let kept { _ = try JSONSerialization.jsonObject(with: Data(kept.utf8)) }
  }

  @Test func whatLooksLikeAnEndOfLineIsEscaped() throws {
    #expect(
      try fields("{\"text\":\"a\",\r\"x\":[1,\r2,\"\u{2028}\u{85}\"]}")
        == #"{"x":[1, 2,"\u2028\u0085"]}"#)
  }

  @Test func columnsOfTablesAreKeptAsStrings() throws {
    var options = ReviewReader.Options()
    options.keepsFields = true
    let reading = try read("a,text,b\n1,Fine,\"x \"\"y\"\"\"\n", named: "a.csv", options)
    #expect(reading.reviews.first?.fields == #"{"a":"1","b":"x \"y\""}"#)
  }

  /// A pseudonym stands for the first column; the second would give it away.
  @Test func aSecondColumnOfAFieldsNameIsRefused() throws {
    var options = ReviewReader.Options()
    options.keepsFields = true
    let reading = try read("user,text,user,a\nann,Fine,ann,1\n", named: "a.csv", options)
    #expect(reading.error?.contains("two columns are called 'user'; give each a name") == true)
  }

  @Test func columnsCanBeNamedWhereThereIsNoHeader() throws {
    let options = ReviewReader.Options(columns: ["id", "", "text"])
    #expect(
      try read("1,x,Fine\n2,y,Torn\n", named: "a.csv", options).reviews
        == [Review(id: "1", text: "Fine"), Review(id: "2", text: "Torn")])
    #expect(try read("1\tx\tFine\n", named: "rows", options).reviews.map(\.text) == ["Fine"])
    #expect(try read("1,x,Fine\n", named: "rows", options).reviews.map(\.text) == ["Fine"])
  }
}
