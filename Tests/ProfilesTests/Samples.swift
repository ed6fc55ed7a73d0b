import Reviews

@testable import Profiles

/// A gloss with the given figures; everything else is ordinary.
func gloss(
  _ id: String, user: String? = "ana", item: String? = nil, time: String? = nil,
  language: String = "en", stars: Double = 4.5, _ entities: [Gloss.Entity] = [],
  intents: [String] = []
) -> Gloss {
  let label: Gloss.Polarity = stars < 2.5 ? .negative : stars < 3.5 ? .neutral : .positive
  return Gloss(
    id: id, user: user, item: item, time: time, language: language,
    sentiment: Gloss.Sentiment(
      label: label, stars: stars, confidence: 0.75,
      probabilities: (1...5).map { max(0, 1 - abs(stars - Double($0))) }),
    entities: entities, intents: intents.map { Gloss.Intent(label: $0, confidence: 0.875) },
    tokens: 12, windows: 1, model: "gloss-test/0a1b2c3d")
}

func aspect(_ text: String, _ polarity: Gloss.Polarity? = .negative) -> Gloss.Entity {
  entity(.opinion, "ASPECT", text, polarity)
}

func opinion(_ text: String) -> Gloss.Entity { entity(.opinion, "OPINION", text) }

func name(_ type: String, _ text: String) -> Gloss.Entity { entity(.name, type, text) }

private func entity(
  _ layer: EntityLayer, _ type: String, _ text: String, _ polarity: Gloss.Polarity? = nil
) -> Gloss.Entity {
  Gloss.Entity(
    layer: layer, type: type, text: text, start: 3, end: 3 + text.unicodeScalars.count,
    confidence: 0.9, polarity: polarity)
}

/// Twelve English reviews whose writer was content until the end of 2023.
let englishReviews: [Gloss] = [
  gloss(
    "r-01", item: "KETTLE-1", time: "2023-08-02T09:00:00Z", stars: 4.6,
    [aspect("Lid", .positive), opinion("snug"), name("ORG", "Brewco")], intents: ["praise"]),
  gloss(
    "r-02", item: "LAMP-7", time: "2023-08-20T09:00:00Z", stars: 4.2,
    [aspect("light", .positive), opinion("warm"), name("LOC", "Leeds")], intents: ["praise"]),
  gloss(
    "r-03", item: "KETTLE-1", time: "2023-10-05T09:00:00Z", stars: 3.1,
    [aspect("lid", .positive), aspect("cord", .negative)], intents: ["suggestion"]),
  gloss(
    "r-04", item: "DESK-3", time: "2023-11-11T09:00:00Z", stars: 3.9, [aspect("lid ", .positive)]),
  gloss(
    "r-05", item: "DESK-3", time: "2023-11-30T09:00:00Z", stars: 3.7,
    [aspect("legs", .neutral), name("ORG", "BREWCO")]),
  gloss(
    "r-06", item: "RADIO-2", time: "2024-02-01T09:00:00Z", stars: 3.9,
    [aspect("sound", .positive), aspect("sound", .negative), name("PRODUCT", "Tunewell 5")]),
  gloss(
    "r-07", item: "PHONE-9", time: "2024-03-03T09:00:00Z", stars: 1.8,
    [aspect("battery life"), aspect("Battery life"), opinion("awful")], intents: ["complaint"]),
  gloss(
    "r-08", item: "PHONE-9", time: "2024-03-09T09:00:00Z", stars: 1.2,
    [aspect("battery life"), opinion("Awful"), name("PRODUCT", "Tunewell 5")],
    intents: ["complaint", "return_refund"]),
  gloss(
    "r-09", item: "CASE-4", time: "2024-04-14T09:00:00Z", stars: 3.0, [aspect("colour", .neutral)]),
  gloss(
    "r-10", item: "PHONE-9", time: "2024-04-22T09:00:00Z", stars: 1.5,
    [aspect("BATTERY LIFE"), aspect("screen", .positive)], intents: ["complaint"]),
  gloss(
    "r-11", item: "SHELF-8", time: "2024-05-01T09:00:00Z", stars: 2.9, intents: ["delivery"]),
  gloss(
    "r-12", item: "MUG-5", time: "2024-05-02T09:00:00Z", stars: 2.2,
    [aspect("handle"), name("ORG", "Brewco")], intents: ["complaint"]),
]

/// Four Chinese reviews, one of them without a time.
let chineseReviews: [Gloss] = [
  gloss(
    "评-1", user: "林小雨", item: "茶壶", time: "2024-01-08", language: "zh", stars: 4.8,
    [aspect("味道", .positive), opinion("很香"), name("LOC", "杭州")], intents: ["praise"]),
  gloss(
    "评-2", user: "林小雨", item: "充电器", time: "2024-02-11", language: "zh", stars: 1.4,
    [aspect("充电速度"), aspect("客服"), name("ORG", "电小二")], intents: ["complaint"]),
  gloss(
    "评-3", user: "林小雨", item: "充电器", time: "2024-02-19", language: "zh", stars: 2.0,
    [aspect("客服"), aspect("ＵＳＢ线", .positive)], intents: ["return_refund"]),
  gloss(
    "评-4", user: "林小雨", language: "zh", stars: 3.0, [name("LOC", "苏州"), name("LOC", "杭州")]),
]

extension Evidence {
  /// Evidence of a record alone.
  init(_ gloss: Gloss, text: String? = nil) {
    self.init(gloss, text: text, content: Evidence.content(ofRecord: Array(gloss.jsonLine().utf8)))
  }
}

extension IntakeCounts {
  init(_ added: Int, _ replaced: Int, _ unchanged: Int, _ withheld: Int = 0) {
    self.init()
    (self.added, self.replaced, self.unchanged) = (added, replaced, unchanged)
    self.withheld = withheld
  }
}

extension ProfileStore {
  /// Records glosses of the usual source.
  func record(_ glosses: [Gloss], _ intake: Intake? = nil) throws -> IntakeCounts {
    try record(glosses.map { Evidence($0) }, in: intake ?? Intake(model: "gloss-test/0a1b2c3d"))
  }

  /// The glosses of one user, oldest first.
  func glosses(ofUser user: String) throws -> [Gloss] {
    try read { database in
      guard let members = try Self.members(ofProfileWith: user, database) else { return [] }
      return try members.ids.flatMap { try StoredReview.fetchAll(ofUser: $0, database) }
        .sorted(by: StoredReview.isOlder).map(\.gloss)
    }
  }

  /// Every profile as it is exported.
  func export(_ settings: ProfileSettings = .init()) throws -> [String] {
    var lines: [String] = []
    try forEachProfile(settings) { lines.append(try $0.jsonLine()) }
    return lines
  }

  /// The names of all profiles.
  func users() throws -> [String] {
    var users: [String] = []
    try forEachProfile { users.append($0.user) }
    return users
  }
}

/// The profile of one user out of glosses alone, with the population that they are.
func profile(
  _ glosses: [Gloss], user: String = "ana", _ settings: ProfileSettings = .init()
) -> Profile {
  func reviews(_ user: String) -> [StoredReview] {
    glosses.filter { $0.user == user }.map { gloss in
      StoredReview(
        source: "reviews", gloss: gloss, seconds: gloss.time.flatMap(ReviewTime.seconds))
    }
  }
  var fit = PopulationFit()
  for user in Set(glosses.compactMap(\.user)).sorted() {
    fit.add(Readings(reviews(user), asOf: settings.asOf, halfLifeDays: nil))
  }
  return Profile(
    user: user, reviews: reviews(user), population: fit.population, names: AspectNames(),
    settings: settings)
}
