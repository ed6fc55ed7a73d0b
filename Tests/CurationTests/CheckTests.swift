import Corpora
import Crypto
import Files
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Curation

@Suite struct CheckTests {
  private static let lines = "reader: {format: labelled-lines}\nlabels: {stars: {g: [5], b: [1]}}\n"

  private func check(
    _ fixture: CurationFixture, limit: Int = 3, threads: Int = 2
  ) throws -> CheckReport {
    try fixture.withCorpora { folder, _ in
      CheckReport(
        folder.corpora, tokenizer: CurationFixture.tokenizer, workers: Workers(count: threads),
        rejectionLimit: limit)
    }
  }

  @Test func everyKindOfRowIsCounted() throws {
    let fixture = CurationFixture(
      cards: [
        "one": Self.lines + "files: {train: [{path: a.txt, rows: 9, rejected: 2}], test: [t.txt]}\n"
          + "exclude: {text: [none]}\n",
        "two": Self.lines + "files: {train: [b.txt], dev: [d.txt]}\ndeduplicate: true\n",
        "gone": Self.lines + "files: {train: [gone.txt]}\n",
      ],
      files: [
        "a.txt":
          "g Fine soap\nb fine SOAP!\ng held out\nb odd\nbad\nx who\ng none\ng !!!\ng dev text\n",
        "t.txt": "g Held out.\nb held out\nb odd\nb alone\n",
        "b.txt": "b alone\nb dev text\ng dev text\ng kept\ng kept\n",
        "d.txt": "b Dev Text\nb Alone\n",
      ])
    for threads in [1, 2, 3] {
      let report = try check(fixture, threads: threads)
      #expect(report.corpora.map(\.corpus) == ["gone", "one", "two"])
      #expect(report.corpora[0].isAbsent && report.corpora[0].problems == [])
      let one = report.corpora[1]
      #expect(one.rows == 13 && one.rejected == 2 && one.excluded == 1)
      // "fine soap" again in train, "held out" again in test.
      #expect(one.duplicates == 2 && one.acrossSplits == 2)
      // "held out" and "odd"; "dev text" is held out by the other corpus.
      #expect(one.inTest == 2 && one.inDev == 1 && one.odd == 1)
      #expect(one.problems == [])
      #expect(
        one.rejections.map(\.reason) == [
          "no label; write one and the delimiter",
          "label 'x' is not in the card's labels.stars; correct it or map it there",
        ])
      #expect(one.rejections.map(\.line) == [5, 6])
      let two = report.corpora[2]
      #expect(two.rows == 7 && two.duplicates == 2 && two.dropped == 2 && two.acrossSplits == 2)
      // "alone" is a test text of the other corpus, in train and in dev.
      #expect(two.inTest == 1 && two.inDev == 1 && two.devInTest == 1 && one.devInTest == 0)
      #expect(two.notes == ["1 dropped duplicates had another label than the row kept"])
      #expect(report.isClean)
    }
  }

  @Test func disagreementsAreToldWithRemedies() throws {
    let sum = String(repeating: "0", count: 64)
    let fixture = CurationFixture(
      cards: [
        "few": Self.lines + "files: {train: [{path: a.txt, rows: 3, sha256: \(sum)}]}\n",
        "half": Self.lines + "files: {train: [a.txt], test: [gone.txt]}\n",
        "broken": "reader: {format: delimited}\nfields: {text: body}\nfiles: {train: [a.txt]}\n",
      ], files: ["a.txt": "g fine\nbad\n"])
    let report = try check(fixture)
    #expect(!report.isClean)
    let problems = Dictionary(
      uniqueKeysWithValues: report.corpora.map { found in
        (found.corpus, found.problems.map { $0.split(separator: "/").last.map(String.init) ?? "" })
      })
    #expect(
      problems["few"]?[0]
        == "a.txt: SHA-256 is \(try fixture.sum(of: "a.txt")), the card says \(sum);"
        + " get the file again or correct the card")
    #expect(
      problems["few"]?.dropFirst() == [
        "a.txt: 2 rows, the card says 3; get the file again or correct the card",
        "a.txt: 1 rows cannot be used, the card says 0; correct the rows, or say 'rejected: 1'"
          + " under files",
      ])
    #expect(
      problems["half"] == ["gone.txt: no such file; put it there or remove it from the card"])
    #expect(
      problems["broken"] == [
        "a.txt:1: no column 'body' among g fine; correct 'fields' or 'columns' on the card"
      ])
  }

  @Test func filesWithoutRowsAreTold() throws {
    let fixture = CurationFixture(
      cards: [
        "none": Self.lines + "files: {train: [a.txt], test: [{path: b.txt, rows: 0}]}\n"
      ], files: ["a.txt": "", "b.txt": ""])
    let problems = try check(fixture).corpora[0].problems
    #expect(problems.count == 1)
    #expect(problems.first?.contains("a.txt: holds no rows; get the file again") == true)
  }

  @Test func spansInsidePiecesAreUnfitted() throws {
    let fixture = CurationFixture(
      cards: [
        "spans": "reader: {format: gloss-json}\nfiles: {train: [a.jsonl]}\n"
          + "labels: {spans: {complete: [ASPECT]}}\n"
      ],
      files: [
        "a.jsonl": """
        {"text": "The kettle was fine", "entities": [{"layer": "opinion", "type": "ASPECT", "start": 4, "end": 10}]}
        {"text": "The kettle was fine.", "entities": [{"layer": "opinion", "type": "ASPECT", "start": 1, "end": 3}]}
        """
      ])
    let found = try check(fixture).corpora[0]
    #expect(found.spans == 2 && found.unfitted == 1)
  }

  @Test func tablesAndJSONSayTheSame() throws {
    let fixture = CurationFixture(
      cards: ["one": Self.lines + "files: {train: [a.txt]}\n"],
      files: ["a.txt": "g fine\nbad\nx\n"])
    let report = try check(fixture, limit: 1)
    let decoded = try JSONDecoder().decode(CheckReport.self, from: Data(report.json().utf8))
    #expect(decoded == report)
    let lines = report.text().split(separator: "\n").map(String.init)
    #expect(lines[1].split(separator: " ") == ["one", "3", "2"])
    #expect(lines.contains { $0.hasSuffix("a.txt:2: no label; write one and the delimiter") })
    #expect(lines.contains("one: 1 more rows cannot be used"))
    #expect(lines.last == "1 disagreements of cards and data")
  }
}

extension CurationFixture {
  fileprivate func sum(of name: String) throws -> String {
    SHA256.hash(data: Data((files[name] ?? "").utf8)).hexadecimal
  }
}
