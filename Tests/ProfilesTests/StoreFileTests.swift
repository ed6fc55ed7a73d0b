import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct StoreFileTests {
  private func withPath<T>(_ body: (String) throws -> T) throws -> T {
    try withTemporaryFolder { try body($0.path + "/reviews.sqlite") }
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  @Test func fileThatIsNoDatabaseIsLeftAlone() throws {
    try withPath { path in
      let text = Data(String(repeating: "Not a store, only words.\n", count: 100).utf8)
      try text.write(to: URL(fileURLWithPath: path))
      #expect(throws: ProfileError.notAStore(path: path)) { try ProfileStore(path: path) }
      #expect(try bytes(path) == text)
    }
  }

  @Test func databaseOfAnotherProgramIsLeftAlone() throws {
    try withPath { path in
      try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE song (title TEXT)") }
      let before = try bytes(path)
      #expect(throws: ProfileError.notAStore(path: path)) { try ProfileStore(path: path) }
      #expect(try bytes(path) == before)
    }
  }

  @Test func newerStoreIsLeftAlone() throws {
    try withPath { path in
      _ = try ProfileStore(path: path)
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 a later idea')")
      }
      let before = try bytes(path)
      #expect(throws: ProfileError.newerStore(path: path)) { try ProfileStore(path: path) }
      #expect(try bytes(path) == before)
    }
  }

  @Test func emptyFileBecomesAStore() throws {
    try withPath { path in
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(try ProfileStore(path: path).record([gloss("r-1")]).added == 1)
    }
  }

  @Test func storeWhoseMakingWasCutShortIsFinished() throws {
    try withPath { path in
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      }
      #expect(try ProfileStore(path: path).record([gloss("r-1")]).added == 1)
    }
  }

  @Test func storeIsThereWhenOpenedAgain() throws {
    try withPath { path in
      _ = try ProfileStore(path: path).record(englishReviews)
      #expect(try ProfileStore(path: path).glosses(ofUser: "ana") == englishReviews)
    }
  }

  @Test func namesWhereItCannotCreate() throws {
    try withTemporaryFolder { folder in
      for path in [folder.path + "/no/folder/reviews.sqlite", folder.path, ""] {
        #expect(throws: ProfileError.cannotOpen(path: path)) { try ProfileStore(path: path) }
      }
    }
  }

  /// `/proc` takes new files from nobody, not even from root.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "needs /proc"))
  func folderWithoutRoomForFilesIsNamed() {
    let path = "/proc/reviews.sqlite"
    #expect(throws: ProfileError.cannotOpen(path: path)) { try ProfileStore(path: path) }
  }

  /// Permissions do not bind root.
  @Test(.enabled(if: geteuid() != 0, "needs a user other than root"))
  func readOnlyFolderIsNamed() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      _ = try ProfileStore(path: path).record([gloss("r-1")])
      let files = FileManager.default
      try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
      defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
      #expect(throws: ProfileError.readOnly(path: path)) { try ProfileStore(path: path) }
      let new = folder.path + "/new.sqlite"
      #expect(throws: ProfileError.cannotOpen(path: new)) { try ProfileStore(path: new) }
    }
  }

  @Test(.enabled(if: geteuid() != 0, "needs a user other than root"))
  func readOnlyFileCanBeReadButNotWritten() throws {
    try withPath { path in
      _ = try ProfileStore(path: path).record([gloss("r-1")])
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
      let store = try ProfileStore(path: path)
      #expect(try store.glosses(ofUser: "ana") == [gloss("r-1")])
      #expect(throws: ProfileError.readOnly(path: path)) { try store.record([gloss("r-2")]) }
    }
  }

  @Test func wornOutStoreIsReportedNotTrusted() throws {
    try withPath { path in
      _ = try ProfileStore(path: path).record(englishReviews)
      var content = try bytes(path)
      for index in 4096..<content.count { content[index] = 0xA5 }
      try content.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: ProfileError.self) {
        _ = try ProfileStore(path: path).glosses(ofUser: "ana")
      }
      guard case .damaged = error else {
        Issue.record("reported as \(String(describing: error))")
        return
      }
    }
  }

  @Test func valuesNobodyWroteAreReported() throws {
    try withPath { path in
      let store = try ProfileStore(path: path)
      _ = try store.record([gloss("r-1")])
      try store.queue.write {
        try $0.execute(
          sql: "PRAGMA ignore_check_constraints = 1; UPDATE review SET label = 'angry'")
      }
      let reason = "Polarity is \"angry\", which is none"
      #expect(throws: ProfileError.damaged(path: path, reason: reason)) {
        try store.glosses(ofUser: "ana")
      }
    }
  }

  /// What would trap, loop or spoil the figures of others.
  @Test(arguments: [
    ("UPDATE entity SET start = 9", "review 1: an entity ends before it starts"),
    ("UPDATE review SET confidence = 1e308", "review 1: a probability is not between 0 and 1"),
    ("UPDATE review SET probability_1 = 0.5", "review 1: the probabilities add up to 1.5"),
    ("UPDATE review SET seconds = -9223372036854775808", "review 1: a time is none"),
    ("UPDATE user SET merged_into = id", "users are merged in a circle"),
  ])
  func numbersNobodyWroteAreReported(sql: String, reason: String) throws {
    try withPath { path in
      let store = try ProfileStore(path: path)
      _ = try store.record([gloss("r-1", time: "2024-05-02", [aspect("lid")])])
      try store.queue.write {
        try $0.execute(sql: "PRAGMA ignore_check_constraints = 1; \(sql)")
      }
      #expect(throws: ProfileError.damaged(path: path, reason: reason)) {
        try store.glosses(ofUser: "ana")
      }
    }
  }

  @Test func aCopyOfALinkedStoreIsAsPrivateAsTheStore() throws {
    try withPath { path in
      _ = try ProfileStore(path: path).record([gloss("r-1")])
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      let (link, copy) = (path + ".link", path + ".copy")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      try ProfileStore(path: link).copy(to: copy)
      let permissions = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions]
      #expect(permissions as? Int == 0o600)
      #expect(try ProfileStore(path: copy).glosses(ofUser: "ana") == [gloss("r-1")])
    }
  }

  @Test(arguments: [
    (ResultCode.SQLITE_BUSY, ProfileError.busy(path: "a")),
    (.SQLITE_FULL, .diskFull(path: "a")),
    (.SQLITE_IOERR, .failed(path: "a", reason: "why")),
  ])
  func saysWhatSQLiteReported(code: ResultCode, error: ProfileError) {
    #expect(ProfileError(DatabaseError(resultCode: code, message: "why"), path: "a") == error)
  }

  @Test func everyErrorIsOneLineWithARemedy() {
    let (path, reason) = ("a\nb.sqlite", "odd\u{1B}[2J\r\nthing")
    let errors: [ProfileError] = [
      .cannotOpen(path: path), .notAStore(path: path), .newerStore(path: path),
      .readOnly(path: path), .busy(path: path), .diskFull(path: path),
      .damaged(path: path, reason: reason), .failed(path: path, reason: reason),
      .missingUser(review: path), .malformed(review: path, reason: reason), .exists(path: path),
      .unknownUser(user: path), .sameUser(user: path), .alreadyMerged(user: path, into: reason),
      .notMerged(user: reason),
    ]
    for error in errors {
      let line = error.description
      #expect(line.contains("; "))
      #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
    #expect(
      ProfileError.notAStore(path: "reviews.sqlite").description
        == "reviews.sqlite: not a Gloss store; name another file, or one that does not exist yet")
  }
}
