import Foundation
import Testing

@testable import Corpora

/// Tokens with tags.
@Suite struct TaggedReaderTests {
  @Test func tagsBecomeSpans() throws {
    let rows = [
      "\u{feff}Zoë\tB-person", "and\tO", "Li\tB-person", "Wei\tI-person", "\t", "Acme\tB-group",
      "Anvil\tB-product", "3\tI-product", "Bob\tB-band", "", "", "New\tB-location", "bare", "",
      "At\tO", "last\tX-odd", "", "Oak\tNN\tB-person", "tree \tNN\tO",
    ]
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: tab}
        files: {train: [rows.conll]}
        labels:
          spans:
            complete: [PER, ORG]
            tags: {person: PER, group: ORG, product: ignore, band: unknown, location: ORG}
        """, files: ["rows.conll": rows.joined(separator: "\r\n")]
    ).load()
    let examples = split.examples
    #expect(examples.map(\.text) == ["Zoë and Li Wei", "Acme Anvil 3 Bob", "Oak tree"])
    #expect(examples[0].described(examples[0].names) == ["Zoë/PER", "Li Wei/PER"])
    #expect(examples[1].described(examples[1].names) == ["Acme/ORG"])
    #expect(examples[1].names?.unknown == [13..<16])
    #expect(examples[1].names?.completeTypes == ["PER", "ORG"])
    #expect(examples[0].opinions == nil)
    #expect(
      split.complaints == [
        "12: no tag on line 13; write one after the token",
        "15: 'X-odd' on line 16 is not a BIO tag; write B-TYPE, I-TYPE or O",
      ])
    #expect(split.notes == [])
  }

  /// What a file of BIO tags of people and places holds.
  private func namesOf(_ rows: String) throws -> LoadedSplit {
    try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: space}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [PER, LOC], tags: {PER: PER, LOC: LOC}}}
        """, files: ["rows.txt": rows]
    ).load()
  }

  @Test func tagsThatDoNotFitAreSettledAndCounted() throws {
    let split = try namesOf("Ann I-PER\nBee I-PER\nOslo I-LOC\nto O\n O\nRiga I-LOC\n")
    let example = split.examples[0]
    #expect(example.text == "Ann Bee Oslo to Riga")
    #expect(example.described(example.names) == ["Ann Bee/PER", "Oslo/LOC", "Riga/LOC"])
    #expect(
      split.notes == [
        "3 spans whose tags do not fit together: kept as far as they reach",
        "1 tokens without text: left out",
      ])
  }

  @Test func aTokenWithoutTextPartsNoSpan() throws {
    let split = try namesOf("John B-PER\n I-PER\nSmith I-PER\n B-LOC\nof O\nRiga B-LOC\n")
    let example = split.examples[0]
    #expect(example.described(example.names) == ["John Smith/PER", "Riga/LOC"])
    #expect(split.notes == ["2 tokens without text: left out"])
  }

  @Test(arguments: [("bioes", "I"), ("bmes", "M")])
  func spansThatDoNotCloseReachAsFarAsTheirTags(scheme: String, inside: String) throws {
    // A blank is a token where nothing parts tokens; two spans do not close, one does not open.
    let tags = [
      "北\tB-LOC", " \t\(inside)-LOC", "京\tE-LOC", "沪\tS-LOC", "好\tO", "上\tB-LOC",
      "海\t\(inside)-LOC", "吗\tO", "长\tB-LOC", "沙\tB-LOC", "市\tE-LOC", "西\tE-LOC",
    ]
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: tab, separator: "", tags: \(scheme)}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [LOC], tags: {LOC: LOC}}}
        """, files: ["rows.txt": tags.joined(separator: "\n")]
    ).load()
    let example = split.examples[0]
    #expect(example.text == "北 京沪好上海吗长沙市西")
    let places = ["北 京", "沪", "上海", "长", "沙市", "西"]
    #expect(example.described(example.names) == places.map { "\($0)/LOC" })
    #expect(split.notes.map { $0.prefix { $0 != " " } } == ["3"])
  }

  @Test func positionDigitsOfWeiboAreDropped() throws {
    let tokens = ["科0", "技1", "50", "a10", "011", "\u{fffd}\u{fffd}0", "王0"]
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: tab, separator: "", position_digits: true}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [PER], tags: {PER.NAM: PER, PER.NOM: unknown}}}
        """,
      files: [
        "rows.txt": tokens.dropLast().map { "\($0)\tO\n" }.joined() + "王0\tB-PER.NAM\n她0\tB-PER.NOM"
      ]
    ).load()
    let example = split.examples[0]
    #expect(example.text == "科技5a0\u{fffd}\u{fffd}王她")
    #expect(example.described(example.names) == ["王/PER"])
    #expect(example.names?.unknown == [18..<21])
  }

  @Test func prefixesJoinTheNextToken() throws {
    let rows = ["@ B-PER", "ann_b B-PER", "@ B-ORG", "acme B-PER", "# O", "Oslo B-LOC", "# O"]
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: space, prefixes: ["@", "#"]}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [PER, LOC, ORG]}}
        """, files: ["rows.txt": rows.joined(separator: "\n")]
    ).load()
    let example = split.examples[0]
    #expect(example.text == "@ann_b @acme #Oslo #")
    #expect(example.described(example.names) == ["@ann_b/PER", "@/ORG", "acme/PER", "Oslo/LOC"])
  }

  @Test func wordsThatBeginAsTheCardSaysAreUnknownOutsideOfSpans() throws {
    let rows = ["thanks O", "@ann_b O", "@acme B-ORG", "Oslo B-LOC", "#lamp O", "👩‍🚀 O", "@é O"]
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: space}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [LOC, ORG], unknown_prefixes: ["@"]}}
        """, files: ["rows.txt": rows.joined(separator: "\n")]
    ).load()
    let example = split.examples[0]
    #expect(example.text == "thanks @ann_b @acme Oslo #lamp 👩‍🚀 @é")
    let bytes = Array(example.text.utf8)
    #expect(
      example.names?.unknown.map { String(decoding: bytes[$0], as: UTF8.self) } == ["@ann_b", "@é"])
  }

  @Test func prefixesMayBeUnknownInTrainingRowsAlone() throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: conll, delimiter: space}
        files: {train: [train.txt], dev: [dev.txt]}
        labels: {spans: {complete: [PER], unknown_training_prefixes: ["@"]}}
        """, files: ["train.txt": "hi O\n@ann_b O", "dev.txt": "yes O\n@bo O"])
    #expect(try fixture.load().examples[0].names?.unknown == [3..<9])
    #expect(try fixture.load(.dev).examples[0].names?.unknown == [])
  }

  @Test func sentencesOfInvalidBytesAreRejected() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: conll}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [LOC]}}
        """, data: ["rows.txt": Data("a\tO\n".utf8) + [0xff] + Data("\tO\n\nb\tO\n".utf8)]
    ).load()
    #expect(split.examples.map(\.text) == ["b"])
    #expect(split.rejected.map(\.line) == [1])
  }

  @Test func parallelFilesMayHoldTags() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: parallel-lines, columns: [words, intent, tags]}
        fields: {text: words, label: intent, tags: tags}
        files: {train: [seq.in, label, seq.out]}
        labels:
          spans: {complete: [WORK], tags: {album: WORK, artist: unknown}}
          intents: {supervises: [delivery], labels: {Play: [], Send: [delivery]}}
        """,
      files: [
        "seq.in": "play  blue train by rae \nsend it\nplay on\nplay\n",
        "label": "Play\nSend\nPlay\nPlay\nPlay\n",
        "seq.out": "O B-album I-album O B-artist \nO\nO X\nO\n",
      ]
    ).load()
    #expect(split.examples.map(\.text) == ["play  blue train by rae ", "play"])
    let example = split.examples[0]
    #expect(example.described(example.names) == ["blue train/WORK"])
    #expect(example.names?.unknown == [20..<23])
    #expect(example.intents == IntentLabels(positive: [], supervised: ["delivery"]))
    #expect(
      split.complaints == [
        "2: 2 tokens have 1 tags; give each token one",
        "3: 'X' is not a BIO tag; write B-TYPE, I-TYPE or O",
        "5: seq.in has no such line; give all files as many",
      ])
  }
}
