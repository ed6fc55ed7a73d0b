import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct ErasureTests {
  private let intake = Intake(model: "gloss-test/0a1b2c3d")

  /// Reviews of a user, every text of which holds a word that no other user's has.
  private func evidence(_ user: String, _ word: String, count: Int = 40) -> [Evidence] {
    (0..<count).map { index in
      let text = "The \(word)\(index) hums, so the \(word) goes back to \(word) Street."
      return Evidence(
        gloss(
          "\(user)-\(index)", user: user, item: "\(word)-item-\(index % 3)",
          time: ReviewTime.text(seconds: 1_700_000_000 + index * 86_400), stars: 1.5,
          [
            .init(
              layer: .opinion, type: "ASPECT", text: "\(word)\(index)", start: 4,
              end: 4 + word.count + String(index).count, confidence: 0.9, polarity: .negative)
          ], intents: ["complaint"]), text: text)
    }
  }

  /// Every byte of the store and of the files beside it.
  private func bytes(_ path: String) throws -> Data {
    var all = Data()
    for suffix in ["", "-wal", "-shm", "-journal"] {
      all += (try? Data(contentsOf: URL(fileURLWithPath: path + suffix))) ?? Data()
    }
    return all
  }

  private let others = ["bo", "cy", "di"]

  private func fill(_ store: ProfileStore, with erased: [Evidence]) throws {
    // Mixed, so that pages hold several users.
    let all = others.flatMap { evidence($0, "lamp") } + erased
    for (index, part) in (0..<8).map({ start in
      stride(from: start, to: all.count, by: 8).map { all[$0] }
    }).enumerated() {
      _ = try store.record(part, in: intake)
      if index == 3 { try store.settle() }
    }
    _ = try store.importFields(
      [("ana", [("region", "zxquarkle-land")]), ("bo", [("region", "north")])], source: "crm")
    try store.settle()
  }

  @Test func noByteOfTheUserIsLeft() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      let store = try ProfileStore(path: path)
      try fill(store, with: evidence("ana-zxquarkle", "zxquarkle") + evidence("ana", "zxquarkle"))
      // Replaced reviews leave old bytes too.
      _ = try store.record(
        evidence("ana", "zxquarkle").map { old in
          Evidence(old.gloss, text: (old.text ?? "") + " Again.")
        }, in: intake)
      try store.merge("ana-zxquarkle", into: "ana")
      #expect(try bytes(path).range(of: Data("zxquarkle".utf8)) != nil)
      let receipt = try #require(try store.erase(user: "ana-zxquarkle"))
      #expect(receipt.users.count == 2)
      #expect(receipt.reviews == 80)
      #expect(receipt.entities == 80 && receipt.intents == 80 && receipt.fields == 1)
      let left = try bytes(path)
      #expect(left.range(of: Data("zxquarkle".utf8)) == nil)
      #expect(left.range(of: Data("ana".utf8)) == nil)
      #expect(left.range(of: Data("lamp".utf8)) != nil)
      #expect(try store.audit().last?.action == "erase")
    }
  }

  @Test func theRestIsAsIfTheUserHadNeverBeenThere() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/with.sqlite")
      try fill(store, with: evidence("ana", "zxquarkle"))
      _ = try store.erase(user: "ana")
      let without = try ProfileStore(path: folder.path + "/without.sqlite")
      _ = try without.record(others.flatMap { evidence($0, "lamp") }, in: intake)
      _ = try without.importFields([("bo", [("region", "north")])], source: "crm")
      #expect(try store.export() == without.export())
      #expect(try store.export().count == 3)
    }
  }

  @Test func erasedUsersAreTurnedAway() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      _ = try store.record(evidence("ana", "lamp", count: 2), in: intake)
      #expect(try store.erase(user: "nobody") == nil)
      _ = try store.erase(user: "ana")
      let again = evidence("ana", "lamp", count: 3) + evidence("bo", "lamp", count: 1)
      #expect(try store.record(again, in: intake) == IntakeCounts(1, 0, 0, 3))
      let imported = try store.importFields([("ana", [("age", "30")])], source: "crm")
      #expect(imported == (0, 1))
      let review = Review(id: "x", user: "ana", text: "Hi.")
      #expect(try store.standing(of: [review], in: intake) == [.withheld])
      #expect(try store.users() == ["bo"])
      var allowing = intake
      allowing.allowsErased = true
      #expect(try store.record(again, in: allowing) == IntakeCounts(3, 0, 1))
      #expect(try store.users() == ["ana", "bo"])
    }
  }

  @Test func namesAndPseudonymsDoNotMix() throws {
    try withTemporaryFolder { folder in
      let pseudonym = String(repeating: "0123456789abcdef", count: 4)
      let (ana, hidden) = (gloss("r-1", user: "ana"), gloss("r-2", user: pseudonym))
      func store(_ name: String) throws -> ProfileStore {
        try ProfileStore(path: "\(folder.path)/\(name).sqlite")
      }
      // Records of pseudonyms, and then their key.
      let kept = try store("kept")
      _ = try kept.record([hidden])
      #expect(try kept.pseudonymsOfEmptyName() == nil)
      try kept.keepPseudonyms(ofEmptyName: "key")
      #expect(try kept.pseudonymsOfEmptyName() == "key")
      #expect(
        throws: ProfileError.malformed(
          review: "r-1", reason: "its user is a name, those of the store are pseudonyms")
      ) { try kept.record([ana]) }
      #expect(throws: ProfileError.otherPseudonyms(path: kept.path)) {
        try kept.keepPseudonyms(ofEmptyName: nil)
      }
      #expect(try kept.record([hidden]).unchanged == 1)

      // Also where everybody of the names is gone: they would come back as pseudonyms.
      let plain = try store("plain")
      _ = try plain.record([ana])
      for _ in 0..<2 {
        #expect(throws: ProfileError.plainNames(path: plain.path)) {
          try plain.keepPseudonyms(ofEmptyName: "key")
        }
        _ = try plain.erase(user: "ana")
      }
      try plain.keepPseudonyms(ofEmptyName: nil)
    }
  }

  @Test func oldPagesThatAnotherProcessReadsAreReportedAndGoLater() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      let store = try ProfileStore(path: path, patience: 0.1)
      _ = try store.record(evidence("ana", "zxquarkle") + evidence("bo", "lamp"), in: intake)
      let reader = try DatabaseQueue(path: path)
      try reader.inDatabase { database in
        try database.beginTransaction(.deferred)
        #expect(try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM review") == 80)
        #expect(throws: ProfileError.busy(path: path)) { try store.erase(user: "ana") }
        #expect(try store.users() == ["bo"])
        try database.commit()
      }
      #expect(try bytes(path).range(of: Data("zxquarkle".utf8)) != nil)
      #expect(try store.erase(user: "ana") == nil)
      #expect(try bytes(path).range(of: Data("zxquarkle".utf8)) == nil)
    }
  }
}
