import Foundation
import TestSupport
import Testing

@testable import Corpora

@Suite struct CorpusCardTests {
  /// A card without fault, to be spoilt one line at a time.
  static let sound = """
    reader: {format: delimited, delimiter: comma}
    fields: {text: text, label: label}
    files: {train: [rows.csv]}
    hash: {dev: 10}
    labels:
      intents: {supervises: [praise], labels: {good: [praise], bad: [], odd: null}}
    """

  @Test func soundCardSaysWhatItHolds() throws {
    try CorpusFixture(card: Self.sound, files: [:]).withCorpus { corpus in
      #expect(corpus.card.splits == [.train, .dev])
      #expect(corpus.card.heads == ["intents"])
      #expect(corpus.missingFiles.count == 1)
    }
  }

  @Test(arguments: [
    ("hash:", "hsh:", "'hsh'"), ("delimiter:", "delimeter:", "'delimeter'"),
    ("text: text", "txt: text", "'txt'"), ("train:", "training:", "'training'"),
    ("supervises:", "supervise:", "supervise"),
    ("delimited", "delimted", "'delimted' is none of: json-lines, "),
    ("[praise], labels", "[prise], labels", "unknown intent 'prise'"),
    ("good: [praise]", "good: [prise]", "unknown intent 'prise'"),
    ("labels:\n", "labels:\n  absent_intents: [prise]\n", "absent_intents names an unknown"),
    ("labels:\n", "labels:\n  absent_intents: [praise]\n", "'praise', which labels.intents gives"),
    ("dev: 10", "dev: 60", "hash.dev is 60"), ("dev: 10", "dev: ten", "hash.dev"),
    ("[rows.csv]", "[]", "files.train is empty"),
    ("[rows.csv]", "[rows.csv, b.csv, rows.csv]", "files.train holds rows.csv twice"),
    ("{train:", "{dev: [b.csv], train:", "dev is both"),
    ("{train:", "{dev:", "hash without files.train"),
    (", label: label", "", "label field"),
    ("delimiter: comma", "separator: ' '", "reader.separator means nothing to 'delimited'"),
    ("labels:\n", "labels:\n  spans: {complete: [PER]}\n", "have no spans"),
    ("labels:\n", "labels:\n  stars: {good: [4, 6]}\n", "labels.stars.good"),
    ("hash:", "exclude: {tags: [x]}\nhash:", "exclude.tags leaves nothing out"),
    ("format: delimited, delimiter: comma", "format: acos", "fields mean nothing to 'acos'"),
    ("labels:\n", "labels:\n  derive_intents: true\n", "derive_intents"),
    ("hash:", "exclude: {item: [x]}\nhash:", "exclude.item without fields.item"),
    ("delimited, delimiter: comma", "labelled-lines, delimiter: blanks", "no delimiter 'blanks'"),
    ("delimited, delimiter: comma", "lines, comment: ''", "reader.comment is empty"),
    ("delimited, delimiter: comma", "json-pairs", "rows.csv has no members"),
    (
      "delimited, delimiter: comma", "parallel-lines, columns: [text]",
      "fields names 'label', which is none of reader.columns"
    ),
    ("label: label}", "label: label, targets: {columns: {}}}", "is empty"),
    (
      "comma}\nfields: {text: text,",
      "comma, html_breaks: true}\nfields: {tags: tags, text: text,",
      "reader changes the text that fields.tags or fields.targets point into"
    ),
  ])
  func faultyCardIsAnErrorOfOneLine(right: String, wrong: String, says: String) throws {
    let card = Self.sound.replacingOccurrences(of: right, with: wrong)
    try #require(card != Self.sound)
    let error = #expect(throws: CorpusError.self) {
      try CorpusFixture(card: card, files: [:]).withCorpus { _ in }
    }
    let message = error?.description ?? ""
    #expect(message.contains("fixture.yaml"))
    #expect(message.contains(says))
    #expect(message.contains("; ") && !message.contains("\n"))
  }

  @Test func unknownSpanTypesAndPolaritiesAreErrors() throws {
    for (spans, says) in [
      ("{complete: [PERSON]}", "unknown type 'PERSON'"),
      ("{complete: [ASPECT], tags: {aspect: THING}}", "unknown type 'THING'"),
      ("{complete: [ASPECT], tags: {target: ASPECT}}", "no spans of type 'target'"),
      ("{complete: [ASPECT], tags: {opinion: OPINION}}", "'OPINION', which is not complete"),
      ("{complete: []}", "complete is empty"),
      ("{complete: [ASPECT], polarities: {x: good}}", "unknown polarity 'good'"),
      ("{complete: [ASPECT], groups: {x: good}}", "unknown group 'good'"),
    ] {
      let card = """
        reader: {format: acos}
        files: {train: [rows.tsv]}
        labels: {spans: \(spans)}
        """
      let error = #expect(throws: CorpusError.self) {
        try CorpusFixture(card: card, files: [:]).withCorpus { _ in }
      }
      #expect(error?.description.contains(says) == true)
    }
  }

  @Test func cardIsNamedAsItsFile() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("other.yaml")
      try Data((CorpusFixture.head + Self.sound).utf8).write(to: url)
      let error = #expect(throws: CorpusError.self) { try loadCards(in: folder.path) }
      #expect(
        error?.description
          == "\(url.path): the card is named 'fixture'; name it as its file, 'other'")
    }
  }

  @Test func missingFolderIsAnErrorOfOneLine() {
    let error = #expect(throws: CorpusError.self) { try loadCards(in: "no/such/folder") }
    #expect(
      error?.description
        == "no/such/folder: no such folder of corpus cards;"
        + " name one that exists, with --cards or in the recipe")
  }

  @Test func ourOwnCardsAreSound() throws {
    let cards = try loadCards(in: Project.root.appendingPathComponent("corpora").path)
    #expect(cards.count >= 16)
    #expect(cards.map(\.name) == cards.map(\.name).sorted())
  }

  @Test(arguments: [
    ("samples", ["sentiment", "opinions", "names", "intents"]),
    ("marked-reviews", ["sentiment", "opinions", "names", "intents"]),
    ("marked-posts", ["sentiment", "opinions", "names", "intents"]),
    ("written-reviews", ["sentiment", "intents"]), ("turned-sentences", ["sentiment", "intents"]),
  ])
  func corporaOfOurOwnAreReadWhole(name: String, heads: [String]) throws {
    let card = try CorpusCard(
      path: Project.root.appendingPathComponent("corpora/\(name).yaml").path)
    #expect(card.heads == heads)
    let corpus = Corpus(card: card, folder: "no/such/folder")
    let splits = try Split.allCases.map { try corpus.load($0) }
    #expect(splits.allSatisfy { $0.rejected.isEmpty && !$0.examples.isEmpty && $0.notes.isEmpty })
    let rows = card.files.values.joined().reduce(0) { $0 + ($1.rows ?? 0) }
    #expect(splits.reduce(0) { $0 + $1.examples.count } == rows)
  }
}
