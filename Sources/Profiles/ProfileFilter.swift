import Foundation
import Reviews

/// A condition on profiles, such as `intent.complaint > 0.5 and reviews >= 3`.
public struct ProfileFilter: Sendable {
  /// A condition that cannot be read; the description is one line.
  public struct Malformed: Error, CustomStringConvertible {
    /// What is wrong and what to write.
    public let description: String
  }

  /// Those of two signs first: the longest that fits is meant.
  private enum Comparison: String, CaseIterable {
    case atMost = "<=", atLeast = ">=", different = "!=", equal = "=", less = "<", more = ">"
  }

  private struct Condition {
    let field: ProfileField
    let comparison: Comparison
    let value: String
  }

  private let conditions: [Condition]

  /// Reads conditions joined by `and`; what is in quotes is a value as it is.
  public init(_ text: String) throws(Malformed) {
    let parts = Self.parts(of: text)
    guard !parts.isEmpty else {
      throw Malformed(description: "'\(text)' is no condition; write one such as 'stars < 2.5'")
    }
    var conditions: [Condition] = []
    var start = ""
    for part in parts {
      // An `and` before any comparison is one of a name: `aspect.food and drinks > 0.5`.
      let condition = start + part
      start = Self.sign(in: condition) == nil ? "\(condition) and " : ""
      if start.isEmpty { conditions.append(try Self.condition(condition)) }
    }
    if let last = parts.last, !start.isEmpty { conditions.append(try Self.condition(String(last))) }
    self.conditions = conditions
  }

  /// The text between one `and` and the next, outside of quotes.
  private static func parts(of text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    for index in unquoted(text)
    where index >= start && text[index...].prefix(5).lowercased() == " and " {
      parts.append(text[start..<index])
      start = text.index(index, offsetBy: 5)
    }
    parts.append(text[start...])
    return parts.filter { !$0.isEmpty }
  }

  /// The places outside of quotes. A quote opens after a sign or a blank: `o'neill` has none.
  private static func unquoted(_ text: String) -> [String.Index] {
    var places: [String.Index] = []
    var quote: Character?
    var last: Character = " "
    for (index, character) in zip(text.indices, text) {
      if let open = quote {
        if character == open { quote = nil }
      } else if "'\"".contains(character), " <>=".contains(last) {
        quote = character
      } else {
        places.append(index)
      }
      last = character
    }
    return places
  }

  /// The first comparison outside of quotes, and where it stands. A sign in a name, such as C++ or
  /// R&D, is none.
  private static func sign(in text: String) -> (place: String.Index, Comparison)? {
    for place in unquoted(text) {
      if let sign = Comparison.allCases.first(where: { text[place...].hasPrefix($0.rawValue) }) {
        return (place, sign)
      }
    }
    return nil
  }

  private static func condition(_ text: String) throws(Malformed) -> Condition {
    let malformed = Malformed(
      description: "no comparison in '\(text)'; write one such as 'intent.complaint > 0.5'")
    guard let (place, sign) = sign(in: text) else { throw malformed }
    let name = text[..<place].trimmingCharacters(in: .whitespaces)
    let written = text[place...].dropFirst(sign.rawValue.count)
      .trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, !written.isEmpty else { throw malformed }
    guard let field = ProfileField(name) else { throw unknown(name) }
    return Condition(field: field, comparison: sign, value: try value(written, of: field, name))
  }

  /// The value that is written, without its quotes; a time as profiles hold it.
  private static func value(
    _ written: String, of field: ProfileField, _ name: String
  ) throws(Malformed) -> String {
    let isQuoted =
      written.count > 1 && written.first == written.last
      && "'\"".contains(written.first ?? " ")
    let value = isQuoted ? String(written.dropFirst().dropLast()) : written
    func malformed(_ problem: String, _ remedy: String) -> Malformed {
      Malformed(description: "'\(written)' is compared with \(name) and is \(problem); \(remedy)")
    }
    switch field.kind {
    case .number:
      guard Double(value)?.isFinite == true else { throw malformed("no number", "write one") }
    case .time:
      // A year or a month is the start of a time; a number alone would be seconds.
      if value.wholeMatch(of: /\d{4}(-\d\d)?/) != nil { return value }
      guard let time = ReviewTime.text(value), !value.allSatisfy(\.isNumber) else {
        throw malformed("no time", "write a day such as 2024-05-02")
      }
      return time
    case .text:
      let signs = isQuoted ? String(written.prefix(1)) : "<>="
      guard !value.contains(where: { signs.contains($0) }) else {
        throw malformed(
          "more than one value", "join conditions by 'and', put a value with signs into quotes")
      }
    }
    return value
  }

  static func unknown(_ field: String) -> Malformed {
    if field.hasPrefix("intent.") {
      let intents = LabelSchema.intents.joined(separator: ", ")
      return Malformed(description: "'\(field)' is of no intent; there are \(intents)")
    }
    return Malformed(description: "no field '\(field)'; use one of \(ProfileField.help)")
  }

  /// Whether all conditions hold; one on something that the profile does not have does not.
  public func matches(_ profile: Profile) -> Bool {
    conditions.allSatisfy { condition in
      guard let value = condition.field.value(in: profile) else { return false }
      let other = condition.value
      switch value {
      case .number(let number):
        return Self.holds(condition.comparison, number, Double(other) ?? .nan)
      case .text(let text):
        if condition.field.kind == .time {
          if other.contains("T"), let time = ReviewTime.seconds(text),
            let other = ReviewTime.seconds(other)
          {
            return Self.holds(condition.comparison, Double(time), Double(other))
          }
          // A day is compared with days, a month with months.
          let time = text.prefix(other.count)
          return Self.holds(condition.comparison, precedes(String(time), other), time == other)
        }
        // Other sources' fields are texts, and some of them numbers; of long ones a Double would
        // drop digits.
        let isEqual = text == other
        if [.equal, .different].contains(condition.comparison), max(text.count, other.count) > 15 {
          return Self.holds(condition.comparison, false, isEqual)
        }
        guard let other = Double(other), other.isFinite else {
          return Self.holds(condition.comparison, precedes(text, condition.value), isEqual)
        }
        guard let number = Double(text), number.isFinite else {
          // What is no number is neither below one nor above it.
          return condition.comparison == .different
        }
        return Self.holds(condition.comparison, number, other)
      }
    }
  }

  private static func holds(_ comparison: Comparison, _ left: Double, _ right: Double) -> Bool {
    holds(comparison, left < right, left == right)
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
    if name == "intent", let rest, !LabelSchema.intents.contains(rest) { return nil }
    self.name = name
    self.part = part
    argument = name == "aspect" ? rest.map(AspectNames.name(of:)) : rest
  }

  private static let posteriors = ["stars", "change", "complaint", "intent", "aspect"]
  private static let names =
    posteriors + ["user", "reviews", "items", "churn", "first", "last", "language", "known"]

  /// What its values are compared as.
  enum Kind {
    case number, time, text
  }

  var kind: Kind {
    switch name {
    case "first", "last": .time
    case "user", "language", "known": .text
    default: .number
    }
  }

  /// Traits that of somebody without reviews are the population's.
  private static let shown = ["stars", "change", "complaint", "churn"]

  /// What a profile has; nil where it has nothing of the kind.
  func value(in profile: Profile) -> Value? {
    if profile.reviews == 0, Self.shown.contains(name) { return nil }
    return switch name {
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

  /// What profiles are sorted by: of other sources' fields, numbers come before texts.
  func sortKey(in profile: Profile) -> Value? {
    let value = value(in: profile)
    guard name == "known", case .text(let text)? = value, let number = Double(text), number.isFinite
    else { return value }
    return .number(number)
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
    let keyed = profiles.map { ($0, field.sortKey(in: $0)) }
    return keyed.sorted { left, right in
      let isLess: Bool
      let isMore: Bool
      switch (left.1, right.1) {
      case (.number(let a)?, .number(let b)?): (isLess, isMore) = (a < b, a > b)
      case (.text(let a)?, .text(let b)?): (isLess, isMore) = (precedes(a, b), precedes(b, a))
      case (.number?, .text?): (isLess, isMore) = (true, false)
      case (.text?, .number?): (isLess, isMore) = (false, true)
      case (nil, .some): return false
      case (.some, nil): return true
      default: (isLess, isMore) = (false, false)
      }
      if isLess || isMore { return descending ? isMore : isLess }
      return precedes(left.0.user, right.0.user)
    }.map(\.0)
  }
}
