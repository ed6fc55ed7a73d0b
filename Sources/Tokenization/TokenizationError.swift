public import Foundation

/// What can go wrong with a tokenizer; each description is one line.
public enum TokenizationError: Error, Equatable {
  /// The model file cannot be read.
  case unreadable(name: String, reason: String)
  /// The bytes are not a SentencePiece model.
  case notAModel(name: String, reason: String)
  /// A training setting is out of its range.
  case badSetting(name: String, value: String, expected: String)
  /// The training texts hold no letter and no digit.
  case noText
  /// The vocabulary asked for has no room for the required characters and symbols.
  case vocabularyTooSmall(asked: Int, smallest: Int)
  /// The training texts are too few for the vocabulary asked for.
  case vocabularyTooLarge(asked: Int, largest: Int)
  /// SentencePiece gave up for another reason.
  case trainingFailed(reason: String)
}

extension TokenizationError: CustomStringConvertible, LocalizedError {
  /// The error in one line: what is wrong and what to do.
  public var description: String {
    switch self {
    case .unreadable(let name, let reason):
      "\(name): \(reason); name a readable tokenizer.model"
    case .notAModel(let name, let reason):
      "\(name): not a SentencePiece model (\(reason)); use a tokenizer.model made by Gloss"
    case .badSetting(let name, let value, let expected):
      "\(name) is \(value), expected \(expected); correct the setting"
    case .noText:
      "the training texts hold no letter and no digit; give some text to train on"
    case .vocabularyTooSmall(let asked, let smallest):
      "a vocabulary of \(asked) pieces cannot hold the characters of these texts; "
        + "ask for \(smallest) or more, or lower the character coverage"
    case .vocabularyTooLarge(let asked, let largest):
      "these texts give at most \(largest) pieces, not \(asked); "
        + "ask for \(largest) or fewer, or give more text"
    case .trainingFailed(let reason):
      "SentencePiece cannot train on these texts: \(reason)"
    }
  }

  /// The same line, for Foundation.
  public var errorDescription: String? { description }
}
