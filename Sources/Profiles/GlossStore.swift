import Foundation
import GRDB
public import Reviews

/// The glosses of many writers in one SQLite file, a gloss per review.
///
/// Every change is one transaction: a process that dies leaves the store as it was before the
/// call. Several processes may use one store; writers wait for each other.
public final class GlossStore: Sendable {
  /// Where the store lives, as it was given.
  public let path: String
  let queue: DatabaseQueue

  /// Opens the store at `path`, or makes an empty one where there is no file.
  ///
  /// Throws when the file is not a store, is a newer version's, or may not be opened; such a file
  /// stays as it is.
  public init(path: String) throws(ProfileError) {
    // SQLite would take an empty name for a temporary store.
    guard !path.isEmpty else { throw .cannotOpen(path: path) }
    self.path = path
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(Self.patience)
      queue = try Self.waiting {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try Self.prepare(queue, path: path)
        return queue
      }
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// Keeps `glosses`, all or none of them, and says what that changed.
  ///
  /// A review that the store holds already is unchanged when its gloss is the same, and replaced
  /// with all that was noted about it when it is not. Throws when a gloss names no user.
  public func record(
    _ glosses: [Gloss]
  ) throws(ProfileError) -> (added: Int, replaced: Int, unchanged: Int) {
    do {
      return try queue.write { database in
        var changes = (added: 0, replaced: 0, unchanged: 0)
        for gloss in glosses {
          let user = try Self.checkedUser(of: gloss)
          let known = try StoredGloss.fetch(review: gloss.id, from: database)
          if known == gloss {
            changes.unchanged += 1
            continue
          }
          if known == nil {
            changes.added += 1
          } else {
            try StoredGloss.delete(review: gloss.id, from: database)
            changes.replaced += 1
          }
          try StoredGloss.insert(gloss, user: user, into: database)
        }
        return changes
      }
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// Every writer of the store: most reviews first, then by name.
  public func users() throws(ProfileError) -> [UserSummary] {
    do {
      return try queue.read { try UserSummary.fetchAll(from: $0) }
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// The glosses of one writer in order of time, then id; those without a time come first.
  ///
  /// Empty for a writer the store does not know.
  public func glosses(ofUser user: String) throws(ProfileError) -> [Gloss] {
    do {
      return try queue.read { try StoredGloss.fetchAll(ofUser: user, from: $0) }
    } catch {
      throw ProfileError(error, path: path)
    }
  }

  /// Seconds for which one process waits for another.
  private static let patience: TimeInterval = 30

  /// Tries again while another process is in the way: switching to the write-ahead log needs the
  /// file alone, and SQLite does not wait for that by itself.
  private static func waiting<Result>(_ body: () throws -> Result) throws -> Result {
    let end = Date() + patience
    while true {
      do {
        return try body()
      } catch let error as DatabaseError
        where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) && Date() < end
      {
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  private static func prepare(_ queue: DatabaseQueue, path: String) throws {
    let migrator = StoreSchema.migrator
    // Before the first write: someone else's file must stay as it is.
    try queue.read { database in
      guard try StoreSchema.accepts(database) else { throw ProfileError.notAStore(path: path) }
      guard try !migrator.hasBeenSuperseded(database) else {
        throw ProfileError.newerStore(path: path)
      }
    }
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

  private static func checkedUser(of gloss: Gloss) throws(ProfileError) -> String {
    guard let user = gloss.user, !user.isEmpty else { throw .missingUser(review: gloss.id) }
    let count = gloss.sentiment.probabilities.count
    guard count == 5 else {
      throw .malformed(review: gloss.id, reason: "\(count) probabilities, expected 5")
    }
    let numbers =
      [gloss.sentiment.stars, gloss.sentiment.confidence] + gloss.sentiment.probabilities
      + gloss.entities.map(\.confidence) + gloss.intents.map(\.confidence)
    // SQLite has no not-a-number.
    guard numbers.allSatisfy(\.isFinite) else {
      throw .malformed(review: gloss.id, reason: "a number is not finite")
    }
    return user
  }
}
