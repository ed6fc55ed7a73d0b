import ArgumentParser
import Foundation
import Profiles

/// `--store`.
struct StoreOptions: ParsableArguments {
  @Option(name: .customLong("store"), help: "The profile store, an SQLite file.") var path: String

  /// Opens the store; it is made where there is none.
  func open() throws -> GlossStore { try GlossStore(path: path) }

  /// Opens a store that is there.
  func openExisting() throws -> GlossStore {
    guard FileManager.default.fileExists(atPath: path) else {
      throw MissingStore(path: path)
    }
    return try open()
  }

  /// A store to read from that does not exist.
  private struct MissingStore: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): no such store; make one with gloss annotate" }
  }
}
