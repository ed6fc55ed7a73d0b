import Foundation

/// Set by the signal handler, which can reach nothing but a global.
nonisolated(unsafe) private var requested: sig_atomic_t = 0

/// SIGINT and SIGTERM as a question that the work asks between two chunks.
struct Interruption {
  /// From here on the signals end the work cleanly instead of at once.
  init() {
    signal(SIGINT) { _ in unsafe requested = 1 }
    signal(SIGTERM) { _ in unsafe requested = 1 }
  }

  /// Whether one of the signals came.
  var wasRequested: Bool { unsafe requested != 0 }
}
