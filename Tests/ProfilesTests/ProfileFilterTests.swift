import Testing

@testable import Profiles

@Suite struct ProfileFilterTests {
  private func matches(_ text: String) throws -> Bool {
    var profile = profile(englishReviews)
    profile.known = [
      .init(field: "region", value: "north", source: "crm"),
      .init(field: "orders", value: "100", source: "crm"),
      .init(field: "land", value: "Bosnia and Herzegovina", source: "crm"),
      .init(field: "score", value: "nan", source: "crm"),
      .init(field: "age", value: "unknown", source: "crm"),
      .init(field: "account", value: "12345678901234567", source: "crm"),
    ]
    return try ProfileFilter(text).matches(profile)
  }

  @Test(arguments: [
    "reviews = 12", "reviews >= 12 and stars < 4", "stars.low<5 and reviews>3",
    "intent.complaint > 0.1", "aspect.The battery life < 0.6",
    "known.region = 'north'", "known.region != 'a=b'", "known.region != New York",
    "last >= 2024-05-02", "first < 2024", "language = en",
    "known.orders > 50", "known.orders != 9", "known.land = 'Bosnia and Herzegovina'",
    "known.land = \"Bosnia and Herzegovina\" and reviews = 12", "user != 'a<=b'",
    "last != 'May 1, 2024'", "first = 2023-08-02", "first <= 2023-08-02", "first = 2023-08",
    "user = ana", "churn <= 1", "intent.complaint.evidence = 12", "change.high < 5",
    "last = 2024-05-02T11:00:00+02:00", "last >= 2024-05-02T10:30:00+02:00",
    "last = 2024-05-02T09:00:00", "last < 2024-05-02T08:30:00-01:00",
    "known.score = nan", "known.age != 30", "known.age > 'm'", "known.account = 12345678901234567",
    "known.account != 12345678901234568", "known.account > 5", "known.orders = 100.0",
  ])
  func holds(text: String) throws {
    #expect(try matches(text))
  }

  @Test(arguments: [
    "reviews < 12", "reviews = 12 and stars > 4.9", "intent.question >= 0", "aspect.zip >= 0",
    "known.orders < 50", "first > 2023-08-02", "last < 'May 1, 2023'", "aspect.food and drinks > 0",
    "known.score > 5", "known.score <= 5", "known.age > 30", "known.age < 30", "known.age = 30",
    "known.account = 12345678901234568", "known.none = 3",
    "last > 2024-05-02T10:30:00+01:00", "language != en", "aspect.batteries != 2",
  ])
  func holdsNotEvenWhereThereIsNothingToCompare(text: String) throws {
    #expect(try !matches(text))
  }

  @Test(arguments: [
    ("", "'' is no condition; write one such as 'stars < 2.5'"),
    ("stars", "no comparison in 'stars'; write one such as 'intent.complaint > 0.5'"),
    ("stars < many", "'many' is compared with stars and is no number; write one"),
    ("stars > nan", "'nan' is compared with stars and is no number; write one"),
    (
      "last > soon",
      "'soon' is compared with last and is no time; write a day such as 2024-05-02"
    ),
    ("intent > 1", "no field 'intent'; use one of \(ProfileField.help)"),
    ("age > 1", "no field 'age'; use one of \(ProfileField.help)"),
    (
      "language == en",
      "'= en' is compared with language and is more than one value; join conditions by 'and', put a"
        + " value with signs into quotes"
    ),
    (
      "user = 'x' or user = 'y'",
      "''x' or user = 'y'' is compared with user and is more than one value; join conditions by"
        + " 'and', put a value with signs into quotes"
    ),
  ])
  func saysWhatIsWrong(text: String, message: String) {
    let error = #expect(throws: ProfileFilter.Malformed.self) { _ = try ProfileFilter(text) }
    #expect(error?.description == message)
  }

  @Test func sortsFieldsOfOthersByNumber() throws {
    let ages = ["a": "9", "b": "10", "c": "unknown", "d": "100", "e": "2.5"]
    let profiles = ages.sorted(by: <).map { user, age in
      var profile = profile([gloss("1", user: user)], user: user)
      profile.known = [.init(field: "age", value: age, source: "crm")]
      return profile
    }
    let field = try #require(ProfileField("known.age"))
    let sorted = ProfileFilter.sort(profiles, by: field, descending: false)
    #expect(sorted.map(\.user) == ["e", "a", "b", "d", "c"])
    #expect(
      ProfileFilter.sort(profiles, by: field, descending: true).map(\.user)
        == sorted.map(\.user).reversed())
  }

  @Test func sortsWithWhatIsMissingLast() throws {
    let glosses = [
      gloss("1", user: "a", stars: 2, intents: ["complaint"]), gloss("2", user: "b", stars: 5),
      gloss("3", user: "c", stars: 1, intents: ["complaint"]),
      gloss("4", user: "c", stars: 1, intents: ["complaint"]),
    ]
    let profiles = ["b", "c", "a"].map { profile(glosses, user: $0) }
    func order(_ field: String, descending: Bool) throws -> [String] {
      let field = try #require(ProfileField(field))
      return ProfileFilter.sort(profiles, by: field, descending: descending).map(\.user)
    }
    #expect(try order("reviews", descending: true) == ["c", "a", "b"])
    #expect(try order("stars", descending: false) == ["c", "a", "b"])
    #expect(try order("intent.complaint", descending: true).last == "b")
    #expect(try order("intent.complaint", descending: false).last == "b")
    #expect(try order("user", descending: true) == ["c", "b", "a"])
  }
}
