import Corpora
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Curation

@Suite struct ImportTests {
  /// The seeds of the fuzz tests: a small corpus of every format.
  private static let seeds = Project.root.appendingPathComponent("Tests/Seeds")
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: seeds.path)) ?? []).sorted()

  @Test(arguments: names) func importedRowsAreTheSameRows(name: String) throws {
    let card = try CorpusCard(
      path: Self.seeds.appendingPathComponent("\(name)/seed.yaml").path)
    try withTemporaryFolder { folder in
      let corpus = Corpus(card: card, folder: "no/such/folder")
      let result = try CorpusImport.write(corpus, to: folder.path)
      let imported = Corpus(
        card: try CorpusCard(path: folder.appendingPathComponent("seed.yaml").path),
        folder: "no/such/folder")
      #expect(imported.missingFiles == [] && imported.card.splits == card.splits)
      #expect(imported.card.heads == card.heads && imported.card.kind == card.kind)
      let rows = try Self.outcomes(corpus)
      #expect(try Self.outcomes(imported) == rows)
      #expect(result.written.values.reduce(0, +) == rows.values.joined().count)
      // The new card knows its rows and checksums.
      let report = CheckReport([imported], tokenizer: nil, workers: .init(count: 1))
      #expect(report.isClean && report.corpora[0].rejected == 0, "\(report.text())")
    }
  }

  /// What every usable row became, by split, but for the corpus's own names of intents: an imported
  /// row names ours.
  private static func outcomes(_ corpus: Corpus) throws -> [Split: [CorpusRow.Outcome]] {
    var outcomes: [Split: [CorpusRow.Outcome]] = [:]
    for list in corpus.lists {
      try corpus.forEachRow(listedUnder: list) { row in
        switch row.outcome {
        case .example(var example):
          example.corpusIntent = nil
          outcomes[row.split, default: []].append(.example(example))
        case .record: outcomes[row.split, default: []].append(row.outcome)
        default: break
        }
      }
    }
    return outcomes
  }

  @Test func supervisionOfOneRowIsKept() throws {
    let fixture = CurationFixture(
      cards: [
        "one": """
        domain: 'soap: "hard" and soft'
        reader: {format: labelled-lines}
        files: {train: [a.txt]}
        labels:
          intents:
            supervises: [praise]
            labels: {p: [praise], c: [complaint], n: [], u: null}

        """
      ], files: ["a.txt": "p fine\nc bad\nn so\nu hm\n"])
    try fixture.withCorpora { folder, path in
      let result = try CorpusImport.write(folder.corpora[0], to: path + "/out")
      #expect(result.line == "one: 4 train")
      let imported = try CorpusFolder(cards: path + "/out", data: path).corpora[0]
      #expect(imported.card.completeness == folder.corpora[0].card.completeness)
      #expect(imported.card.domain == "soap: \"hard\" and soft")
      #expect(
        try imported.examples(.train).map(\.intents) == [
          IntentLabels(positive: ["praise"], supervised: ["praise"]),
          IntentLabels(positive: ["complaint"], supervised: ["praise", "complaint"]),
          IntentLabels(positive: [], supervised: ["praise"]), nil,
        ])
    }
  }
}
