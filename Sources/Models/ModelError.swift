/// Why a model could not be loaded or saved; the description is one line: what, where, what to do.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// The weights file is damaged or of another format.
  case badWeights(file: String, problem: String)
  /// The folder's parts do not belong together.
  case mismatch(file: String, problem: String)
  /// A file could not be read or written.
  case file(String)

  /// One line.
  public var description: String {
    switch self {
    case .badWeights(let file, let problem), .mismatch(let file, let problem):
      "\(file): \(problem)"
    case .file(let line): line
    }
  }
}
