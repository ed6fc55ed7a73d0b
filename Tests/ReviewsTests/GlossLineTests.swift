import Foundation
import TestSupport
import Testing

@testable import Reviews

@Suite struct GlossLineTests {
  private let full = Gloss(
    id: "r-17", user: "u-3", item: "B00X", time: "2024-05-02T10:11:12Z", language: "en",
    sentiment: .init(
      label: .negative, stars: 1.7, confidence: 0.94,
      probabilities: [0.55, 0.31, 0.08, 0.04, 0.02]),
    entities: [
      .init(
        layer: .opinion, type: "ASPECT", text: "battery life", start: 4, end: 16, confidence: 0.91,
        polarity: .negative),
      .init(
        layer: .name, type: "PRODUCT", text: "iPhone 12", start: 20, end: 29, confidence: 0.88),
    ],
    intents: [.init(label: "complaint", confidence: 0.9)], tokens: 143, windows: 1,
    model: "gloss-small/3f9c2d1a")

  private let bare = Gloss(
    id: "a:1", language: "und",
    sentiment: .init(
      label: .neutral, stars: 3, confidence: 1, probabilities: [0, 0, 1, 0, 0.0001]),
    entities: [], intents: [], tokens: 0, windows: 1, model: "m/0")

  private func error(of line: String) -> GlossLineError? {
    do {
      _ = try Gloss(jsonLine: line)
      return nil
    } catch {
      return error
    }
  }

  private func decoded(_ line: String) throws -> Gloss {
    try JSONDecoder().decode(Gloss.self, from: Data(line.utf8))
  }

  @Test func fieldsStandInTheOrderOfTheContract() {
    let expected =
      #"{"id":"r-17","user":"u-3","item":"B00X","time":"2024-05-02T10:11:12Z","language":"en","#
      + #""sentiment":{"label":"negative","stars":1.7,"confidence":0.94,"#
      + #""probabilities":[0.55,0.31,0.08,0.04,0.02]},"#
      + #""entities":[{"layer":"opinion","type":"ASPECT","text":"battery life","start":4,"#
      + #""end":16,"confidence":0.91,"polarity":"negative"},"#
      + #"{"layer":"name","type":"PRODUCT","text":"iPhone 12","start":20,"end":29,"#
      + #""confidence":0.88}],"#
      + #""intents":[{"label":"complaint","confidence":0.9}],"#
      + #""tokens":143,"windows":1,"model":"gloss-small/3f9c2d1a"}"#
    #expect(full.jsonLine() == expected)
  }

  @Test func absentFieldsAreLeftOut() {
    let expected =
      #"{"id":"a:1","language":"und","#
      + #""sentiment":{"label":"neutral","stars":3,"confidence":1,"#
      + #""probabilities":[0,0,1,0,0.0001]},"#
      + #""entities":[],"intents":[],"tokens":0,"windows":1,"model":"m/0"}"#
    #expect(bare.jsonLine() == expected)
  }

  @Test func everyRecordReadsBackEqual() throws {
    for gloss in [full, bare] {
      #expect(try decoded(gloss.jsonLine()) == gloss)
      #expect(try Gloss(jsonLine: gloss.jsonLine()) == gloss)
    }
  }

  @Test(arguments: [
    ("quote \" and \\ slash", #"quote \" and \\ slash"#),
    ("line\nfeed\rreturn\ttab", #"line\nfeed\rreturn\ttab"#),
    ("\0\u{1}\u{8}\u{C}\u{1F}", #"\u0000\u0001\u0008\u000c\u001f"#),
    ("a\u{2028}b\u{2029}c", #"a\u2028b\u2029c"#),
    ("\u{2027}\u{202A}\u{7F}\u{86}", "\u{2027}\u{202A}\u{7F}\u{86}"), ("a\u{85}", #"a\u0085"#),
    ("好评 👍🏽 é / café", "好评 👍🏽 é / café"), ("", ""),
    ("\u{FFFD}\u{FEFF}\u{10FFFF}", "\u{FFFD}\u{FEFF}\u{10FFFF}"),
  ])
  func stringsAreEscapedAndReadBack(text: String, escaped: String) throws {
    var gloss = bare
    gloss.id = text
    let line = gloss.jsonLine()
    #expect(line.hasPrefix("{\"id\":\"\(escaped)\","))
    #expect(try decoded(line).id.unicodeScalars.elementsEqual(text.unicodeScalars))
  }

  @Test func randomStringsAndNumbersReadBackOnOneLine() throws {
    let seed: UInt64 = 20_240_502
    var random = SeededGenerator(seed: seed)
    let alphabet = (0...0x2FF).map(UInt32.init) + Array(0x2020...0x2030) + Array(0x1F600...0x1F64F)
    for round in 0..<300 {
      var gloss = full
      let scalars = (0..<40).compactMap { _ in
        alphabet.randomElement(using: &random).flatMap(Unicode.Scalar.init)
      }
      gloss.user = String(String.UnicodeScalarView(scalars))
      gloss.sentiment.stars = (Double.random(in: 1...5, using: &random) * 1e4).rounded() / 1e4
      gloss.sentiment.confidence = Double.random(in: 0...1e-6, using: &random)
      gloss.tokens = .random(in: 0...Int.max, using: &random)
      let line = gloss.jsonLine()
      #expect(try decoded(line) == gloss, "seed \(seed), round \(round)")
      #expect(!line.utf8.contains(10) && !line.utf8.contains(13), "seed \(seed), round \(round)")
    }
  }

  @Test func numbersThatJSONCannotSayBecomeNull() {
    var gloss = bare
    gloss.sentiment.stars = .nan
    gloss.sentiment.confidence = .infinity
    #expect(gloss.jsonLine().contains(#""stars":null,"confidence":null,"#))
  }

  @Test(arguments: [
    ("", "not valid JSON"),
    ("{", "not valid JSON"),
    ("[1]", "not an object"),
    ("{}", "id is missing"),
    (#"{"id":3}"#, "id is not a value of type String"),
    (#"{"id":"a","language":"en","sentiment":{"label":"sad"}}"#, "sentiment.label"),
  ])
  func linesThatAreNoRecordsSayWhy(line: String, problem: String) throws {
    let message = try #require(error(of: line)).description
    #expect(message.hasPrefix("not a Gloss record: \(problem)"))
    #expect(message.hasSuffix("; write the records with gloss classify"))
  }

  @Test func badValuesInsideListsAreNamedByTheirPlace() {
    let line = full.jsonLine().replacingOccurrences(of: #""start":20"#, with: #""start":"x""#)
    let problem = "entities[1].start is not a value of type Int"
    #expect(error(of: line) == .malformed(problem: problem))
  }
}
