import Foundation
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct ExactlyOnceTests {
  /// Reviews of twenty users with all that records hold, from a fixed sequence of numbers.
  static let reviews: [Gloss] = {
    var state: UInt64 = 11
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    let aspects = ["lid", "The lids", "battery life", "物流", "屏幕", "螢幕", "staff"]
    return (0..<300).map { index in
      gloss(
        "r-\(index)", user: "user \(next(20))", item: "item \(next(9))",
        time: next(10) == 0
          ? nil : ReviewTime.text(seconds: 1_600_000_000 + next(1_000) * 86_400),
        language: next(3) == 0 ? "zh" : "en", stars: 1 + Double(next(9)) / 2,
        (0..<next(4)).map { _ in
          aspect(aspects[next(aspects.count)], next(2) == 0 ? .positive : .negative)
        } + [name("ORG", "Brewco")].prefix(next(2)),
        intents: Array(["complaint", "praise", "question"].prefix(next(4))))
    }
  }()

  private func export(_ parts: [[Gloss]]) throws -> [String] {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      for part in parts { _ = try store.record(part) }
      return try store.export()
    }
  }

  @Test func anyOrderAndOverlapGivesTheSameBytes() throws {
    let all = Self.reviews
    let expected = try export([all])
    #expect(expected.count == 20)
    #expect(try export([all, all]) == expected)
    #expect(try export([all.reversed()]) == expected)
    #expect(try export([Array(all[100...]), Array(all[..<200])]) == expected)
    #expect(try export(all.map { [$0] }) == expected)
  }

  @Test func settledHalfwayIsTheSame() throws {
    let all = Self.reviews
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      for part in [all[..<150], all[100..<250], all[200...]] {
        _ = try store.record(Array(part))
        try store.settle()
      }
      #expect(try store.export() == export([all]))
      // Opened again, with what was worked out read back.
      #expect(try ProfileStore(path: store.path).export() == store.export())
    }
  }

  @Test func aCopyIsTheSame() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      _ = try store.record(Self.reviews)
      let path = folder.path + "/copy.sqlite"
      try store.copy(to: path)
      #expect(try ProfileStore(path: path).export() == store.export())
      #expect(throws: ProfileError.exists(path: path)) { try store.copy(to: path) }
      // A file of its own, with a write-ahead log, which nobody else may read either.
      let header = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(20)
      #expect(header[18] == 2 && header[19] == 2)
      let files = FileManager.default
      try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: store.path)
      try store.copy(to: path + "2")
      #expect(try files.attributesOfItem(atPath: path + "2")[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func differencesNameTheTraitsThatFlip() throws {
    try withTemporaryFolder { folder in
      let before = try ProfileStore(path: folder.path + "/before.sqlite")
      let after = try ProfileStore(path: folder.path + "/after.sqlite")
      let old = (1...9).map {
        gloss("r-\($0)", time: "2024-05-0\($0)", stars: 5, [aspect("lid", .positive)])
      }
      let new = old.map { gloss in
        var gloss = gloss
        gloss.sentiment = Samples.unhappy
        gloss.entities = [aspect("lid", .negative)]
        gloss.intents = [.init(label: "complaint", confidence: 1)]
        return gloss
      }
      _ = try before.record(old + [gloss("x", user: "gone")])
      _ = try after.record(new + [gloss("y", user: "new")])
      var differences: [ProfileDifference] = []
      try after.forEachDifference(from: before) { differences.append($0) }
      #expect(
        differences.map { "\($0.user) \($0.trait): \($0.before) -> \($0.after)" } == [
          "ana aspect.lid: liked -> disliked", "ana complaint: no -> yes",
          "ana intent.complaint: no -> yes", "ana stars: happy -> unhappy",
          "new profile: absent -> present", "gone profile: present -> absent",
        ])
    }
  }

  @Test func whoWroteNothingHasNoTraitsToFlip() throws {
    try withTemporaryFolder { folder in
      let before = try ProfileStore(path: folder.path + "/before.sqlite")
      let after = try ProfileStore(path: folder.path + "/after.sqlite")
      for store in [before, after] {
        _ = try store.importFields(
          ["bo", "cy", "di"].map { ($0, [("age", "30")]) }, source: "crm")
      }
      _ = try before.record([gloss("r-1", user: "cy")])
      _ = try after.record((2...40).map { gloss("r-\($0)", user: "di", stars: 1) })
      var differences: [ProfileDifference] = []
      try after.forEachDifference(from: before) { differences.append($0) }
      #expect(
        differences.map { "\($0.user) \($0.trait): \($0.before) -> \($0.after)" }
          == ["cy reviews: some -> none", "di reviews: none -> some"])
    }
  }
}

private enum Samples {
  static let unhappy = Gloss.Sentiment(
    label: .negative, stars: 1, confidence: 1, probabilities: [1, 0, 0, 0, 0])
}
