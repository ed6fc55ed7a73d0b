import Foundation
import Reviews
import TestSupport
import Testing

@testable import Profiles

@Suite struct ReasonTests {
  private func reasons(_ trait: String, keepsText: Bool = true) throws -> [Reason] {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      let text = "I like it. 电池不行！ But the battery\nlife is awful. Bye."
      let first = gloss(
        "r-1", time: "2024-05-01", stars: 1.5,
        [
          .init(
            layer: .opinion, type: "ASPECT", text: "battery\nlife", start: 25, end: 37,
            confidence: 0.9, polarity: .negative)
        ], intents: ["complaint"])
      let second = gloss(
        "r-2", time: "2024-05-02", stars: 4.5, [name("ORG", "Brewco")], intents: ["praise"])
      _ = try store.record(
        [first, second].map { Evidence($0, text: keepsText ? text : nil) },
        in: Intake(model: "gloss-test/0a1b2c3d"))
      return try store.reasons(for: #require(Trait(trait)), of: "ana") ?? []
    }
  }

  @Test func namesTheSentenceAndTheSpan() throws {
    let reasons = try reasons("aspect.The Battery Life")
    #expect(reasons.count == 1)
    let reason = try #require(reasons.first)
    #expect(reason.sentence == "But the battery\nlife is awful.")
    #expect((reason.start, reason.end) == (25, 37))
    #expect(reason.polarity == .negative && reason.confidence == 0.9)
    #expect(reason.model == "gloss-test/0a1b2c3d" && reason.time == "2024-05-01")
  }

  @Test func everyTraitHasItsReasons() throws {
    #expect(try reasons("stars").map(\.review) == ["r-2", "r-1"])
    #expect(try reasons("complaint").map(\.review) == ["r-1"])
    #expect(try reasons("intent.praise").map(\.review) == ["r-2"])
    #expect(try reasons("name.brewco").map(\.review) == ["r-2"])
    #expect(try reasons("churn").count == 2)
    #expect(try reasons("aspect.zip").isEmpty)
  }

  @Test func complaintsAndPraiseShowWhatTheyAreOf() throws {
    for trait in ["complaint", "intent.complaint"] {
      #expect(try reasons(trait).first?.sentence == "But the battery\nlife is awful.")
    }
    // Nothing in particular is praised.
    #expect(try reasons("intent.praise").first?.sentence == "I like it.")
    #expect(try reasons("stars").last?.sentence == "I like it.")
  }

  @Test func whatIsAbstainedFromShowsNoIntent() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      var abstained = gloss("r-1", stars: 1.5, [aspect("lid")], intents: ["complaint"])
      abstained.abstained = true
      _ = try store.record([abstained])
      for (trait, count) in [("intent.complaint", 0), ("complaint", 0), ("aspect.lid", 1)] {
        #expect(try store.reasons(for: #require(Trait(trait)), of: "ana")?.count == count)
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func longReviewsAreReadOnce() throws {
    try withTemporaryFolder { folder in
      let store = try ProfileStore(path: folder.path + "/reviews.sqlite")
      let words = "the battery life is awful, "
      let mentions = (0..<20_000).map { index in
        Gloss.Entity(
          layer: .opinion, type: "ASPECT", text: "battery life", start: index * 27 + 4,
          end: index * 27 + 16, confidence: 0.9, polarity: .negative)
      }
      _ = try store.record(
        [Evidence(gloss("r-1", mentions), text: String(repeating: words, count: 20_000))],
        in: Intake(model: "gloss-test/0a1b2c3d"))
      let reasons = try store.reasons(for: .aspect("battery life"), of: "ana") ?? []
      #expect(reasons.count == 20_000)
      let middle = try #require(reasons[10_000].sentence)
      #expect(middle.hasPrefix("…") && middle.hasSuffix("…") && middle.contains("battery life"))
      #expect((2_000..<2_100).contains(middle.count))
    }
  }

  @Test func withoutTextsThereAreNoSentences() throws {
    let reason = try #require(try reasons("aspect.battery life", keepsText: false).first)
    #expect(reason.sentence == nil && reason.found == "battery\nlife")
  }

  @Test(arguments: ["", "mood", "intent", "aspect.", "stars.mean"])
  func otherWordsAreNoTraits(text: String) { #expect(Trait(text) == nil) }

  @Test(arguments: [
    ("One. Two three! Four", 5..<8, "Two three!"), ("One. Two three! Four", 0..<3, "One."),
    ("One. Two three! Four", 16..<20, "Four"), ("好。坏！一般", 2..<3, "坏！"),
    ("3.5 stars", 4..<9, "3.5 stars"), ("a\nb", 2..<3, "b"), ("", 0..<0, ""), ("x", 5..<9, "x"),
    ("One. Two.", 2..<7, "One. Two."),
  ])
  func findsTheSentence(text: String, range: Range<Int>, sentence: String) {
    #expect(Sentences(text).containing(range) == sentence)
  }

  @Test(arguments: [
    ("\nGreat phone. Love it.", "Great phone."), (" \n\t Fine", "Fine"), ("Fine", "Fine"),
    ("", ""), ("\n", ""),
  ])
  func findsTheFirstSentence(text: String, sentence: String) {
    #expect(Sentences(text).first == sentence)
  }
}
