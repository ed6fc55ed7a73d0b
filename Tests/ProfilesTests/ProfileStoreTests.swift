import Foundation
import GRDB
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct ProfileStoreTests {
  private func withStore<T>(_ body: (ProfileStore) throws -> T) throws -> T {
    try withTemporaryFolder { try body(ProfileStore(path: $0.path + "/reviews.sqlite")) }
  }

  @Test func recordingTwiceChangesNothing() throws {
    try withStore { store in
      #expect(try store.record(englishReviews) == IntakeCounts(12, 0, 0))
      let before = try store.glosses(ofUser: "ana")
      #expect(try store.record(englishReviews) == IntakeCounts(0, 0, 12))
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
      #expect(try store.record([changed, gloss("r-2")]) == IntakeCounts(1, 1, 0))
      #expect(try store.glosses(ofUser: "ana") == [changed, gloss("r-2")])
      #expect(try count("entity", in: store) == 1)
      #expect(try count("intent", in: store) == 0)
    }
  }

  @Test func reviewMovesToAnotherUser() throws {
    try withStore { store in
      _ = try store.record([gloss("r-1", user: "ana")])
      var moved = IntakeCounts(0, 1, 0)
      moved.reassigned = 1
      #expect(try store.record([gloss("r-1", user: "bo")]) == moved)
      #expect(try store.glosses(ofUser: "ana") == [])
      #expect(try store.users() == ["bo"])
    }
  }

  @Test func laterOfTwoGlossesOfOneReviewWins() throws {
    try withStore { store in
      let pair = [gloss("r-1", stars: 1.5), gloss("r-1", stars: 2)]
      let changes = try store.record(pair)
      #expect(changes == IntakeCounts(1, 1, 0))
      #expect(try store.glosses(ofUser: "ana") == [pair[1]])
    }
  }

  @Test func sameIdsOfTwoSourcesAreTwoReviews() throws {
    try withStore { store in
      let other = Intake(source: "shop", model: "gloss-test/0a1b2c3d")
      _ = try store.record([gloss("r-1")])
      let counts = try store.record([gloss("r-1", stars: 2)], other)
      #expect(counts == IntakeCounts(1, 0, 0))
      let stars = try store.glosses(ofUser: "ana").map(\.sentiment.stars)
      #expect(stars == [4.5, 2])
    }
  }

  @Test func anotherModelReplacesWhatItHasReadAgain() throws {
    try withStore { store in
      _ = try store.record([gloss("r-1"), gloss("r-2")])
      var read = gloss("r-1")
      read.model = "gloss-test/ffffffff"
      let evidence = Evidence(read, text: nil, content: Evidence(gloss("r-1")).content)
      let counts = try store.record([evidence], in: Intake(model: read.model))
      #expect(counts == IntakeCounts(0, 1, 0))
      #expect(
        try store.statistics().models.map(\.model) == [
          "gloss-test/0a1b2c3d", "gloss-test/ffffffff",
        ])
      // The same model that abstains more easily is another reader.
      let careful = Intake(model: read.model, minimumConfidence: 0.5)
      #expect(try store.record([evidence], in: careful) == IntakeCounts(0, 1, 0))
    }
  }

  @Test func aWriterWithoutReviewsIsForgotten() throws {
    try withStore { store in
      _ = try store.record([gloss("r-1", user: "bob"), gloss("r-2", user: "eve")])
      _ = try store.record([gloss("r-1", user: "bobby"), gloss("r-3", user: "bob")])
      #expect(try store.users() == ["bob", "bobby", "eve"])
      _ = try store.record([gloss("r-3", user: "bobby")])
      #expect(try store.users() == ["bobby", "eve"])
      #expect(try store.statistics().profiles == 2)
    }
  }

  @Test func refreshingLeavesWhatWasReplacedOrErasedMeanwhile() throws {
    try withStore { store in
      let old = [("r-1", "ana"), ("r-2", "ana"), ("r-3", "bo")].map { id, user in
        Evidence(gloss(id, user: user), text: "Leaks.")
      }
      let intake = Intake(model: "gloss-test/0a1b2c3d")
      _ = try store.record(old, in: intake)
      _ = try store.record([Evidence(gloss("r-2", stars: 4), text: "Tight.")], in: intake)
      _ = try store.erase(user: "bo")
      let read = old.map { evidence in
        var evidence = evidence
        evidence.gloss.model = "gloss-test/ffffffff"
        return evidence
      }
      #expect(
        try store.refresh(read, in: Intake(model: "gloss-test/ffffffff")) == IntakeCounts(0, 1, 0))
      #expect(try store.users() == ["ana"])
      #expect(
        try store.glosses(ofUser: "ana").map(\.model) == [read[0].gloss.model, intake.model])
    }
  }

  @Test func standingSaysWhatNeedsReading() throws {
    try withStore { store in
      let review = Review(id: "r-1", user: "ana", time: "2024-05-02", text: "Leaks.")
      let intake = Intake(model: "gloss-test/0a1b2c3d")
      func standing(_ review: Review, _ intake: Intake) throws -> ProfileStore.Standing? {
        try store.standing(of: [review], in: intake).first
      }
      #expect(try standing(review, intake) == .wanted)
      _ = try store.record(
        [Evidence(gloss("r-1"), text: review.text, content: Evidence.content(of: review))],
        in: intake)
      #expect(try standing(review, intake) == .unchanged)
      #expect(try standing(review, Intake(model: "gloss-test/ffffffff")) == .wanted)
      #expect(try standing(review, Intake(source: "shop", model: intake.model)) == .wanted)
      #expect(try standing(review, Intake(model: intake.model, keepsText: false)) == .wanted)
      for change in [\Review.text, \Review.id] {
        var changed = review
        changed[keyPath: change] += "!"
        #expect(try standing(changed, intake) == .wanted)
      }
      for change in [\Review.user, \Review.item, \Review.time] {
        var changed = review
        changed[keyPath: change] = "x"
        #expect(try standing(changed, intake) == .wanted)
      }
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
      #expect(try store.record([]) == IntakeCounts(0, 0, 0))
    }
  }

  @Test(arguments: [
    "", "\0", "a\0b", "👩‍👩‍👧‍👦🇨🇭", "e\u{301}", "味道'; DROP TABLE review; --", "\u{FEFF}x\r\n\t",
  ])
  func keepsEveryTextWhole(text: String) throws {
    try withStore { store in
      let record = gloss(
        "id\(text)!", user: "u\(text)!", item: text, time: text, language: text,
        [aspect(text), name(text, text)], intents: [text])
      let beginning = gloss("id", user: "u")
      let changes = try store.record([record, beginning])
      #expect(changes == IntakeCounts(2, 0, 0))
      let read = try store.glosses(ofUser: "u\(text)!")
      #expect(read == [record])
      #expect(read.first?.item?.utf8.elementsEqual(text.utf8) == true)
      #expect(try store.record([record, beginning]) == IntakeCounts(0, 0, 2))
      #expect(try store.users().contains { $0.utf8.elementsEqual("u\(text)!".utf8) })
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

  @Test func plainSQLCanAskTheStore() throws {
    try withStore { store in
      _ = try store.record(englishReviews)
      let answer = try store.queue.read { database in
        try String.fetchOne(
          database,
          sql: """
            SELECT group_concat(review.name || ':' || start || '-' || end, ' ')
            FROM review JOIN entity ON review = review.id JOIN user ON user.id = user
            WHERE user.name = 'ana' AND lower(entity.text) = 'battery life'
              AND polarity = 'negative' AND probability_4 = 0 AND review.name > 'r-07'
            """)
      }
      #expect(answer == "r-08:3-15 r-10:3-15")
    }
  }

  @Test func deletingAReviewTakesItsRowsAlong() throws {
    try withStore { store in
      _ = try store.record(englishReviews)
      try store.queue.write { try $0.execute(sql: "DELETE FROM review") }
      #expect(try count("entity", in: store) == 0)
      #expect(try count("intent", in: store) == 0)
    }
  }

  private func count(_ table: String, in store: ProfileStore) throws -> Int? {
    try store.queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") }
  }
}
