import Foundation

/// Set by the signal handler, which can reach nothing but a global.
nonisolated(unsafe) private var requested: sig_atomic_t = 0

/// SIGINT and SIGTERM as a question that the work asks between two rows.
struct Interruption {
  /// From here on the signals end the work cleanly; a second one ends it at once.
  init() {
    // Without SA_RESTART, so that waiting for input ends as well.
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in unsafe requested = 1 }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    // The handler touches one atomic flag, which is all a handler may do.
    unsafe sigaction(SIGINT, &action, nil)
    unsafe sigaction(SIGTERM, &action, nil)
  }

  /// Whether one of the signals came.
  var wasRequested: Bool { unsafe requested != 0 }
}
