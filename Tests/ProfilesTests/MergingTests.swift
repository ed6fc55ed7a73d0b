import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct MergingTests {
  private func withStore<T>(_ body: (ProfileStore) throws -> T) throws -> T {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      for (index, user) in ["ana", "anna", "bo", "cy"].enumerated() {
        _ = try store.record(
          (0...index).map { gloss("\(user)-\($0)", user: user, time: "2024-05-0\($0 + 1)") })
      }
      return try body(store)
    }
  }

  @Test func unmergingRestoresEveryByte() throws {
    try withStore { store in
      let before = try store.export()
      try store.merge("anna", into: "ana")
      #expect(try store.users() == ["ana", "bo", "cy"])
      let merged = try #require(try store.profile(of: "anna"))
      #expect(merged.user == "ana" && merged.merged == ["anna"] && merged.reviews == 3)
      #expect(try store.profile(of: "ana") == merged)
      try store.unmerge("anna")
      #expect(try store.export() == before)
      #expect(try store.audit().map(\.action) == ["merge", "unmerge"])
    }
  }

  @Test func profilesOfSeveralMergeAsAWhole() throws {
    try withStore { store in
      try store.merge("anna", into: "ana")
      try store.merge("ana", into: "bo")
      #expect(try store.profile(of: "anna")?.merged == ["ana", "anna"])
      #expect(try store.reasons(for: .stars, of: "bo")?.count == 6)
      try store.unmerge("ana")
      #expect(try store.profile(of: "ana")?.merged == ["anna"])
      #expect(try store.profile(of: "bo")?.merged == [])
    }
  }

  @Test func mergingTellsWhatCannotBe() throws {
    try withStore { store in
      try store.merge("anna", into: "ana")
      #expect(throws: ProfileError.unknownUser(user: "x")) { try store.merge("x", into: "ana") }
      #expect(throws: ProfileError.unknownUser(user: "x")) { try store.merge("ana", into: "x") }
      #expect(throws: ProfileError.sameUser(user: "bo")) { try store.merge("bo", into: "bo") }
      #expect(throws: ProfileError.alreadyMerged(user: "anna", into: "ana")) {
        try store.merge("anna", into: "bo")
      }
      #expect(throws: ProfileError.alreadyMerged(user: "anna", into: "ana")) {
        try store.merge("bo", into: "anna")
      }
      #expect(throws: ProfileError.notMerged(user: "bo")) { try store.unmerge("bo") }
      #expect(throws: ProfileError.unknownUser(user: "x")) { try store.unmerge("x") }
    }
  }

  @Test func fieldsOfOtherSourcesStandApart() throws {
    try withStore { store in
      _ = try store.importFields(
        [("ana", [("region", "north"), ("age_band", "30-39")]), ("eve", [("region", "south")])],
        source: "crm")
      _ = try store.importFields([("ana", [("region", "west")])], source: "survey")
      let again = try store.importFields(
        [("ana", [("region", "east"), ("age_band", "30-39")])], source: "crm")
      #expect(again == (1, 0))
      #expect(
        try store.profile(of: "ana")?.known == [
          KnownField(field: "age_band", value: "30-39", source: "crm"),
          KnownField(field: "region", value: "east", source: "crm"),
          KnownField(field: "region", value: "west", source: "survey"),
        ])
      let eve = try #require(try store.profile(of: "eve"))
      #expect(eve.reviews == 0 && eve.sentiment.stars.evidence == 0)
      #expect(try store.users() == ["ana", "anna", "bo", "cy", "eve"])
      // Who has nothing left is not named any more.
      #expect(try store.importFields([("eve", [("region", "")])], source: "crm") == (1, 0))
      let names = try store.queue.read { try String.fetchAll($0, sql: "SELECT name FROM user") }
      #expect(!names.contains("eve") && names.contains("ana"))
    }
  }
}
