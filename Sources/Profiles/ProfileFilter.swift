import Foundation

/// A condition on profiles, such as `intent.complaint > 0.5 and reviews >= 3`.
public struct ProfileFilter: Sendable {
  /// A condition that cannot be read; the description is one line.
  public struct Malformed: Error, CustomStringConvertible {
    /// What is wrong and what to write.
    public let description: String
  }

  private enum Comparison: String, CaseIterable {
    case atMost = "<=", atLeast = ">=", different = "!=", equal = "=", less = "<", more = ">"
  }

  private struct Condition {
    let field: ProfileField
    let comparison: Comparison
    let value: String
  }

  private let conditions: [Condition]

  /// Reads conditions joined by `and`.
  public init(_ text: String) throws(Malformed) {
    var conditions: [Condition] = []
    for part in text.split(separator: " and ") {
      conditions.append(try Self.condition(String(part)))
    }
    guard !conditions.isEmpty else {
      throw Malformed(description: "'\(text)' is no condition; write one such as 'stars < 2.5'")
    }
    self.conditions = conditions
  }

  private static func condition(_ text: String) throws(Malformed) -> Condition {
    for comparison in Comparison.allCases {
      // A sign in a name, such as C++ or R&D, is none of these.
      let parts = text.split(separator: comparison.rawValue, maxSplits: 1).map {
        String($0).trimmingCharacters(in: .whitespaces)
      }
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { continue }
      guard let field = ProfileField(parts[0]) else { throw unknown(parts[0]) }
      let value = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
      if !field.isNumber, !isOneValue(parts[1]) {
        throw Malformed(
          description: "'\(parts[1])' is more than one value to compare \(parts[0]) with; join"
            + " conditions by 'and', put a value with signs into quotes")
      }
      if field.isNumber, Double(value) == nil {
        throw Malformed(
          description: "'\(parts[1])' is compared with \(parts[0]) and is no number; write one")
      }
      return Condition(field: field, comparison: comparison, value: value)
    }
    throw Malformed(
      description: "no comparison in '\(text)'; write one such as 'intent.complaint > 0.5'")
  }

  /// Whether a text is in quotes from end to end, or has neither quotes at its start nor signs.
  private static func isOneValue(_ text: String) -> Bool {
    guard let quote = text.first, "'\"".contains(quote) else {
      return !text.contains { "<>=".contains($0) }
    }
    return text.count > 1 && text.last == quote && !text.dropFirst().dropLast().contains(quote)
  }

  static func unknown(_ field: String) -> Malformed {
    Malformed(description: "no field '\(field)'; use one of \(ProfileField.help)")
  }

  /// Whether all conditions hold; one on something that the profile does not have does not.
  public func matches(_ profile: Profile) -> Bool {
    conditions.allSatisfy { condition in
      guard let value = condition.field.value(in: profile) else { return false }
      switch value {
      case .number(let number):
        guard let other = Double(condition.value) else { return false }
        return Self.holds(condition.comparison, number < other, number == other)
      case .text(let text):
        return Self.holds(
          condition.comparison, precedes(text, condition.value), text == condition.value)
      }
    }
  }

  private static func holds(_ comparison: Comparison, _ isLess: Bool, _ isEqual: Bool) -> Bool {
    switch comparison {
    case .atMost: isLess || isEqual
    case .atLeast: !isLess
    case .different: !isEqual
    case .equal: isEqual
    case .less: isLess
    case .more: !isLess && !isEqual
    }
  }
}

/// Something in a profile that can be compared and sorted by.
public struct ProfileField: Sendable {
  /// What a field holds.
  enum Value {
    case number(Double)
    case text(String)
  }

  /// The fields that there are, for messages.
  public static let help =
    "user, reviews, items, stars, change, complaint, churn, intent.LABEL, aspect.NAME, "
    + "first, last, language, known.FIELD; after stars, change, complaint, intent and aspect also "
    + ".low, .high and .evidence"

  private let name: String
  private let argument: String?
  private let part: String?

  /// Reads the name of a field; nil where there is none of that name.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    guard let name = parts.first else { return nil }
    var rest = parts.count > 1 ? parts[1] : nil
    var part: String?
    if Self.posteriors.contains(name) {
      for ending in ["low", "high", "evidence"] {
        if rest == ending {
          (rest, part) = (nil, ending)
        } else if let own = rest, own.hasSuffix("." + ending) {
          (rest, part) = (String(own.dropLast(ending.count + 1)), ending)
        }
      }
    }
    let takesArgument = ["intent", "aspect", "known"].contains(name)
    guard takesArgument == (rest != nil), Self.names.contains(name) else { return nil }
    self.name = name
    self.part = part
    argument = name == "aspect" ? rest.map(AspectNames.name(of:)) : rest
  }

  private static let posteriors = ["stars", "change", "complaint", "intent", "aspect"]
  private static let names =
    posteriors + ["user", "reviews", "items", "churn", "first", "last", "language", "known"]

  var isNumber: Bool { !["user", "first", "last", "language", "known"].contains(name) }

  /// What a profile has; nil where it has nothing of the kind.
  func value(in profile: Profile) -> Value? {
    switch name {
    case "user": .text(profile.user)
    case "reviews": .number(Double(profile.reviews))
    case "items": .number(Double(profile.items))
    case "churn": .number(profile.signals.churn)
    case "first": profile.activity.first.map(Value.text)
    case "last": profile.activity.last.map(Value.text)
    case "language": profile.languages.first.map { .text($0.text) }
    case "known":
      profile.known.first { $0.field == argument }.map { .text($0.value) }
    case "stars": number(profile.sentiment.stars)
    case "change": profile.sentiment.change.map(number)
    case "complaint": number(profile.signals.complaint)
    case "intent": profile.intents.first { $0.label == argument }.map { number($0.rate) }
    case "aspect": profile.aspects.first { $0.name == argument }.map { number($0.liking) }
    default: nil
    }
  }

  private func number(_ posterior: Posterior) -> Value {
    switch part {
    case "low": .number(posterior.low)
    case "high": .number(posterior.high)
    case "evidence": .number(posterior.evidence)
    default: .number(posterior.mean)
    }
  }
}

extension ProfileFilter {
  /// Profiles in the order of a field, least first, or most first where `descending`; those without
  /// the field come last, equals by name.
  public static func sort(
    _ profiles: [Profile], by field: ProfileField, descending: Bool
  ) -> [Profile] {
    let keyed = profiles.map { ($0, field.value(in: $0)) }
    return keyed.sorted { left, right in
      let isLess: Bool
      let isMore: Bool
      switch (left.1, right.1) {
      case (.number(let a)?, .number(let b)?): (isLess, isMore) = (a < b, a > b)
      case (.text(let a)?, .text(let b)?): (isLess, isMore) = (precedes(a, b), precedes(b, a))
      case (nil, .some): return false
      case (.some, nil): return true
      default: (isLess, isMore) = (false, false)
      }
      if isLess || isMore { return descending ? isMore : isLess }
      return precedes(left.0.user, right.0.user)
    }.map(\.0)
  }
}
