import Foundation
import Reviews
import Testing

@testable import Profiles

@Suite struct ProfileTests {
  @Test func countsReviewsItemsAndTimes() {
    let profile = profile(englishReviews + chineseReviews)
    #expect(profile.user == "ana")
    #expect(profile.reviews == 12 && profile.abstained == 0)
    #expect(profile.items == 8)
    #expect(profile.activity.first == "2023-08-02T09:00:00Z")
    #expect(profile.activity.last == "2024-05-02T09:00:00Z")
    #expect(profile.activity.silenceDays == 0)
    #expect(profile.activity.cadenceDays == 19)  // of eleven gaps from 1 to 63 days
    #expect(profile.languages == [.init(text: "en", count: 12)])
    #expect(profile.models == [.init(text: "gloss-test/0a1b2c3d", count: 12)])
  }

  @Test func averagesStarsByMonth() {
    let sentiment = profile(englishReviews).sentiment
    #expect((2.5...3.5).contains(sentiment.stars.mean))
    #expect(
      sentiment.stars.low < sentiment.stars.mean && sentiment.stars.mean < sentiment.stars.high)
    #expect(abs(sentiment.shares.reduce(0, +) - 1) < 1e-3)
    #expect(sentiment.negative == 4)
    #expect(sentiment.neutral == 3)
    #expect(sentiment.positive == 5)
    #expect(sentiment.months.map(\.month).first == "2023-08")
    #expect(sentiment.months.map(\.reviews) == [2, 1, 2, 1, 2, 2, 2])
    #expect(sentiment.months.map(\.stars) == [4.4, 3.1, 3.8, 3.9, 1.5, 2.25, 2.55])
    #expect((sentiment.change?.mean ?? 0) < -0.1)
  }

  @Test func bringsSpellingsOfAnAspectTogether() throws {
    let aspects = profile(englishReviews).aspects
    #expect(
      aspects.map { "\($0.name) \($0.mentions) \($0.positive)-\($0.negative) \($0.stance)" } == [
        "battery life 4 0-4 disliked", "lid 3 3-0 liked", "sound 2 1-1 divided",
        "color 1 0-0 unclear", "cord 1 0-1 unclear", "handle 1 0-1 unclear",
        "leg 1 0-0 unclear", "light 1 1-0 unclear", "screen 1 1-0 unclear",
      ])
    let battery = try #require(aspects.first)
    #expect(battery.group == "performance_quality")
    #expect(battery.evidence.map(\.review) == ["r-07", "r-07", "r-08", "r-10"])
    #expect(
      battery.evidence.first
        == .init(source: "reviews", review: "r-07", start: 3, end: 15, polarity: .negative))
    #expect(battery.liking.mean < aspects[1].liking.mean)
  }

  @Test func ranksOpinionsAndKeepsTheMostFrequent() {
    #expect(
      profile(englishReviews).opinions == [
        .init(text: "awful", count: 2), .init(text: "snug", count: 1),
        .init(text: "warm", count: 1),
      ])
    let many = (10..<40).map { opinion("word \($0)") } + [opinion("word 39")]
    let opinions = profile([gloss("r-1", many)]).opinions
    #expect(opinions.count == Profile.opinionLimit)
    #expect(opinions.map(\.text).prefix(2) == ["word 39", "word 10"])
  }

  @Test func groupsNamesByTypeUnderTheirUsualSpelling() {
    #expect(
      profile(englishReviews).names == [
        .init(type: "LOC", names: [.init(text: "Leeds", count: 1)]),
        .init(type: "ORG", names: [.init(text: "Brewco", count: 3)]),
        .init(type: "PRODUCT", names: [.init(text: "Tunewell 5", count: 2)]),
      ])
  }

  @Test func countsReviewsPerIntentAndTheLastTime() {
    let intents = profile(englishReviews).intents
    #expect(
      intents.map(\.label) == ["complaint", "praise", "delivery", "return_refund", "suggestion"])
    #expect(intents.map(\.reviews) == [4, 2, 1, 1, 1])
    #expect(intents.first?.lastTime == "2024-05-02T09:00:00Z")
    #expect(intents[1].lastTime == "2023-08-20T09:00:00Z")
    #expect(intents[0].rate.mean > intents[1].rate.mean)
    #expect(intents.allSatisfy { (0...1).contains($0.rate.low) && $0.rate.high <= 1 })
  }

  @Test func latestReviewsComeNewestFirst() {
    let latest = profile(englishReviews).latest
    #expect(latest.map(\.id) == ["r-12", "r-11", "r-10", "r-09", "r-08"])
    #expect(
      latest.first
        == .init(
          source: "reviews", id: "r-12", time: "2024-05-02T09:00:00Z", item: "MUG-5", stars: 2.2,
          label: .negative))
  }

  @Test func abstentionsAreMissingNotNeutral() {
    var silent = gloss("r-99", stars: 1, intents: ["complaint"])
    silent.abstained = true
    let with = profile(englishReviews + [silent])
    let without = profile(englishReviews)
    #expect(with.reviews == 13 && with.abstained == 1)
    #expect(with.sentiment.stars == without.sentiment.stars)
    #expect(with.signals.complaint == without.signals.complaint)
    #expect(with.sentiment.negative == without.sentiment.negative)
  }

  @Test func whatIsLongAgoCountsLess() throws {
    let glosses =
      (1...9).map { gloss("a\($0)", time: "2020-01-0\($0)", stars: 1) }
      + (1...9).map { gloss("b\($0)", time: "2024-01-0\($0)", stars: 5) }
    let alike = profile(glosses)
    let fading = profile(glosses, ProfileSettings(halfLifeDays: 180))
    #expect(alike.sentiment.stars.evidence == 18)
    #expect((8.5...9.1).contains(fading.sentiment.stars.evidence))
    #expect(fading.sentiment.stars.mean > alike.sentiment.stars.mean + 0.3)
    #expect(fading.halfLifeDays == 180)
    // Half a year later everything weighs half.
    let later = try #require(ReviewTime.seconds("2024-07-07"))
    let settings = ProfileSettings(asOf: later, halfLifeDays: 180)
    #expect((4.2...4.6).contains(profile(glosses, settings).sentiment.stars.evidence))
  }

  @Test func reviewsAfterTheDayDoNotCount() throws {
    let day = try #require(ReviewTime.seconds("2023-12-31"))
    let profile = profile(englishReviews, ProfileSettings(asOf: day))
    #expect(profile.reviews == 5)
    #expect(profile.asOf == "2023-12-31T00:00:00Z")
    #expect(profile.activity.last == "2023-11-30T09:00:00Z")
    #expect(profile.activity.silenceDays == 30.625)
  }

  @Test func orderOfGlossesDoesNotMatter() {
    let expected = profile(englishReviews)
    for start in englishReviews.indices {
      let turned = Array(englishReviews[start...].reversed() + englishReviews[..<start])
      #expect(profile(turned) == expected, "order \(turned.map(\.id))")
    }
  }

  @Test func emptyMentionsAndOddTimesCountNowhereElse() {
    let profile = profile([
      gloss("r-1", time: "yesterday", [aspect(" \n"), opinion(""), name("PER", "\t")])
    ])
    #expect(profile.reviews == 1)
    #expect(profile.sentiment.months.isEmpty && profile.sentiment.change == nil)
    #expect(profile.aspects.isEmpty && profile.opinions.isEmpty && profile.names.isEmpty)
    #expect(profile.activity.first == nil && profile.activity.silenceDays == nil)
  }

  @Test func readsBackFromJSON() throws {
    let profile = profile(chineseReviews, user: "林小雨")
    let line = try profile.jsonLine()
    #expect(!line.contains("\n"))
    #expect(try JSONDecoder().decode(Profile.self, from: Data(line.utf8)) == profile)
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
