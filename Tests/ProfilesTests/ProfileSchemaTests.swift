import Foundation
import Reviews
import TestSupport
import Testing

@testable import Profiles

/// The schema in `examples` says what a profile's JSON holds: no more, no less.
@Suite struct ProfileSchemaTests {
  private let schema: [String: Any]

  init() throws {
    let url = Project.root.appendingPathComponent("examples/profile.schema.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    schema = try #require(object as? [String: Any])
  }

  private func problems(_ profile: Profile) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: Data(profile.jsonLine().utf8))
    return problems(value, schema, at: "profile")
  }

  /// What in a value breaks a schema; of JSON Schema, the words that ours uses.
  private func problems(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let name = String(reference.split(separator: "/").last ?? "")
      let definitions = self.schema["$defs"] as? [String: [String: Any]]
      return problems(value, definitions?[name] ?? ["type": "nothing"], at: place)
    }
    switch (schema["type"] as? String, value) {
    case ("object", let object as [String: Any]):
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
      return missing.map { "\(place).\($0) is missing" }
        + object.flatMap { name, member in
          properties[name].map { problems(member, $0, at: "\(place).\(name)") }
            ?? ["\(place).\(name) is not in the schema"]
        }
    case ("array", let list as [Any]):
      let counts = (schema["minItems"] as? Int ?? 0)...(schema["maxItems"] as? Int ?? .max)
      return (counts.contains(list.count) ? [] : ["\(place) has \(list.count) items"])
        + list.flatMap { problems($0, schema["items"] as? [String: Any] ?? [:], at: place + "[]") }
    case ("string", let text as String):
      let choices = schema["enum"] as? [String]
      return choices?.contains(text) == false ? ["\(place) is \(text)"] : []
    case ("integer", let number as NSNumber), ("number", let number as NSNumber):
      let least = schema["minimum"] as? Double ?? -.infinity
      let most = schema["maximum"] as? Double ?? .infinity
      let isWhole =
        schema["type"] as? String == "number" || number.doubleValue.rounded() == number.doubleValue
      return isWhole && (least...most).contains(number.doubleValue) ? [] : ["\(place) is \(number)"]
    default: return ["\(place) is \(value)"]
    }
  }

  @Test func profilesKeepToIt() throws {
    let all = englishReviews + chineseReviews + [gloss("x", user: "bo", time: "long ago")]
    for user in ["ana", "林小雨", "bo"] {
      #expect(try problems(profile(all, user: user)) == [])
    }
    var full = profile(englishReviews, ProfileSettings(asOf: 1_720_000_000, halfLifeDays: 180))
    full.merged = ["anna"]
    full.known = [.init(field: "region", value: "north", source: "crm")]
    #expect(try problems(full) == [])
  }

  @Test func whatBreaksItIsTold() throws {
    var profile = profile(englishReviews)
    profile.signals.churn = 1.5
    profile.sentiment.shares = [1]
    profile.aspects[0].group = "taste"
    #expect(
      try problems(profile).sorted() == [
        "profile.aspects[].group is taste", "profile.sentiment.shares has 1 items",
        "profile.signals.churn is 1.5",
      ])
  }
}
