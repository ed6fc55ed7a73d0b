import Foundation
import TestSupport
import Testing

@testable import Corpora

@Suite struct CorpusTests {
  /// Two hundred rows, every tenth of which repeats the row before it in capitals.
  static let rows = (1...200).map { number in
    number % 10 == 0
      ? "{\"id\": \"\(number)\", \"text\": \"REVIEW \(number - 1)!\"}"
      : "{\"id\": \"\(number)\", \"text\": \"review \(number - 1 + 1)\"}"
  }.joined(separator: "\n")

  static func fixture(_ more: String) -> CorpusFixture {
    CorpusFixture(
      card: """
        reader: {format: json-lines}
        fields: {id: id}
        files: {train: [rows.jsonl]}
        \(more)
        """, files: ["rows.jsonl": rows, "ids.json": "{\"bad\": [\"1\", \"2\"], \"text\": 3}"])
  }

  @Test func hashSplitsShareOutEveryRowOnce() throws {
    try Self.fixture("hash: {dev: 10, test: 20}").withCorpus { corpus in
      let splits = try Split.allCases.map { try corpus.load($0) }
      let ids = splits.map { Set($0.examples.map(\.id)) }
      #expect(ids.reduce(0) { $0 + $1.count } == 200)
      #expect(ids[0].union(ids[1]).union(ids[2]).count == 200)
      // 20 and 40 are expected; four standard deviations of a binomial are 17 and 23.
      #expect((3...37).contains(ids[1].count) && (17...63).contains(ids[2].count))
      for split in splits { #expect(split.rowsRead == 200) }
      for (index, split) in splits.enumerated() {
        #expect(split.inOtherSplits == 200 - ids[index].count)
      }
    }
  }

  @Test func equalTextsStayTogether() throws {
    try Self.fixture("hash: {dev: 10, test: 20}").withCorpus { corpus in
      var splitByText: [UInt64: Split] = [:]
      for split in Split.allCases {
        for example in try corpus.examples(split) {
          let hash = normalisedTextHash(example.text)
          #expect(splitByText[hash, default: split] == split)
          splitByText[hash] = split
        }
      }
      #expect(splitByText.count == 180)
    }
  }

  @Test func devRowsDoNotDependOnTheTestShare() throws {
    let alone = try Self.fixture("hash: {dev: 10}").load(.dev)
    let beside = try Self.fixture("hash: {dev: 10, test: 20}").load(.dev)
    #expect(alone.examples == beside.examples)
  }

  @Test func idsCanDecideTheSplit() throws {
    let byID = try Self.fixture("hash: {dev: 20, by: id}").load(.dev)
    let byText = try Self.fixture("hash: {dev: 20}").load(.dev)
    #expect(byID.examples != byText.examples)
    #expect((17...63).contains(byID.examples.count))
  }

  @Test func repeatedTextsAreDroppedFromTrainingOnly() throws {
    let training = try Self.fixture("deduplicate: true").load()
    #expect(training.examples.count == 180 && training.duplicatesDropped == 20)
    #expect(training.rowsRead == 200)
    #expect(try Self.fixture("").load().examples.count == 200)
  }

  @Test func excludedIDsAreLeftOut() throws {
    let split = try Self.fixture("exclude_ids: {file: ids.json, key: bad}").load()
    #expect(split.excluded == 2 && split.examples.first?.id == "3")
    let error = #expect(throws: CorpusError.self) {
      try Self.fixture("exclude_ids: {file: ids.json, key: text}").load()
    }
    #expect(error?.description.contains("no list of ids under 'text'") == true)
  }

  @Test func missingFileAndMissingSplitSaySoInOneLine() throws {
    let fixture = CorpusFixture(
      card: "reader: {format: acos}\nfiles: {train: [gone.tsv], dev: [also.tsv]}", files: [:])
    try fixture.withCorpus { corpus in
      let missing = #expect(throws: CorpusError.self) { try corpus.load(.train) }
      #expect(
        missing?.description
          == "\(corpus.folder)/gone.tsv: no such file; put the corpus fixture there"
          + " or name the folder of the corpora with --corpora")
      let absent = #expect(throws: CorpusError.self) { try corpus.load(.test) }
      #expect(
        absent?.description
          == "fixture: the corpus has no test split; choose one of: train, dev")
    }
  }

  @Test func missingColumnSaysWhatThereIs() throws {
    let fixture = CorpusFixture(
      card: "reader: {format: delimited}\nfields: {text: review}\nfiles: {train: [a.csv]}",
      files: ["a.csv": "id,text\n1,fine\n"])
    let error = #expect(throws: CorpusError.self) { try fixture.load() }
    #expect(
      error?.description.hasSuffix(
        "a.csv:1: no column 'review' among id, text; correct 'fields' or 'columns' on the card")
        == true)
  }

  @Test func filesCanLieBesideTheCard() throws {
    let fixture = CorpusFixture(
      card: "reader: {format: gloss-json}\nfiles: {train: [./a.jsonl]}",
      files: ["a.jsonl": "{\"text\": \"fine\"}\n"])
    try fixture.withCorpus { corpus in
      let elsewhere = Corpus(card: corpus.card, folder: "no/such/folder")
      let texts = try elsewhere.examples(.train).map(\.text)
      #expect(texts == ["fine"])
    }
  }

  @Test func nullLabelsLeaveRowsUnlabelled() throws {
    let fixture = CorpusFixture(
      card: CorpusCardTests.sound.replacingOccurrences(of: "hash: {dev: 10}\n", with: ""),
      files: ["rows.csv": "text,label\na,good\nb,bad\nc,odd\nd,new\n"])
    let split = try fixture.load()
    #expect(
      split.examples.map(\.intents) == [
        IntentLabels(positive: ["praise"], supervised: ["praise"]),
        IntentLabels(positive: [], supervised: ["praise"]), nil,
      ])
    #expect(split.examples.map(\.corpusIntent) == ["good", "bad", "odd"])
    #expect(
      split.rejected.map(\.reason) == [
        "label 'new' is not in the card's labels.intents.labels; correct it or map it there"
      ])
  }
}
