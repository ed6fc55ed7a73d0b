import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct StoreTransactionTests {
  private struct Interruption: Error {}

  @Test func errorInsideATransactionLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      _ = try store.record([gloss("r-1")])
      #expect(throws: Interruption.self) {
        try store.queue.write { database in
          try database.execute(sql: "DELETE FROM review")
          var recorder = try Recorder(database, Intake(model: "gloss-test/0a1b2c3d"))
          _ = try recorder.record(Evidence(gloss("r-2", [aspect("lid")])))
          throw Interruption()
        }
      }
      #expect(try store.glosses(ofUser: "ana") == [gloss("r-1")])
    }
  }

  /// The files as they are in the middle of a transaction are what a killed process leaves.
  @Test func filesOfAKilledProcessOpenWithoutItsTransaction() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      let killed = folder.path + "/killed.sqlite"
      _ = try store.record(englishReviews)
      try store.queue.write { database in
        // So little cache that the transaction reaches the disk before its end.
        try database.execute(sql: "PRAGMA cache_size = 1")
        var recorder = try Recorder(database, Intake(model: "gloss-test/0a1b2c3d"))
        for number in 0..<500 {
          _ = try recorder.record(Evidence(gloss("new-\(number)", [aspect("lid")])))
        }
        for suffix in ["", "-wal"] {
          try FileManager.default.copyItem(atPath: store.path + suffix, toPath: killed + suffix)
        }
      }
      #expect(try store.glosses(ofUser: "ana").count == 512)
      let size = try FileManager.default.attributesOfItem(atPath: killed + "-wal")[.size]
      #expect((size as? Int ?? 0) > 50_000)
      let reopened = try ProfileStore(path: killed)
      #expect(try reopened.glosses(ofUser: "ana") == englishReviews)
      #expect(try reopened.record([gloss("r-13")]).added == 1)
    }
  }

  @Test(.timeLimit(.minutes(1))) func profilesDoNotWaitForAWriter() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      let store = try ProfileStore(path: path, patience: 600)
      _ = try store.record(englishReviews)
      let writer = try DatabaseQueue(path: path)
      try writer.inDatabase { database in
        try database.beginTransaction(.immediate)
        // The population was not worked out yet, and cannot be remembered now.
        #expect(try store.profile(of: "ana")?.reviews == 12)
        try database.rollback()
      }
      func isKept() throws -> Bool {
        try store.read {
          try Bool.fetchOne(
            $0, sql: "SELECT EXISTS (SELECT 1 FROM setting WHERE name = 'population')")
        } ?? false
      }
      #expect(try !isKept())
      #expect(try store.profile(of: "ana")?.reviews == 12)
      #expect(try isKept())
    }
  }

  @Test func twoConnectionsSeeEachOther() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      let (first, second) = (try ProfileStore(path: path), try ProfileStore(path: path))
      #expect(try first.record([gloss("r-1")]).added == 1)
      #expect(try second.record([gloss("r-1"), gloss("r-2", user: "bo")]) == IntakeCounts(1, 0, 1))
      #expect(try first.users() == ["ana", "bo"])
    }
  }

  @Test func manyConnectionsCreateAndFillOneStore() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gloss-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/reviews.sqlite"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let store = try ProfileStore(path: path)
          for number in 0..<10 { _ = try store.record([gloss("r-\(writer)-\(number)")]) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try ProfileStore(path: path).glosses(ofUser: "ana").count == 80)
  }

  @Test func writesAheadAndWaitsForTheDisk() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      try store.queue.read { database in
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        #expect(mode == "wal")
        #expect(synchronous == 2)  // FULL
      }
    }
  }
}
