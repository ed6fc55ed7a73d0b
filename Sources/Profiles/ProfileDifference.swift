/// A trait of a user that says something else in another store, or read by another model.
public struct ProfileDifference: Codable, Equatable, Sendable {
  /// Whose profile.
  public var user: String
  /// Which trait, as `Trait` names it; `profile` where one store has none of the user,
  /// `reviews` where it has no review.
  public var trait: String
  /// What it was.
  public var before: String
  /// What it is.
  public var after: String

  /// For people: without anything that a terminal would obey.
  public var line: String { TerminalText.clean("\(user)  \(trait): \(before) -> \(after)") }

  /// The traits that flip from one profile of a user to another: not what moves a little, but what
  /// turns into something else.
  ///
  /// Feeling and trend, the stance to each aspect that either holds (against `unclear`), and
  /// intents, complaints and churn that pass one half. Of somebody without reviews, whose traits are
  /// the population's, only that reviews came or went.
  public static func flips(from before: Profile, to after: Profile) -> [ProfileDifference] {
    guard before.reviews > 0, after.reviews > 0 else {
      let hadReviews = before.reviews > 0
      return hadReviews == (after.reviews > 0)
        ? []
        : [
          ProfileDifference(
            user: after.user, trait: "reviews", before: hadReviews ? "some" : "none",
            after: hadReviews ? "none" : "some")
        ]
    }
    let traits = (traits(of: before), traits(of: after))
    let names = Set(traits.0.keys).union(traits.1.keys).sorted(by: precedes)
    return names.compactMap { name in
      let missing = name.hasPrefix("aspect.") ? Profile.Stance.unclear.rawValue : "no"
      let (old, new) = (traits.0[name] ?? missing, traits.1[name] ?? missing)
      return old == new
        ? nil : ProfileDifference(user: after.user, trait: name, before: old, after: new)
    }
  }

  /// The difference of a profile that only one of two stores has.
  static func presence(of user: String, before: Bool) -> ProfileDifference {
    ProfileDifference(
      user: user, trait: "profile", before: before ? "present" : "absent",
      after: before ? "absent" : "present")
  }

  private static func traits(of profile: Profile) -> [String: String] {
    var traits: [String: String] = [:]
    traits["stars"] = feeling(profile.sentiment.stars.mean)
    traits["change"] = profile.sentiment.trend?.rawValue ?? "no"
    traits["complaint"] = half(profile.signals.complaint.mean)
    traits["churn"] = half(profile.signals.churn)
    for intent in profile.intents { traits["intent.\(intent.label)"] = half(intent.rate.mean) }
    for aspect in profile.aspects { traits["aspect.\(aspect.name)"] = aspect.stance.rawValue }
    return traits
  }

  /// The words of a mean of stars.
  static func feeling(_ stars: Double) -> String {
    switch stars {
    case ..<2.5: "unhappy"
    case ..<3.5: "mixed"
    default: "happy"
    }
  }

  private static func half(_ share: Double) -> String { share > 0.5 ? "yes" : "no" }
}

extension ProfileStore {
  /// Calls `body` with every flip from the profiles of `before` to those of this store, by user;
  /// those of users who are gone come last.
  ///
  /// Throws `ProfileError`, or what `body` throws.
  public func forEachDifference(
    from before: ProfileStore, _ settings: ProfileSettings = .init(),
    _ body: (ProfileDifference) throws -> Void
  ) throws {
    // Once: with a day to look back to it is worked out anew each time.
    let population = try before.population(settings)
    try forEachProfile(settings) { profile in
      guard let earlier = try before.profile(of: profile.user, population, settings) else {
        return try body(.presence(of: profile.user, before: false))
      }
      for flip in ProfileDifference.flips(from: earlier, to: profile) { try body(flip) }
    }
    try before.forEachProfile(settings) { profile in
      if try !holds(profile.user) {
        try body(.presence(of: profile.user, before: true))
      }
    }
  }
}
