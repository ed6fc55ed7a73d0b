public import Files
public import Foundation

/// Why a card or a corpus cannot be used; each describes itself in one line.
public enum CorpusError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// A file cannot be read, or a card is not well-formed YAML of the expected keys.
  case file(FileError)
  /// A card says something that cannot be.
  case card(file: String, problem: String, remedy: String)
  /// A file of the corpus is not where the card says.
  case missingFile(path: String, corpus: String)
  /// A file of the corpus does not have the form that the card says.
  case format(file: String, line: Int?, problem: String, remedy: String)
  /// No card has that name.
  case unknownCorpus(name: String, folder: String, known: [String])
  /// The card offers no such split.
  case noSplit(corpus: String, split: Split, splits: [Split])

  /// What is wrong, where, and what to do: one line.
  public var description: String {
    switch self {
    case .file(let error):
      return error.description
    case .card(let file, let problem, let remedy):
      return "\(file): \(problem); \(remedy)"
    case .missingFile(let path, let corpus):
      return "\(path): no such file; put the corpus \(corpus) there"
        + " or name the folder of the corpora with --corpora"
    case .format(let file, let line, let problem, let remedy):
      return "\(file)\(line.map { ":\($0)" } ?? ""): \(problem.briefly); \(remedy)"
    case .unknownCorpus(let name, let folder, let known):
      return "\(folder): no card for corpus '\(name)'; add one or choose from"
        + " \(known.joined(separator: ", "))"
    case .noSplit(let corpus, let split, let splits):
      let known = splits.map(\.rawValue).joined(separator: ", ")
      return "\(corpus): the corpus has no \(split.rawValue) split; choose one of: \(known)"
    }
  }

  /// The same line.
  public var errorDescription: String? { description }
}
