import Foundation
import Reviews
import Testing

@testable import Profiles

@Suite struct ProfileTests {
  private func profile(_ glosses: [Gloss], user: String = "ana") throws -> Profile {
    try #require(Profile(user: user, glosses: glosses))
  }

  @Test func nobodyWithoutGlossesHasAProfile() {
    #expect(Profile(user: "ana", glosses: []) == nil)
    #expect(Profile(user: "ana", glosses: chineseReviews) == nil)
  }

  @Test func countsReviewsItemsAndTimes() throws {
    let profile = try profile(englishReviews + chineseReviews)
    #expect(profile.user == "ana")
    #expect(profile.reviews == 12)
    #expect(profile.items == 8)
    #expect(profile.firstTime == "2023-08-02T09:00:00Z")
    #expect(profile.lastTime == "2024-05-02T09:00:00Z")
    #expect(profile.languages == [.init(text: "en", count: 12)])
  }

  @Test func averagesStarsByMonth() throws {
    let sentiment = try profile(englishReviews).sentiment
    #expect(sentiment.stars == 3)  // 36.0 over 12
    #expect(sentiment.negative == 4)
    #expect(sentiment.neutral == 3)
    #expect(sentiment.positive == 5)
    #expect(sentiment.months.map(\.month).first == "2023-08")
    #expect(sentiment.months.map(\.reviews) == [2, 1, 2, 1, 2, 2, 2])
    #expect(sentiment.months.map(\.stars) == [4.4, 3.1, 3.8, 3.9, 1.5, 2.25, 2.55])
  }

  @Test func mergesAspectsRegardlessOfCaseAndBlanks() throws {
    let aspects = try profile(englishReviews).aspects
    #expect(
      aspects.prefix(3) == [
        .init(
          text: "battery life", mentions: 4, negative: 4, neutral: 0, positive: 0,
          evidence: ["r-07", "r-07", "r-08", "r-10"].map { .init(review: $0, polarity: .negative) }),
        .init(
          text: "lid", mentions: 3, negative: 0, neutral: 0, positive: 3,
          evidence: ["r-01", "r-03", "r-04"].map { .init(review: $0, polarity: .positive) }),
        .init(
          text: "sound", mentions: 2, negative: 1, neutral: 0, positive: 1,
          evidence: [
            .init(review: "r-06", polarity: .positive), .init(review: "r-06", polarity: .negative),
          ]),
      ])
    #expect(
      aspects.dropFirst(3).map(\.text) == ["colour", "cord", "handle", "legs", "light", "screen"])
  }

  @Test func ranksOpinionsAndKeepsTheMostFrequent() throws {
    #expect(
      try profile(englishReviews).opinions == [
        .init(text: "awful", count: 2), .init(text: "snug", count: 1),
        .init(text: "warm", count: 1),
      ])
    let many = (10..<40).map { opinion("word \($0)") } + [opinion("word 39")]
    let opinions = try profile([gloss("r-1", many)]).opinions
    #expect(opinions.count == Profile.opinionLimit)
    #expect(opinions.map(\.text).prefix(2) == ["word 39", "word 10"])
  }

  @Test func groupsNamesByTypeUnderTheirUsualSpelling() throws {
    #expect(
      try profile(englishReviews).names == [
        .init(type: "LOC", names: [.init(text: "Leeds", count: 1)]),
        .init(type: "ORG", names: [.init(text: "Brewco", count: 3)]),
        .init(type: "PRODUCT", names: [.init(text: "Tunewell 5", count: 2)]),
      ])
  }

  @Test func countsReviewsPerIntentAndTheLastTime() throws {
    let intents = try profile(englishReviews).intents
    #expect(
      intents.map(\.label) == ["complaint", "praise", "delivery", "return_refund", "suggestion"])
    #expect(intents.map(\.reviews) == [4, 2, 1, 1, 1])
    #expect(intents.first?.lastTime == "2024-05-02T09:00:00Z")
    #expect(intents[1].lastTime == "2023-08-20T09:00:00Z")
  }

  @Test func latestReviewsComeNewestFirst() throws {
    let latest = try profile(englishReviews).latest
    #expect(latest.map(\.id) == ["r-12", "r-11", "r-10", "r-09", "r-08"])
    #expect(
      latest.first
        == .init(
          id: "r-12", time: "2024-05-02T09:00:00Z", item: "MUG-5", stars: 2.2, label: .negative))
  }

  @Test func orderOfGlossesDoesNotMatter() throws {
    let expected = try profile(englishReviews)
    for start in englishReviews.indices {
      let turned = Array(englishReviews[start...].reversed() + englishReviews[..<start])
      #expect(try profile(turned) == expected, "order \(turned.map(\.id))")
    }
  }

  @Test func emptyMentionsAndOddTimesCountNowhereElse() throws {
    let profile = try profile([
      gloss("r-1", time: "yesterday", [aspect(" \n"), opinion(""), name("PER", "\t")])
    ])
    #expect(profile.reviews == 1)
    #expect(profile.sentiment.months.isEmpty)
    #expect(profile.aspects.isEmpty && profile.opinions.isEmpty && profile.names.isEmpty)
  }

  @Test func readsBackFromJSON() throws {
    let profile = try profile(chineseReviews, user: "林小雨")
    let data = try JSONEncoder().encode(profile)
    #expect(try JSONDecoder().decode(Profile.self, from: data) == profile)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "aspects", "first_time", "intents", "items", "languages", "last_time", "latest", "names",
        "opinions", "reviews", "sentiment", "user",
      ])
  }

  @Test(arguments: [
    ("2024-05-02T10:11:12Z", "2024-05", "2024-05-02"), ("2024-05", "2024-05", "2024-05"),
    ("2024-13-01", nil, "2024-13-01"), ("2024-051", nil, "2024-051"), ("", nil, ""),
    ("1714644672", nil, "1714644672"), ("2024/05/02", nil, "2024/05/02"),
  ])
  func readsMonthAndDay(time: String, month: String?, day: String) {
    #expect(TimeText.month(of: time) == month)
    #expect(TimeText.day(of: time) == day)
  }
}
