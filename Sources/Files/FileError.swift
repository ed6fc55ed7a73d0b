public import Foundation

/// What can go wrong with a file; each description is one line.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// The file cannot be opened, read or written.
  case unavailable(path: String, problem: String, remedy: String)
  /// The file is not in the format it should be in.
  case malformed(path: String, line: Int?, problem: String, remedy: String)

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .unavailable(let path, let problem, let remedy): "\(path): \(problem); \(remedy)"
    case .malformed(let path, let line?, let problem, let remedy):
      "\(path):\(line): \(problem); \(remedy)"
    case .malformed(let path, nil, let problem, let remedy): "\(path): \(problem); \(remedy)"
    }
  }

  /// The same line.
  public var errorDescription: String? { description }
}
