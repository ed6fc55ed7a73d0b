/// Why a run could not start or go on; the description is one line: what, where, what to do.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A recipe, card or corpus is not as it has to be.
  case input(String)
  /// The model could not be built or written.
  case model(String)

  /// One line.
  public var description: String {
    switch self {
    case .input(let line), .model(let line): line
    }
  }
}
