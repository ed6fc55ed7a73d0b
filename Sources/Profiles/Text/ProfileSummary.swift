import Reviews

/// The paragraph that says in plain words what the figures of a profile say.
enum ProfileSummary {
  /// Below this many reviews nothing is claimed.
  static let fewestReviews = 3

  static func text(of profile: Profile) -> String {
    var clauses = [
      languages(profile) + "; " + subjects(profile)
        + (period(profile, from: " between ", to: " and ", on: " on ") ?? "")
    ]
    guard profile.reviews >= fewestReviews else {
      clauses[0] += "; too few to say more."
      return TerminalText.clean(clauses[0])
    }
    clauses[0] += "; " + mood(profile) + "."
    if let liking = liking(profile) { clauses.append(liking) }
    if let intent = profile.intents.first, intent.reviews >= fewestReviews {
      clauses.append(
        "Most frequent intent: \(words(intent.label)), in \(intent.reviews) of "
          + counted(profile.reviews, "review") + ".")
    }
    return TerminalText.clean(clauses.joined(separator: " "))
  }

  /// The days of the first and the last review, worded; nil when no review has a time.
  static func period(
    _ profile: Profile, from: String, to: String, on: String = ""
  ) -> String? {
    guard let first = profile.firstTime, let last = profile.lastTime else { return nil }
    let days = (TimeText.day(of: first), TimeText.day(of: last))
    return days.0 == days.1 ? on + days.0 : from + days.0 + to + days.1
  }

  /// Aspects with more mentions of `polarity` than of its opposite, the most such mentions first;
  /// nil: those with as many negative as positive ones.
  static func aspects(
    _ profile: Profile, mostly polarity: Gloss.Polarity?
  ) -> [Profile.Aspect] {
    func count(_ aspect: Profile.Aspect) -> Int {
      polarity == .negative ? aspect.negative : aspect.positive
    }
    return profile.aspects.filter { aspect in
      switch polarity {
      case .negative: aspect.negative > aspect.positive
      case .positive: aspect.positive > aspect.negative
      default: aspect.negative == aspect.positive && aspect.positive > 0
      }
    }.sorted {
      count($0) != count($1) ? count($0) > count($1) : Profile.precedes($0.text, $1.text)
    }
  }

  static func languageName(_ code: String) -> String {
    ["en": "English", "zh": "Chinese", "und": "no clear language"][code] ?? code
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// One decimal, as stars are shown.
  static func decimal(_ stars: Double) -> String {
    let tenths = Int((min(max(stars, 0), 99) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

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

  /// How the writer feels: the last three months against the time before where both hold enough
  /// reviews and differ by half a star, else all reviews together.
  private static func mood(_ profile: Profile) -> String {
    let months = profile.sentiment.months
    if let last = months.last?.month {
      let start = TimeText.month(last, minus: 2)
      let isRecent = { (month: Profile.Month) in !Profile.precedes(month.month, start) }
      if let recent = StarPeriods.mean(months.filter(isRecent)),
        let before = StarPeriods.mean(months.filter { !isRecent($0) }),
        min(recent.reviews, before.reviews) >= fewestReviews,
        abs(recent.stars - before.stars) >= 0.5
      {
        return "\(feeling(recent.stars)) lately: \(decimal(recent.stars)) stars from \(start) to "
          + "\(last) against \(decimal(before.stars)) before"
      }
    }
    let stars = profile.sentiment.stars
    return "\(feeling(stars)): \(decimal(stars)) stars on average"
  }

  private static func feeling(_ stars: Double) -> String {
    switch stars {
    case ..<2.5: "mostly unhappy"
    case ..<3.5: "of mixed feelings"
    default: "mostly happy"
    }
  }

  /// The aspects that most reviews are unhappy and happy with, where they are enough reviews.
  private static func liking(_ profile: Profile) -> String? {
    let feelings: [(words: String, polarity: Gloss.Polarity)] = [
      ("unhappy", .negative), ("happy", .positive),
    ]
    let parts = feelings.compactMap { words, polarity -> String? in
      let met = aspects(profile, mostly: polarity).map { aspect in
        let evidence = aspect.evidence.filter { $0.polarity == polarity }
        return (text: aspect.text, reviews: Set(evidence.map(\.review)).count)
      }
      // Of equals the first, which has the most mentions.
      guard let most = met.map(\.reviews).max(), most >= fewestReviews,
        let aspect = met.first(where: { $0.reviews == most })
      else { return nil }
      return "\(words) most often with \(aspect.text) (\(most) reviews)"
    }
    guard !parts.isEmpty else { return nil }
    let sentence = parts.joined(separator: "; ") + "."
    return sentence.prefix(1).uppercased() + sentence.dropFirst()
  }
}
