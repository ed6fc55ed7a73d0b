import Foundation
import Synchronization

/// Set by the signal handler, which can reach nothing but a global.
private let requested = Atomic(false)

/// SIGINT and SIGTERM as a question that the work asks between two rows.
struct Interruption {
  /// From here on the signals end the work cleanly; a second one ends it at once.
  init() {
    // Without SA_RESTART, so that waiting for input ends as well.
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in
      requested.store(true, ordering: .relaxed)
    }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    // The handler touches one lock-free flag, which is all a handler may do; it is made here, not there.
    _ = requested.load(ordering: .relaxed)
    unsafe sigaction(SIGINT, &action, nil)
    unsafe sigaction(SIGTERM, &action, nil)
    // Whoever started the program may have done so from a thread that takes no signals.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether one of the signals came.
  var wasRequested: Bool { requested.load(ordering: .relaxed) }
}
