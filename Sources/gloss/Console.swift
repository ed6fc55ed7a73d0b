import Files
import Foundation
import Reviews
import Synchronization

/// What the program says: results on standard output, messages and progress on standard error.
///
/// The progress line moves on a terminal; in a log it comes every half minute.
enum Console {
  private struct State {
    var hasProgress = false
    var lastProgress = Date()
  }

  /// The process has one standard error, at which one thread speaks at a time.
  private static let state = Mutex(State())
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// A message on a line of its own.
  static func note(_ line: String) {
    state.withLock { state in
      clear(&state)
      write(line + "\n")
    }
  }

  /// Writes results to standard output.
  ///
  /// - Throws: `FileError` when nobody takes them, a full disk for example.
  static func output(_ text: String) throws {
    clearProgress()
    try OutputFile(path: "-").write(Data(text.utf8))
  }

  /// The state of the work; shown every so often, and when it `isLast`.
  static func progress(isLast: Bool = false, _ line: () -> String) {
    let interval: TimeInterval = isTerminal ? 0.2 : 30
    state.withLock { state in
      guard isLast || Date().timeIntervalSince(state.lastProgress) >= interval else { return }
      state.lastProgress = Date()
      guard isTerminal else { return write(line() + "\n") }
      // A line that wraps could not be taken back.
      write("\r\u{1B}[2K" + line().prefix(terminalWidth - 1) + (isLast ? "\n" : ""))
      state.hasProgress = !isLast
    }
  }

  /// Takes the progress line back, so that other output starts on a line of its own.
  static func clearProgress() { state.withLock { clear(&$0) } }

  private static func clear(_ state: inout State) {
    if state.hasProgress { write("\r\u{1B}[2K") }
    state.hasProgress = false
  }

  /// Columns of the terminal; 80 where it does not say.
  private static var terminalWidth: Int {
    var size = winsize()
    // Fills `size`, which outlives the call.
    let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
  }

  private static func write(_ text: String) {
    // Without a standard error there is nobody to tell.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// Tells the first rejected rows, a line each, and once that there are more.
struct RejectionNotes {
  /// What to say of the others.
  let more: String
  private var told = 0
  private static let most = 20

  init(more: String) { self.more = more }

  mutating func tell(_ row: RejectedRow) {
    told += 1
    if told <= Self.most { Console.note("\(row.file):\(row.line): \(row.reason)") }
    if told == Self.most + 1 { Console.note(more) }
  }
}

/// `value` with `places` decimals.
func decimals(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

/// `1h 2m`, `3m 20s` or `12s`.
func duration(_ seconds: Int) -> String {
  if seconds >= 3_600 { return "\(seconds / 3_600)h \(seconds % 3_600 / 60)m" }
  return seconds >= 60 ? "\(seconds / 60)m \(seconds % 60)s" : "\(seconds)s"
}
