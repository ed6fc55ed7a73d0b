import Reviews

/// The paragraph that says in plain words what the figures of a profile say.
enum ProfileSummary {
  /// Below this many reviews nothing is claimed.
  static let fewestReviews = 3

  static func text(of profile: Profile) -> String {
    guard profile.reviews > 0 else {
      let end = profile.asOf.map { " up to \(TimeText.day(of: $0))" } ?? ""
      return "No reviews\(end)" + (profile.known.isEmpty ? "." : "; known from other sources only.")
    }
    var sentences = [
      languages(profile) + "; " + subjects(profile)
        + (period(profile, from: " between ", to: " and ", on: " on ") ?? "")
    ]
    guard profile.reviews >= fewestReviews else {
      sentences[0] += "; too few to say much."
      return TerminalText.clean(sentences[0])
    }
    sentences[0] += "; " + mood(profile) + "."
    if profile.abstained > 0 {
      sentences.append(
        profile.abstained == 1
          ? "One of them is too unclear to count."
          : "\(profile.abstained) of them are too unclear to count.")
    }
    if let liking = liking(profile) { sentences.append(liking) }
    if let complaints = complaints(profile) { sentences.append(complaints) }
    if let silence = silence(profile) { sentences.append(silence) }
    return TerminalText.clean(sentences.joined(separator: " "))
  }

  /// The days of the first and the last review, worded; nil when no review has a time.
  static func period(
    _ profile: Profile, from: String, to: String, on: String = ""
  ) -> String? {
    guard let first = profile.activity.first, let last = profile.activity.last else { return nil }
    let days = (TimeText.day(of: first), TimeText.day(of: last))
    return days.0 == days.1 ? on + days.0 : from + days.0 + to + days.1
  }

  static func languageName(_ code: String) -> String {
    ["en": "English", "zh": "Chinese", "und": "no clear language"][code] ?? code
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// One decimal, as stars are shown.
  static func decimal(_ stars: Double) -> String {
    let tenths = Int((min(max(stars, -99), 99) * 10).rounded())
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  /// An intent in words: `bug_report` reads "bug report".
  static func words(_ intent: String) -> String {
    switch intent {
    case "return_refund": "return or refund"
    case "payment_billing": "payment or billing"
    default: String(intent.map { $0 == "_" ? " " : $0 })
    }
  }

  private static func languages(_ profile: Profile) -> String {
    let clear = profile.languages.map(\.text).filter { $0 != "und" }.map(languageName)
    guard let last = clear.last else { return "Writes in no clear language" }
    let others = clear.dropLast().joined(separator: ", ")
    return "Writes in " + (others.isEmpty ? "" : others + " and ") + last
  }

  private static func subjects(_ profile: Profile) -> String {
    counted(profile.reviews, "review")
      + (profile.items == 0 ? "" : " of " + counted(profile.items, "item"))
  }

  /// How the writer feels, and which way that goes where it surely goes one.
  private static func mood(_ profile: Profile) -> String {
    let sentiment = profile.sentiment
    let stars = sentiment.stars
    let range = "\(decimal(stars.mean)) stars (\(decimal(stars.low)) to \(decimal(stars.high)))"
    let feeling =
      switch ProfileDifference.feeling(stars.mean) {
      case "unhappy": "mostly unhappy"
      case "mixed": "of mixed feelings"
      default: "mostly happy"
      }
    switch sentiment.trend {
    case .falling: return "\(feeling), and less and less so: \(range)"
    case .rising: return "\(feeling), and more and more so: \(range)"
    default: return "\(feeling): \(range)"
    }
  }

  /// The aspects that the writer surely dislikes and likes, the most mentioned first.
  private static func liking(_ profile: Profile) -> String? {
    let stances: [(words: String, stance: Profile.Stance)] = [
      ("unhappy", .disliked), ("happy", .liked),
    ]
    let parts = stances.compactMap { words, stance -> String? in
      let names = profile.aspects.filter { $0.stance == stance && $0.mentions > 1 }
        .prefix(2).map { "\($0.name) (\($0.mentions))" }
      return names.isEmpty ? nil : "\(words) with " + names.joined(separator: " and ")
    }
    guard !parts.isEmpty else { return nil }
    let sentence = parts.joined(separator: "; ") + "."
    return sentence.prefix(1).uppercased() + sentence.dropFirst()
  }

  private static func complaints(_ profile: Profile) -> String? {
    let complaint = profile.signals.complaint
    guard complaint.low >= 0.25 else { return nil }
    return "Complains in \(percent(complaint.mean)) of reviews "
      + "(\(percent(complaint.low)) to \(percent(complaint.high)))."
  }

  private static func silence(_ profile: Profile) -> String? {
    guard profile.signals.churn >= 0.5, let days = profile.activity.silenceDays,
      let cadence = profile.activity.cadenceDays, days > cadence
    else { return nil }
    return "Silent for \(counted(Int(days.rounded()), "day")): has left with a probability of "
      + "\(percent(profile.signals.churn))."
  }
}
