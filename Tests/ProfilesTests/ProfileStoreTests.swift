import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct GlossStoreTests {
  private func withStore<T>(_ body: (GlossStore) throws -> T) throws -> T {
    try withTemporaryFolder { try body(GlossStore(path: $0.path + "/reviews.sqlite")) }
  }

  @Test func recordingTwiceChangesNothing() throws {
    try withStore { store in
      #expect(try store.record(englishReviews) == (12, 0, 0))
      let before = try store.glosses(ofUser: "ana")
      #expect(try store.record(englishReviews) == (0, 0, 12))
      #expect(try store.glosses(ofUser: "ana") == before)
    }
  }

  @Test func returnsWhatWasRecorded() throws {
    try withStore { store in
      _ = try store.record(englishReviews.reversed() + chineseReviews)
      #expect(try store.glosses(ofUser: "ana") == englishReviews)
    }
  }

  @Test func changedReviewReplacesTheOldOne() throws {
    try withStore { store in
      _ = try store.record([
        gloss("r-1", stars: 1.5, [aspect("cord"), opinion("short")], intents: ["complaint"])
      ])
      let changed = gloss("r-1", stars: 4.5, [aspect("cord", .positive)])
      #expect(try store.record([changed, gloss("r-2")]) == (1, 1, 0))
      #expect(try store.glosses(ofUser: "ana") == [changed, gloss("r-2")])
      #expect(try count("entity", in: store) == 1)
      #expect(try count("intent", in: store) == 0)
    }
  }

  @Test func reviewMovesToAnotherUser() throws {
    try withStore { store in
      _ = try store.record([gloss("r-1", user: "ana")])
      #expect(try store.record([gloss("r-1", user: "bo")]) == (0, 1, 0))
      #expect(try store.glosses(ofUser: "ana") == [])
      #expect(try store.users().map(\.user) == ["bo"])
    }
  }

  @Test func laterOfTwoGlossesOfOneReviewWins() throws {
    try withStore { store in
      let pair = [gloss("r-1", stars: 1.5), gloss("r-1", stars: 2)]
      let changes = try store.record(pair)
      #expect(changes == (1, 1, 0))
      #expect(try store.glosses(ofUser: "ana") == [pair[1]])
    }
  }

  @Test func ordersByTimeThenIdWithoutTimeFirst() throws {
    try withStore { store in
      _ = try store.record([
        gloss("b", time: "2024-02-01"), gloss("z", time: "2024-01-01"), gloss("n"),
        gloss("a", time: "2024-02-01"), gloss("B", time: "2024-02-01"),
      ])
      #expect(try store.glosses(ofUser: "ana").map(\.id) == ["n", "z", "B", "a", "b"])
    }
  }

  @Test func unknownUserHasNoGlosses() throws {
    try withStore { store in
      #expect(try store.users() == [])
      _ = try store.record([gloss("r-1")])
      #expect(try store.glosses(ofUser: "nobody") == [])
      #expect(try store.record([]) == (0, 0, 0))
    }
  }

  @Test(arguments: [
    "", "\0", "a\0b", "👩‍👩‍👧‍👦🇨🇭", "e\u{301}", "味道'; DROP TABLE gloss; --", "\u{FEFF}x\r\n\t",
  ])
  func keepsEveryTextWhole(text: String) throws {
    try withStore { store in
      let record = gloss(
        "id\(text)!", user: "u\(text)!", item: text, time: text, language: text,
        [aspect(text), name(text, text)], intents: [text])
      let beginning = gloss("id", user: "u")
      let changes = try store.record([record, beginning])
      #expect(changes == (2, 0, 0))
      let read = try store.glosses(ofUser: "u\(text)!")
      #expect(read == [record])
      #expect(read.first?.item?.utf8.elementsEqual(text.utf8) == true)
      #expect(try store.record([record, beginning]) == (0, 0, 2))
      #expect(try store.users().contains { $0.user == "u\(text)!" && $0.lastTime == text })
    }
  }

  @Test func canonicallyEqualIdsAreDifferentReviews() throws {
    try withStore { store in
      let changes = try store.record([gloss("\u{E9}"), gloss("e\u{301}")])
      #expect(changes.added == 2)
    }
  }

  @Test(arguments: [nil, ""] as [String?])
  func glossWithoutUserStopsTheWholeCall(user: String?) throws {
    try withStore { store in
      #expect(throws: ProfileError.missingUser(review: "r-2")) {
        try store.record([gloss("r-1"), gloss("r-2", user: user)])
      }
      let users = try store.users()
      #expect(users == [])
    }
  }

  @Test func refusesNumbersThatNoModelWrites() throws {
    var short = gloss("r-1")
    short.sentiment.probabilities = [0.5, 0.5]
    let undefined = gloss("r-2", stars: .nan)
    try withStore { store in
      #expect(throws: ProfileError.malformed(review: "r-1", reason: "2 probabilities, expected 5"))
      { try store.record([short]) }
      #expect(throws: ProfileError.malformed(review: "r-2", reason: "a number is not finite")) {
        try store.record([undefined])
      }
    }
  }

  @Test func summarizesUsersByReviewsThenName() throws {
    try withStore { store in
      _ = try store.record(
        englishReviews + chineseReviews + [gloss("x", user: "zoe"), gloss("y", user: "bo")])
      #expect(
        try store.users() == [
          UserSummary(
            user: "ana", reviews: 12, stars: 3, lastTime: "2024-05-02T09:00:00Z",
            topIntent: "complaint"),
          // Three intents once each: the first by name.
          UserSummary(
            user: "林小雨", reviews: 4, stars: 2.8, lastTime: "2024-02-19", topIntent: "complaint"),
          UserSummary(user: "bo", reviews: 1, stars: 4.5),
          UserSummary(user: "zoe", reviews: 1, stars: 4.5),
        ])
    }
  }

  @Test func plainSQLCanAskTheStore() throws {
    try withStore { store in
      _ = try store.record(englishReviews)
      let answer = try store.queue.read { database in
        try String.fetchOne(
          database,
          sql: """
            SELECT group_concat(review_id || ':' || start || '-' || end, ' ')
            FROM gloss JOIN entity USING (review_id)
            WHERE user = 'ana' AND lower(text) = 'battery life' AND polarity = 'negative'
              AND probability_4 = 0.5 AND review_id > 'r-07'
            """)
      }
      #expect(answer == "r-08:3-15 r-10:3-15")
    }
  }

  @Test func deletingAGlossTakesItsRowsAlong() throws {
    try withStore { store in
      _ = try store.record(englishReviews)
      try store.queue.write { try $0.execute(sql: "DELETE FROM gloss") }
      #expect(try count("entity", in: store) == 0)
      #expect(try count("intent", in: store) == 0)
    }
  }

  private func count(_ table: String, in store: GlossStore) throws -> Int? {
    try store.queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") }
  }
}
