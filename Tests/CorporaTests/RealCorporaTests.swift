import Foundation
import TestSupport
import Testing

@testable import Corpora

/// The cards against the corpora themselves, which are not part of the project: skipped where
/// `../shared/corpora/raw` is absent.
@Suite(.enabled(if: Project.corpora != nil, "the real corpora are not here"))
struct RealCorporaTests {
  /// Rows of the files of train, dev and test as the corpora's manifests count them.
  static let rows: [String: [Split: Int]] = [
    "imdb": [.train: 25_000, .dev: 25_000, .test: 25_000],
    "imdb-unlabelled": [.train: 50_000],
    "sst-5": [.train: 8_544, .dev: 1_101, .test: 2_210],
    "sst-2": [.train: 6_920, .dev: 872, .test: 1_821],
    "chnsenticorp": [.train: 9_600, .dev: 1_200, .test: 1_200],
    "online-shopping": [.train: 54_486, .dev: 54_486, .test: 54_486],
    "semeval2014-laptops": [.train: 3_045, .dev: 3_045, .test: 800],
    "semeval2014-restaurants": [.train: 3_041, .dev: 3_041, .test: 3_041],
    "acos-laptop": [.train: 2_934, .dev: 326, .test: 816],
    "acos-restaurant": [.train: 1_530, .dev: 171, .test: 583],
    "wnut17": [.train: 3_394, .dev: 3_394, .test: 1_009],
    "zhijiang": [.train: 3_229, .dev: 3_229, .test: 3_229],
    "suggestion": [.train: 8_500, .dev: 592, .test: 833],
    "suggestion-hotels": [.test: 808],
    "bitext": [.train: 28_014, .dev: 810, .test: 810],
  ]

  @Test(arguments: rows.keys.sorted())
  func everyRowIsReadAndEverySpanIsInItsText(name: String) throws {
    let corpus = try Self.corpus(name)
    #expect(corpus.missingFiles == [])
    #expect(Set(corpus.card.splits) == Set(Self.rows[name, default: [:]].keys))
    for split in corpus.card.splits {
      let loaded = try corpus.load(split)
      #expect(loaded.rowsRead == Self.rows[name]?[split])
      #expect(
        loaded.rowsRead == loaded.examples.count + loaded.rejected.count
          + loaded.duplicatesDropped + loaded.excluded + loaded.inOtherSplits)
      // One review of online-shopping has no text.
      #expect(loaded.rejected.count == (name == "online-shopping" ? 1 : 0))
      #expect(Set(loaded.examples.map(\.id)).count == loaded.examples.count)
      #expect(loaded.examples.flatMap(Self.faults) == [])
    }
  }

  @Test func splitsByHashAreOfTheSizeTheyClaim() throws {
    for (name, split, count) in [
      ("imdb", Split.dev, 1_250), ("online-shopping", .test, 5_449), ("zhijiang", .dev, 323),
      ("wnut17", .dev, 339), ("semeval2014-restaurants", .test, 304),
    ] {
      let examples = try Self.corpus(name).examples(split)
      // A fifth more or less is over three standard deviations of the smallest of them.
      #expect((count * 4 / 5...count * 6 / 5).contains(examples.count))
    }
  }

  @Test func zhijiangPraiseAndComplaintAreAsCounted() throws {
    let corpus = try Self.corpus("zhijiang")
    let intents = try Split.allCases.flatMap { try corpus.examples($0) }.compactMap(\.intents)
    #expect(intents.filter { $0.positive.contains("praise") }.count == 2_941)
    #expect(intents.filter { $0.positive.contains("complaint") }.count == 376)
  }

  @Test func nineLaptopTermsAreRealigned() throws {
    let corpus = try Self.corpus("semeval2014-laptops")
    let notes = try [Split.train, .dev].flatMap { try corpus.load($0).notes }
    let counts = notes.filter { $0.contains("moved") }.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(counts.reduce(0, +) == 9)
  }

  private static func corpus(_ name: String) throws -> Corpus {
    let card = Project.root.appendingPathComponent("corpora/\(name).yaml").path
    return Corpus(card: try CorpusCard(path: card), folder: Project.corpora?.path ?? "")
  }

  /// Spans that hold no text, by the id of their example.
  private static func faults(of example: Example) -> [String] {
    let bytes = Array(example.text.utf8)
    let spans = (example.opinions?.spans ?? []) + (example.names?.spans ?? [])
    return spans.filter { span in
      guard !span.range.isEmpty, span.range.upperBound <= bytes.count,
        let words = String(validating: bytes[span.range], as: UTF8.self)
      else { return true }
      return words.allSatisfy(\.isWhitespace)
    }.map { "\(example.id): \($0)" }
  }
}
