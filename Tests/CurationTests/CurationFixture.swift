import Corpora
import Foundation
import TestSupport
import Tokenization

/// Cards and files of a few small corpora, written to a temporary folder.
struct CurationFixture {
  var files: [String: String]

  /// `cards` by name, without the keys that every card has.
  init(cards: [String: String], files: [String: String]) {
    self.files = files
    for (name, card) in cards {
      self.files["\(name).yaml"] = "name: \(name)\nlanguage: en\n\(card)"
    }
  }

  func withCorpora<T>(_ body: (_ folder: CorpusFolder, _ path: String) throws -> T) throws -> T {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      return try body(CorpusFolder(cards: folder.path, data: folder.path), folder.path)
    }
  }

  /// A tokenizer of some hundred pieces.
  static let tokenizer: Tokenizer? = {
    let trained = try? TokenizerTrainer.train(
      texts: Sentences.all,
      settings: .init(vocabularySize: 330, threadCount: 1))
    return trained.flatMap { try? Tokenizer(modelData: $0.model, name: "test") }
  }()
}
