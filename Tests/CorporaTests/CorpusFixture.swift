import Corpora
import Foundation
import TestSupport

/// A card and the files of a corpus, written to a temporary folder.
struct CorpusFixture {
  /// What follows the keys that every card has.
  var card: String
  var files: [String: Data]

  init(card: String, files: [String: String]) {
    self.init(card: card, data: files.mapValues { Data($0.utf8) })
  }

  init(card: String, data: [String: Data]) {
    self.card = card
    files = data
  }

  static let head = """
    name: fixture
    title: A fixture
    language: en
    licence: none
    citation: none
    source: [{repository: none, path: none}]

    """

  func withCorpus<T>(_ body: (Corpus) throws -> T) throws -> T {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("fixture.yaml").path
      try Data((Self.head + card).utf8).write(to: URL(fileURLWithPath: path))
      for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
      return try body(Corpus(card: CorpusCard(path: path), folder: folder.path))
    }
  }

  func load(_ split: Split = .train) throws -> LoadedSplit {
    try withCorpus { try $0.load(split) }
  }
}

extension Example {
  /// The words of each span with its type and polarity, as `words/TYPE/polarity`.
  func described(_ labels: SpanLabels?) -> [String] {
    (labels?.spans ?? []).map { span in
      let words = String(decoding: Array(text.utf8)[span.range], as: UTF8.self)
      return ([words, span.type] + (span.polarity.map { ["\($0)"] } ?? []))
        .joined(separator: "/")
    }
  }
}

extension LoadedSplit {
  /// Line and reason of every rejected row.
  var complaints: [String] { rejected.map { "\($0.line): \($0.reason)" } }
}
