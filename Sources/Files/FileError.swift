public import Foundation

/// What can go wrong with a file; each description is one line.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// The file cannot be opened, read or written.
  case unavailable(path: String, problem: String, remedy: String)
  /// The file is not in the format it should be in.
  case malformed(path: String, line: Int?, problem: String, remedy: String)
  /// Nobody reads the pipe that is written to any more.
  case closedPipe(path: String)

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .unavailable(let path, let problem, let remedy): "\(path): \(problem); \(remedy)"
    case .malformed(let path, let line?, let problem, let remedy):
      "\(path):\(line): \(problem); \(remedy)"
    case .malformed(let path, nil, let problem, let remedy): "\(path): \(problem); \(remedy)"
    case .closedPipe(let path): "\(path): nobody reads on; the rest is not written"
    }
  }

  /// The same line.
  public var errorDescription: String? { description }
}
