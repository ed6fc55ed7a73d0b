import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct StoreMigrationTests {
  /// A store as the first version of the tables held it.
  private func firstStore(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try StoreSchema.migrator.migrate(queue, upTo: "1 gloss, entity, intent")
    try queue.write { database in
      for (id, time) in [("r-1", "2024-05-02T10:11:12Z"), ("r-2", "last spring")] {
        try database.execute(
          sql: """
            INSERT INTO gloss VALUES (?, 'ana', 'MUG-5', ?, 'en', 1.5, 'negative', 0.75,
              0.5, 0.5, 0, 0, 0, 12, 1, 'gloss-test/0a1b2c3d');
            """, arguments: [id, time])
        try database.execute(
          sql: """
            INSERT INTO entity VALUES
              (?, 0, 'opinion', 'ASPECT', 'handle', 3, 9, 0.9, 'negative'),
              (?, 1, 'name', 'ORG', 'Brewco', 12, 18, 0.8, NULL)
            """, arguments: [id, id])
        try database.execute(
          sql: "INSERT INTO intent VALUES (?, 0, 'complaint', 0.875)", arguments: [id])
      }
    }
    try queue.close()
  }

  @Test func firstStoresLoseNothing() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      try firstStore(path)
      let store = try ProfileStore(path: path)
      let reviews = try store.read { try StoredReview.fetchAll(ofUser: 1, $0) }
        .sorted(by: StoredReview.isOlder)
      #expect(reviews.map(\.seconds) == [nil, 1_714_644_672])
      #expect(reviews.map(\.gloss.time) == ["last spring", "2024-05-02T10:11:12Z"])
      let expected = gloss(
        "r-1", item: "MUG-5", time: "2024-05-02T10:11:12Z", stars: 1.5,
        [
          .init(
            layer: .opinion, type: "ASPECT", text: "handle", start: 3, end: 9, confidence: 0.9,
            polarity: .negative),
          .init(layer: .name, type: "ORG", text: "Brewco", start: 12, end: 18, confidence: 0.8),
        ], intents: ["complaint"])
      #expect(reviews.last?.gloss == expected)
      let profile = try #require(try store.profile(of: "ana"))
      #expect(profile.reviews == 2)
      #expect(profile.aspects.map(\.mentions) == [2])
      // No content is known of them: what is read again replaces them.
      #expect(try store.record([expected]) == IntakeCounts(0, 1, 0))
    }
  }

  @Test func emptyFirstStoresBecomeEmptyStores() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/reviews.sqlite"
      try StoreSchema.migrator.migrate(
        DatabaseQueue(path: path), upTo: "1 gloss, entity, intent")
      #expect(try ProfileStore(path: path).statistics().sources == [])
    }
  }
}
