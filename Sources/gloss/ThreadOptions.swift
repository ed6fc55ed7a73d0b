import ArgumentParser
import Foundation

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(name: .customLong("threads"), help: "Threads that work at once. (default: all cores)")
  var given: Int?

  /// How many threads to use.
  var count: Int { given ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let given, !(1...1_024).contains(given) {
      throw ValidationError("--threads is \(given); it has to be 1 to 1024")
    }
  }
}
