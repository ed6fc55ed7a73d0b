import Foundation

/// Standard error: messages, and a progress line that moves only on a terminal.
final class Console {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var hasProgress = false
  private var lastProgress = Date()

  /// Seconds between two progress lines: on a terminal they overwrite each other, in a log not.
  private var interval: TimeInterval { isTerminal ? 0.2 : 30 }

  /// A message on a line of its own.
  func note(_ line: String) {
    clearProgress()
    write(line + "\n")
  }

  /// The state of the work; shown at most every so often, unless it `isLast`.
  func progress(isLast: Bool = false, _ line: () -> String) {
    guard isLast || Date().timeIntervalSince(lastProgress) >= interval else { return }
    lastProgress = Date()
    if isTerminal {
      write("\r\u{1B}[2K" + line())
      hasProgress = true
      if isLast {
        write("\n")
        hasProgress = false
      }
    } else {
      write(line() + "\n")
    }
  }

  private func clearProgress() {
    if hasProgress { write("\r\u{1B}[2K") }
    hasProgress = false
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
