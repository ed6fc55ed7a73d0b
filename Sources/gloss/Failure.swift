import ArgumentParser
import Profiles

/// The exit statuses of every verb.
enum Status {
  /// Some input was rejected, or a check failed.
  static let rejected = ExitCode(1)
  /// The run could not go on.
  static let failed = ExitCode(2)
  /// SIGINT or SIGTERM ended the run; what was done is whole.
  static let interrupted = ExitCode(130)
}

/// Runs `body`; an error becomes one line on standard error and status 2, an unknown user 1. What
/// argument parsing throws stays as it is.
func failing<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let status as ExitCode {
    throw status
  } catch let wrongUsage as ValidationError {
    throw wrongUsage
  } catch {
    Console.note("gloss: \(error)")
    if case .unknownUser = error as? ProfileError { throw Status.rejected }
    throw Status.failed
  }
}
