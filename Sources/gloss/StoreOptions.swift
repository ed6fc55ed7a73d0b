import ArgumentParser
import Foundation
import Privacy
import Profiles
import Reviews

/// `--store`.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .customLong("store"), help: "The profile store, an SQLite file.", completion: .file())
  var path: String

  /// Opens the store; it is made where there is none.
  func open() throws -> ProfileStore { try Self.open(path) }

  /// Opens a store that is there.
  func openExisting() throws -> ProfileStore { try Self.openExisting(path) }

  static func openExisting(_ path: String) throws -> ProfileStore {
    guard FileManager.default.fileExists(atPath: path) else { throw MissingStore(path: path) }
    return try open(path)
  }

  private static func open(_ path: String) throws -> ProfileStore {
    try ProfileStore(path: path) {
      Console.note("\(path): waiting for another program that writes to it")
    }
  }

  /// A store to read from that does not exist.
  private struct MissingStore: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): no such store; make one with gloss annotate" }
  }
}

/// A user, by the name that reviews give.
struct UserNames: ParsableArguments {
  @Option(
    help: "Users are stored as pseudonyms under the key in this file: find them by their names.",
    completion: .file())
  var pseudonymize: String?

  /// The pseudonyms of the key that is given.
  func pseudonyms() throws -> Pseudonyms? {
    try pseudonymize.map { try Pseudonyms(keyFile: $0) }
  }

  /// What `store` calls a user.
  func stored(_ user: String, in store: ProfileStore) throws -> String {
    try naming(in: store)(user)
  }

  /// What `store` calls users; under another key than its own nobody would be found.
  func naming(in store: ProfileStore) throws -> (String) -> String {
    guard let pseudonyms = try pseudonyms() else { return { $0 } }
    if let kept = try store.pseudonymsOfEmptyName(), kept != pseudonyms("") {
      throw ProfileError.otherPseudonyms(path: store.path)
    }
    return { pseudonyms($0) }
  }
}

/// `--as-of` and `--half-life`.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: "The day that profiles speak of; later reviews do not count. (default: the last review)")
  var asOf: String?
  @Option(
    help: "Let a review count half after so long: 180d, 26w or 1y. (default: all count alike)")
  var halfLife: String?

  func validate() throws {
    if let asOf, Self.seconds(asOf) == nil {
      throw ValidationError("--as-of is '\(asOf)'; write a day such as 2024-05-02")
    }
    if let halfLife, Self.days(halfLife) == nil {
      throw ValidationError("--half-life is '\(halfLife)'; write a time such as 180d, 26w or 1y")
    }
  }

  var settings: ProfileSettings {
    ProfileSettings(
      asOf: asOf.flatMap(Self.lastSecond), halfLifeDays: halfLife.flatMap(Self.days))
  }

  /// Seconds since the start of 1970 of a day or a time.
  static func seconds(_ text: String) -> Int? { ReviewTime.text(text).flatMap(ReviewTime.seconds) }

  /// The same, a day at its end.
  private static func lastSecond(_ text: String) -> Int? {
    ReviewTime.text(text).flatMap { time in
      ReviewTime.seconds(time).map { time.contains("T") ? $0 : $0 + 86_399 }
    }
  }

  private static func days(_ text: String) -> Double? {
    let units: [Character: Double] = ["d": 1, "w": 7, "y": 365.25]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()),
      count > 0, count.isFinite
    else { return nil }
    return count * unit
  }
}
