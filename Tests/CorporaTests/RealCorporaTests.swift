import Foundation
import TestSupport
import Testing

@testable import Corpora

/// The cards against the corpora themselves, which are not part of the project: skipped where
/// `../shared/corpora/raw` is absent.
@Suite(.enabled(if: Project.corpora != nil, "the real corpora are not here"))
struct RealCorporaTests {
  static let cards = (try? loadCards(in: Project.root.appendingPathComponent("corpora").path)) ?? []

  /// The rows of a card are those that the corpora's manifests count; our own stand beside their
  /// cards.
  @Test(arguments: cards.filter { $0.citation?.hasPrefix("Gloss,") != true }.map(\.name))
  func everyRowIsReadAndEverySpanIsInItsText(name: String) throws {
    let corpus = try Self.corpus(name)
    try #require(corpus.missingFiles == [])
    for list in corpus.lists {
      var (rows, rejected, faults): (Int, Int, [String]) = (0, 0, [])
      var ids: Set<String> = []
      try corpus.forEachRow(listedUnder: list) { row in
        rows += 1
        if case .rejected = row.outcome { rejected += 1 }
        guard case .example(let example) = row.outcome else { return }
        faults += Self.faults(of: example)
        if !ids.insert(example.id).inserted { faults.append("\(example.id) twice") }
      }
      let files = corpus.card.files[list] ?? []
      #expect(files.contains { $0.rows != nil })
      #expect(rows == files.reduce(0) { $0 + ($1.rows ?? 0) })
      #expect(rejected == files.reduce(0) { $0 + ($1.rejected ?? 0) })
      #expect(faults == [])
    }
  }

  @Test func splitsByHashAreOfTheSizeTheyClaim() throws {
    for (name, split, count) in [
      ("imdb", Split.dev, 1_250), ("online-shopping", .test, 5_449), ("zhijiang", .dev, 323),
      ("wnut17", .dev, 339), ("semeval2014-restaurants", .test, 304), ("banking77", .test, 1_500),
    ] {
      let examples = try Self.corpus(name).examples(split)
      // A fifth more or less is over three standard deviations of the smallest of them.
      #expect((count * 4 / 5...count * 6 / 5).contains(examples.count))
    }
  }

  /// Spans of a type in all splits, as the manifest counts them; differences are explained.
  static let spans: [(name: String, type: String, count: Int)] = [
    ("mams", "ASPECT", 11_186 + 1_332 + 1_336),
    ("acos-laptop", "OPINION", 2_850 + 318 + 775),
    ("aste-laptop", "OPINION", 1_268 + 304 + 474),
    ("chinese-zhang-aste", "OPINION", 35_736 + 5_061 + 10_127),
    ("wnut16", "PRODUCT", 246), ("wnut16", "PER", 482), ("wnut16", "WORK", 34 + 33),
    ("mit-restaurant", "ORG", 1_901 + 402), ("mit-movie", "WORK", 2_376 + 562),
    ("mit-movie-trivia", "PER", 5_010 + 1_787 + 1_274 + 425),
    ("ecommerce-hphc", "ORG", 1_630 + 200), ("ecommerce-hphc", "PRODTYPE", 10_480 + 1_340),
    ("youku", "WORK", 7_067 + 900 + 905), ("weibo", "ORG", 183 + 47 + 39),
    // Six mentions more than the manifest's: they start without B.
    ("weibo", "PER", 574 + 90 + 111 + 6), ("resume", "PER", 952 + 110 + 112),
    ("cluener2020", "PER", 3_755 + 465), ("cluener2020", "WORK", 2_376 + 1_139 + 1_123 + 600),
  ]

  @Test(arguments: spans)
  func spansAreAsManyAsTheManifestCounts(name: String, type: String, count: Int) throws {
    let corpus = try Self.corpus(name)
    let examples = try corpus.card.splits.flatMap { try corpus.examples($0) }
    let found = examples.flatMap { ($0.opinions?.spans ?? []) + ($0.names?.spans ?? []) }
    #expect(found.count { $0.type == type } == count)
  }

  @Test func zhijiangPraiseAndComplaintAreAsCounted() throws {
    let corpus = try Self.corpus("zhijiang")
    let intents = try Split.allCases.flatMap { try corpus.examples($0) }.compactMap(\.intents)
    #expect(intents.filter { $0.positive.contains("praise") }.count == 2_941)
    #expect(intents.filter { $0.positive.contains("complaint") }.count == 376)
  }

  /// Every aspect of the corpora that map categories is in a group.
  @Test(arguments: ["semeval2016-restaurants", "acos-laptop", "zhijiang"])
  func aspectsHaveGroups(name: String) throws {
    let examples = try Self.corpus(name).examples(.train)
    let aspects = examples.flatMap { $0.opinions?.spans ?? [] }.filter { $0.type == "ASPECT" }
    #expect(aspects.count > 1_000 && aspects.allSatisfy { !$0.groups.isEmpty })
    #expect(Set(aspects.flatMap(\.groups)).count >= 5)
  }

  @Test func nineLaptopTermsAreRealigned() throws {
    let corpus = try Self.corpus("semeval2014-laptops")
    let notes = try [Split.train, .dev].flatMap { try corpus.load($0).notes }
    let counts = notes.filter { $0.contains("moved") }.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(counts.reduce(0, +) == 9)
  }

  private static func corpus(_ name: String) throws -> Corpus {
    let card = try #require(cards.first { $0.name == name })
    return Corpus(card: card, folder: Project.corpora?.path ?? "")
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
