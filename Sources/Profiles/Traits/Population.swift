import Reviews

/// What the writers of a store have in common: what is supposed of one who wrote little.
struct Population: Codable, Equatable, Sendable {
  var stars: ClassPrior
  var drift: Drift.Spread
  var complaint: ClassPrior
  var liking: ClassPrior
  /// By label.
  var intents: [String: ClassPrior]
  var silence: Silence
  /// The time of the last review of all, in seconds since the start of 1970.
  var last: Int?

  /// The prior of an intent; that of complaints, which is as good as any, for one nobody knows.
  func intent(_ label: String) -> ClassPrior { intents[label] ?? complaint }
}

/// Works out a population, one writer after the other; their order is part of the result's last bits.
struct PopulationFit {
  private var stars = ClassPrior.Fit(scores: [1, 2, 3, 4, 5], expected: [0.2, 0.2, 0.2, 0.6, 0.8])
  private var complaint = ClassPrior.Fit(scores: [0, 1], expected: [0.8, 0.2])
  private var liking = ClassPrior.Fit(scores: [0, 1], expected: [0.4, 0.6])
  private var intents = Dictionary(
    uniqueKeysWithValues: LabelSchema.intents.map {
      ($0, ClassPrior.Fit(scores: [0, 1], expected: [0.9, 0.1]))
    })
  private var drift = Drift.Fit()
  // A supposed writer, who came back once after the usual time.
  private var writers = 1.0
  private var gaps = 1.0
  private var gapDays = 90.0
  private var last: Int?
  private let names = AspectNames()

  /// Adds the reviews of a writer.
  mutating func add(_ readings: Readings) {
    stars.add(readings.stars.map(\.probabilities))
    drift.add(readings.points)
    complaint.add(readings.complaint.map(\.probabilities))
    for label in LabelSchema.intents {
      intents[label]?.add(readings.intent(label).map(\.probabilities))
    }
    let mentions = readings.mentions(names)
    for name in mentions.keys.sorted(by: precedes) {
      liking.add((mentions[name] ?? []).compactMap { $0.judgement?.probabilities })
    }
    let visits = readings.visits
    guard let first = visits.first, let latest = visits.last else { return }
    writers += 1
    gaps += Double(visits.count - 1)
    gapDays += Double(latest - first) / 86_400
    last = max(last ?? latest, readings.times.last ?? latest)
  }

  /// The population of all who were added.
  var population: Population {
    let stars = stars.prior
    return Population(
      stars: stars, drift: drift.spread(scatter: stars.reviewVariance),
      complaint: complaint.prior, liking: liking.prior,
      intents: intents.mapValues(\.prior),
      silence: Silence(leaving: writers / (writers + gaps), gap: gapDays / gaps), last: last)
  }
}
