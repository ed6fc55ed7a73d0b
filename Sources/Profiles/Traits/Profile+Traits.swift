import Foundation
import Reviews

/// The day that profiles speak of, and how fast reviews lose weight before it.
public struct ProfileSettings: Equatable, Sendable {
  /// Seconds since the start of 1970; later reviews do not count. Nil: that of the last review.
  public var asOf: Int?
  /// Days after which a review counts half; nil: all count the same.
  public var halfLifeDays: Double?

  /// All reviews, all the same, unless told otherwise.
  public init(asOf: Int? = nil, halfLifeDays: Double? = nil) {
    self.asOf = asOf
    self.halfLifeDays = halfLifeDays
  }
}

extension Profile {
  /// Works out the traits of a writer.
  init(
    user: String, merged: [String] = [], reviews: [StoredReview], known: [KnownField] = [],
    population: Population, names: AspectNames, settings: ProfileSettings = .init()
  ) {
    let asOf = settings.asOf ?? population.last
    let readings = Readings(reviews, asOf: asOf, halfLifeDays: settings.halfLifeDays)
    let glosses = readings.reviews.map(\.gloss)
    self.user = user
    self.merged = merged
    self.asOf = asOf.flatMap(ReviewTime.text(seconds:))
    halfLifeDays = settings.halfLifeDays
    self.reviews = glosses.count
    abstained = glosses.count { $0.abstained == true }
    items = Set(glosses.compactMap(\.item)).count
    models = Self.ranked(glosses.map(\.model))
    activity = Activity(readings, asOf: asOf)
    languages = Self.ranked(glosses.map(\.language))
    sentiment = Sentiment(readings, population)
    aspects = Self.aspects(readings.mentions(names), population)
    opinions = Array(Self.opinions(in: glosses).prefix(Self.opinionLimit))
    self.names = Self.names(in: glosses)
    intents = Self.intents(readings, population)
    signals = Signals(
      complaint: population.complaint.posterior(readings.complaint),
      churn: Self.churn(readings, asOf: asOf, population))
    self.known = known
    latest = readings.reviews.suffix(Self.latestLimit).reversed().map { review in
      Latest(
        source: review.source, id: review.gloss.id, time: review.gloss.time,
        item: review.gloss.item, stars: review.gloss.sentiment.stars,
        label: review.gloss.sentiment.label)
    }
  }

  /// How often each text occurs, most frequent first, then by text.
  static func ranked(_ texts: some Sequence<String>) -> [Count] {
    Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
      .map { Count(text: $0.key, count: $0.value) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : precedes($0.text, $1.text) }
  }

  private static func aspects(
    _ mentions: [String: [Readings.Mention]], _ population: Population
  ) -> [Aspect] {
    mentions.map { name, mentions in
      func count(_ polarity: Gloss.Polarity) -> Int {
        mentions.count { $0.entity.polarity == polarity }
      }
      let judgements = mentions.compactMap(\.judgement)
      return Aspect(
        name: name, group: AspectGroup.group(of: name), mentions: mentions.count,
        negative: count(.negative), neutral: count(.neutral), positive: count(.positive),
        liking: population.liking.posterior(judgements), stance: stance(judgements),
        evidence: mentions.map { mention in
          Mention(
            source: mention.review.source, review: mention.review.gloss.id,
            start: mention.entity.start, end: mention.entity.end,
            polarity: mention.entity.polarity)
        })
    }.sorted {
      $0.mentions != $1.mentions ? $0.mentions > $1.mentions : precedes($0.name, $1.name)
    }
  }

  /// The stance of the writer alone, from an even start: what the others think is none of theirs.
  private static func stance(_ judgements: [ClassPrior.Observation]) -> Stance {
    func weight(_ index: Int) -> Double {
      judgements.reduce(0) { $0 + $1.probabilities[index] * $1.weight }
    }
    let (blame, praise) = (weight(0), weight(1))
    let blamed = BetaDistribution(a: 1 + praise, b: 1 + blame).cumulative(0.5)
    if blamed <= 1 - stanceCertainty { return .liked }
    if blamed >= stanceCertainty { return .disliked }
    return blame > 0 && praise > 0 ? .divided : .unclear
  }

  private static let stanceCertainty = 0.8

  private static func opinions(in glosses: [Gloss]) -> [Count] {
    let opinions = glosses.lazy.flatMap(\.entities)
      .filter { $0.layer == .opinion && $0.type == "OPINION" }
    return ranked(opinions.map { trimmed($0.text).lowercased() }.filter { !$0.isEmpty })
  }

  private static func names(in glosses: [Gloss]) -> [Names] {
    let entities = glosses.flatMap(\.entities).filter { $0.layer == .name }
    let order = EntityLayer.name.types
    let unknown = Set(entities.map(\.type)).subtracting(order).sorted(by: precedes)
    return (order + unknown).compactMap { type in
      let texts = entities.filter { $0.type == type }.map { trimmed($0.text) }
      let counts = spellings(of: texts.filter { !$0.isEmpty })
      return counts.isEmpty ? nil : Names(type: type, names: counts)
    }
  }

  /// Counts texts without regard to case, each under its most frequent spelling.
  private static func spellings(of texts: [String]) -> [Count] {
    var spelling: [String: String] = [:]
    for text in ranked(texts).map(\.text) where spelling[text.lowercased()] == nil {
      spelling[text.lowercased()] = text
    }
    return ranked(texts.map { spelling[$0.lowercased()] ?? $0 })
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func intents(_ readings: Readings, _ population: Population) -> [Intent] {
    var lastTimes: [String: String] = [:]
    var labels: [String] = []
    for review in readings.reviews where review.gloss.abstained != true {  // oldest first
      let held = Set(review.gloss.intents.map(\.label))
      labels += held
      guard let time = review.gloss.time else { continue }
      for label in held { lastTimes[label] = time }
    }
    return ranked(labels).map { label in
      Intent(
        label: label.text, reviews: label.count, lastTime: lastTimes[label.text],
        rate: population.intent(label.text).posterior(readings.intent(label.text)))
    }
  }

  private static func churn(
    _ readings: Readings, asOf: Int?, _ population: Population
  ) -> Double {
    let visits = readings.visits
    guard let first = visits.first, let last = readings.times.last, let asOf else {
      return population.silence.left(gaps: 0, span: 0, silence: 0).roundedToFourDecimals
    }
    return population.silence.left(
      gaps: visits.count - 1, span: Double(last - first) / 86_400,
      silence: Double(asOf - last) / 86_400
    ).roundedToFourDecimals
  }
}

extension Profile.Activity {
  fileprivate init(_ readings: Readings, asOf: Int?) {
    let (times, visits) = (readings.times, readings.visits)
    let dated = readings.reviews.filter { $0.seconds != nil }
    let gaps = zip(visits, visits.dropFirst()).map { Double($1 - $0) / 86_400 }.sorted()
    self.init(
      first: dated.first?.gloss.time, last: dated.last?.gloss.time,
      cadenceDays: gaps.isEmpty
        ? nil : ((gaps[(gaps.count - 1) / 2] + gaps[gaps.count / 2]) / 2).roundedToFourDecimals,
      silenceDays: times.last.flatMap { last in
        asOf.map { (Double($0 - last) / 86_400).roundedToFourDecimals }
      })
  }
}

extension Profile.Sentiment {
  fileprivate init(_ readings: Readings, _ population: Population) {
    let prior = population.stars
    let taste = prior.taste(readings.stars)
    let judged = readings.reviews.filter { $0.gloss.abstained != true }
    let labels = judged.map(\.gloss.sentiment.label)
    func count(_ label: Gloss.Polarity) -> Int { labels.count { $0 == label } }
    let change = Drift.change(
      readings.points, mean: prior.mean, tastes: prior.tasteVariance, spread: population.drift)
    let months = Dictionary(grouping: judged) { review in
      review.seconds.flatMap(ReviewTime.text(seconds:)).flatMap(TimeText.month)
    }
    self.init(
      stars: prior.posterior(taste), shares: taste.shares.map(\.roundedToFourDecimals),
      change: change, trend: change.map(Self.trend), negative: count(.negative),
      neutral: count(.neutral), positive: count(.positive),
      months: months.compactMap { month, reviews in
        month.map { Profile.Month(month: $0, reviews: reviews.count, stars: Self.mean(reviews)) }
      }.sorted { precedes($0.month, $1.month) })
  }

  private static func trend(_ change: Posterior) -> Profile.Trend {
    // Half of the interval's tenth lies beyond each end.
    change.low > 0 ? .rising : change.high < 0 ? .falling : .steady
  }

  private static func mean(_ reviews: [StoredReview]) -> Double {
    (reviews.reduce(0) { $0 + $1.gloss.sentiment.stars } / Double(reviews.count))
      .roundedToFourDecimals
  }
}

extension Double {
  /// As many decimals as the numbers of a gloss have.
  var roundedToFourDecimals: Double { (self * 10_000).rounded() / 10_000 }
}
