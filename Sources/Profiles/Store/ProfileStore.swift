import Foundation
import GRDB
import Synchronization

/// The evidence for the profiles of many writers in one SQLite file.
///
/// Evidence is what a model noted about a review, named by its source and its id there. Profiles
/// are worked out of it whenever they are asked for, so the same evidence always gives the same
/// profiles, however it came. Every change is one transaction: a process that dies leaves the store
/// as it was before the call. Several processes may use one store; writers wait for each other.
public final class ProfileStore: Sendable {
  /// Where the store lives, as it was given.
  public let path: String
  let queue: DatabaseQueue
  /// Whether another process is waited for; only changed by who has the queue.
  private let waitsForOthers: WaitingSwitch
  /// What users are hashed with, wherever only a hash may stay.
  let salt: Data

  /// Opens the store at `path`, or makes an empty one where there is no file.
  ///
  /// `waits` is called once each time another process keeps us waiting for longer than a second.
  ///
  /// Throws when the file is not a store, is a newer version's, or may not be opened; such a file
  /// stays as it is.
  public convenience init(
    path: String, waits: (@Sendable () -> Void)? = nil
  ) throws(ProfileError) {
    try self.init(path: path, patience: 60, waits: waits)
  }

  /// The same, waiting for other processes for `patience` seconds.
  init(
    path: String, patience: TimeInterval, waits: (@Sendable () -> Void)? = nil
  ) throws(ProfileError) {
    // SQLite would take an empty name for a temporary store.
    guard !path.isEmpty else { throw .cannotOpen(path: path) }
    self.path = path
    do {
      var configuration = Configuration()
      let isOn = WaitingSwitch()
      waitsForOthers = isOn
      configuration.busyMode = .callback(Self.waiting(patience, isOn, waits))
      configuration.prepareDatabase { database in
        // What is deleted is overwritten. The larger cache and log are for indices, which are
        // written at random places.
        try database.execute(
          sql: """
            PRAGMA secure_delete = ON; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8192
            """)
      }
      queue = try Self.trying(patience) {
        let queue = try DatabaseQueue(path: Self.file(path), configuration: configuration)
        try Self.prepare(queue, path: path)
        return queue
      }
      salt = try queue.read { database in
        try Data.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'salt'") ?? Data()
      }
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// A path that SQLite takes for a file, whatever its name: `:memory:` and `file:` mean something
  /// else to it.
  static func file(_ path: String) -> String {
    [":", "file:"].contains { path.hasPrefix($0) } ? "./\(path)" : path
  }

  /// Reads in a transaction.
  func read<Result>(_ body: (Database) throws -> Result) throws(ProfileError) -> Result {
    do {
      return try queue.read(body)
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// Changes all that `body` changes, or nothing.
  func write<Result>(_ body: (Database) throws -> Result) throws(ProfileError) -> Result {
    do {
      return try queue.write(body)
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// As `write`, but fails where another process would have to be waited for.
  func writeAtOnce(_ body: (Database) throws -> Void) throws(ProfileError) {
    do {
      try queue.writeWithoutTransaction { database in
        waitsForOthers.isOn.store(false, ordering: .relaxed)
        defer { waitsForOthers.isOn.store(true, ordering: .relaxed) }
        try database.inTransaction(.immediate) {
          try body(database)
          return .commit
        }
      }
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// Notes that profiles may have changed.
  static func advanceGeneration(_ database: Database) throws {
    try database.cachedStatement(
      sql: "UPDATE setting SET value = value + 1 WHERE name = 'generation'"
    ).execute()
  }

  /// Seconds between two tries.
  private static let pause: TimeInterval = 0.01

  /// SQLite asks after every failed try whether to try again.
  private static func waiting(
    _ patience: TimeInterval, _ waiting: WaitingSwitch, _ waits: (@Sendable () -> Void)?
  ) -> Database.BusyCallback {
    { tries in
      guard waiting.isOn.load(ordering: .relaxed) else { return false }
      if tries == Int(1 / pause) { waits?() }
      Thread.sleep(forTimeInterval: pause)
      return Double(tries) * pause < patience
    }
  }

  /// Tries again while another process is in the way: switching to the write-ahead log needs the
  /// file alone, and SQLite does not wait for that by itself.
  private static func trying<Result>(
    _ patience: TimeInterval, _ body: () throws -> Result
  ) throws -> Result {
    let end = Date() + patience
    while true {
      do {
        return try body()
      } catch let error as DatabaseError
        where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) && Date() < end
      {
        Thread.sleep(forTimeInterval: pause)
      }
    }
  }

  private static func prepare(_ queue: DatabaseQueue, path: String) throws {
    let migrator = StoreSchema.migrator
    // Before the first write: someone else's file must stay as it is.
    let isCurrent = try queue.read { database in
      guard try StoreSchema.accepts(database) else { throw ProfileError.notAStore(path: path) }
      guard try !migrator.hasBeenSuperseded(database) else {
        throw ProfileError.newerStore(path: path)
      }
      return try migrator.hasCompletedMigrations(database)
    }
    // A copy is whole, but keeps no write-ahead log yet.
    let keepsLog = try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") == "wal" }
    if isCurrent, keepsLog || !FileManager.default.isWritableFile(atPath: path) { return }
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
    }
    do {
      try migrator.migrate(queue)
    } catch is DatabaseError {
      // Another process may have made the same tables meanwhile; then nothing is left to do.
      try migrator.migrate(queue)
    }
  }
}

/// A flag that a store shares with what SQLite calls.
private final class WaitingSwitch: Sendable {
  let isOn = Atomic(true)
}
