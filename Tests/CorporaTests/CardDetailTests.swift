import Foundation
import Reviews
import TestSupport
import Testing

@testable import Corpora

/// What cards say beyond format and labels.
@Suite struct CardDetailTests {
  @Test(arguments: [
    ("rows: 3", "rws: 3", "unknown key 'rws'"), ("sha256: \(sum)", "sha256: abc", "64 hexadecimal"),
    ("value: 0.9", "value: 90", "expected a fraction from 0 to 1"),
    ("system: S, ", "", "the key 'system' is missing"),
    ("lowest: 1,", "lowest: 9,", "the lowest is 9"),
    ("text: [title, body]", "text: []", "names nothing"),
    ("latin-1", "latin-2", "'latin-2' is none of: utf-8, utf-8-lossy, latin-1"),
    ("domain: soap", "domain: ' '", "domain is blank"),
    ("rating: {", "stars: {\"1\": [1]}\n  rating: {", "stars in two ways"),
  ])
  func faultyDetailsAreErrorsOfOneLine(right: String, wrong: String, says: String) throws {
    let card = Self.sound.replacing(right, with: wrong)
    try #require(card != Self.sound)
    let error = #expect(throws: CorpusError.self) {
      try CorpusFixture(card: card, files: [:]).withCorpus { _ in }
    }
    let message = error?.description ?? ""
    #expect(message.contains(says) && !message.contains("\n"), "\(message)")
  }

  static let sum = String(repeating: "0a", count: 32)
  static let sound = """
    domain: soap
    reader: {format: delimited, encoding: latin-1}
    fields: {text: [title, body], label: rating, user: [name, town], item: code, time: day}
    files:
      train:
        - {path: a.csv, rows: 3, rejected: 1, sha256: \(sum)}
        - b.csv
    labels:
      rating: {lowest: 1, highest: 5}
    scores:
      - {system: S, split: test, metric: accuracy, value: 0.9, source: recalled}
    """

  @Test func latin1AndJoinedFieldsAreRead() throws {
    var csv = Data("title,body,rating,name,town,code,day\nCaf".utf8)
    csv += [0xE9]
    csv +=
      Data(",\"Good, \nwarm\",4.5,Zo".utf8) + [0xEB] + Data(",,7,2024-01-02\n,x,5,A,B,,soon\n".utf8)
    let split = try CorpusFixture(
      card: Self.sound, data: ["a.csv": csv, "b.csv": Data()]
    ).load()
    #expect(
      split.examples == [
        Example(
          id: "a.csv:2", text: "Café Good, \nwarm", stars: StarSet(stars: [4, 5]), user: "Zoë",
          item: "7", time: "2024-01-02"),
        Example(id: "a.csv:4", text: "x", stars: StarSet(stars: [5]), user: "A B"),
      ])
    #expect(split.notes == ["1 times that are no date: left out"])
  }

  @Test func scoresAndFilesAreKept() throws {
    try CorpusFixture(card: Self.sound, files: [:]).withCorpus { corpus in
      #expect(corpus.card.scores.map(\.value) == [0.9])
      #expect(corpus.fileGroups.map(\.rows) == [3, nil])
      #expect(corpus.fileGroups.map(\.rejected) == [1, 0])
      #expect(corpus.listedFiles.map(\.sha256) == [Self.sum, nil])
    }
  }

  @Test func aDomainIsOptional() throws {
    let card = CorpusFixture(card: Self.sound, files: [:])
    #expect(try card.withCorpus { $0.card.domain } == "soap")
    let without = CorpusFixture(
      card: Self.sound.replacing("domain: soap", with: ""), files: [:])
    #expect(try without.withCorpus { $0.card.domain } == nil)
  }

  @Test func brokenQuotesCostTheirLineAndNoOther() throws {
    let split = try CorpusFixture(
      card: "reader: {format: delimited}\nfields: {id: id}\nfiles: {train: [a.csv]}",
      files: [
        "a.csv": """
        id,text
        1,"fine
        indeed"
        2,"odd"ly
        3,"two
        lines","never closed
        4,whole
        5,also whole
        """
      ]
    ).load()
    #expect(split.examples.map(\.id) == ["1", "4", "5"])
    #expect(split.examples.map(\.text) == ["fine\nindeed", "whole", "also whole"])
    #expect(
      split.complaints == [
        "4: text follows a closing quote; double the quotes inside the field",
        "5: a quote opens on line 6 and never closes; close it or double it",
      ])
  }

  @Test func rowsCanBeLeftOutByWhatTheySay() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited}
        fields: {text: text, item: code, label: l}
        files: {train: [a.csv]}
        exclude: {text: [no comment], item: [x], label: ["?"], id: ["a.csv:6"]}
        """, files: ["a.csv": "text,code,l\n no comment ,a,1\nb,x,1\n,c,?\nd,d,\ne,e,1\n"]
    ).load()
    #expect(split.examples.map(\.text) == ["d"] && split.excluded == 4 && split.rowsRead == 5)
    #expect(split.rejected.isEmpty)
  }

  @Test func typesCanBeCompleteInOneLanguage() throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: gloss-json}
        files: {train: [a.jsonl]}
        labels: {spans: {complete: {en: [PER, ORG], zh: [PER, PRODTYPE]}}}
        """.replacing("language: en", with: ""),
      files: [
        "a.jsonl": """
        {"text": "An oven", "entities": [{"layer": "name", "type": "PRODTYPE", "start": 3, "end": 7}]}
        {"text": "烤箱", "entities": [{"layer": "name", "type": "PRODTYPE", "start": 0, "end": 2}]}
        {"text": "12", "entities": []}
        """
      ])
    // The fixture's head says English; such a card has lists for both languages.
    let error = #expect(throws: CorpusError.self) { try fixture.load() }
    #expect(error?.description.contains("is not by its languages") == true)

    try withTemporaryFolder { folder in
      let head = CorpusFixture.head.replacing("language: en", with: "language: mul")
      let path = folder.appendingPathComponent("fixture.yaml").path
      try Data((head + fixture.card).utf8).write(to: URL(fileURLWithPath: path))
      for (name, data) in fixture.files { try data.write(to: folder.appendingPathComponent(name)) }
      let card = try CorpusCard(path: path)
      let names = try Corpus(card: card, folder: folder.path).examples(.train).map(\.names)
      #expect(names.map { $0?.completeTypes } == [["PER", "ORG"], ["PER", "PRODTYPE"], ["PER"]])
      #expect(names.map { $0?.spans.count } == [0, 1, 0])
      #expect(names[0]?.unknown == [3..<7])
      #expect(
        card.languages(of: "PRODTYPE") == ["zh"] && card.languages(of: "PER") == ["en", "zh"])
      #expect(card.languages(of: "praise") == ["en", "zh"])
    }
  }

  @Test func fractionsOfStarsAllowTheTwoAround() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited}
        fields: {label: r}
        files: {train: [a.csv]}
        labels: {rating: {lowest: 1, highest: 5, optional: true}}
        """, files: ["a.csv": "text,r\na,5\nb,4.0\nc,4.15\nd,\ne,5.5\nf,good\n"]
    ).load()
    #expect(split.examples.map { $0.stars?.stars } == [[5], [4], [4, 5], nil])
    #expect(
      split.complaints == [
        "6: rating is '5.5', expected a number from 1.0 to 5.0",
        "7: rating is 'good', expected a number from 1.0 to 5.0",
      ])
  }

  @Test func everyCardOfTextsNamesADomainOfTheREADME() throws {
    let folder = Project.root.appendingPathComponent("corpora")
    let readme = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    let section = try #require(readme.range(of: "\n## domain\n"))
    let rows = readme[section.upperBound...].prefix { $0 != "#" }.split(separator: "\n")
    let known = Set(rows.filter { $0.hasPrefix("| `") }.map { $0.split(separator: "`")[1] })
    #expect(known.count == 12)
    let cards = try loadCards(in: folder.path).filter { $0.kind == .texts }
    for card in cards {
      #expect(known.contains(Substring(card.domain ?? "")), "\(card.name): \(card.domain ?? "")")
    }
    #expect(Set(cards.compactMap { $0.domain.map { Substring($0) } }) == known)
  }

  @Test func everyCardOfOursIsComplete() throws {
    for card in try loadCards(in: Project.root.appendingPathComponent("corpora").path) {
      #expect(!card.sources.isEmpty && card.licence != nil && card.citation != nil, "\(card.name)")
      #expect(card.title != card.name, "\(card.name)")
      for file in card.files.values.joined() where !file.path.hasPrefix("./") {
        #expect(file.sha256 != nil, "\(card.name): \(file.path)")
      }
    }
  }
}
