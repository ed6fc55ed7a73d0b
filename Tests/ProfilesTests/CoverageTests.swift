import Foundation
import Reviews
import Testing

@testable import Profiles

/// Simulated writers whose tastes are known: nine in ten intervals have to hold the truth.
@Suite struct CoverageTests {
  /// A seeded source of what simulations draw.
  private struct Draws {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func uniform() -> Double {
      // xorshift*. Source: Vigna, An experimental exploration of Marsaglia's xorshift generators.
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return (Double((state &* 0x2545_F491_4F6C_DD1D) >> 11) + 0.5) / Double(1 << 53)
    }

    mutating func normal() -> Double {
      (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    /// Source: Marsaglia and Tsang, A simple method for generating gamma variables.
    mutating func gamma(_ shape: Double) -> Double {
      guard shape >= 1 else { return gamma(shape + 1) * pow(uniform(), 1 / shape) }
      let d = shape - 1 / 3.0
      while true {
        let x = normal()
        let v = pow(1 + x / (9 * d).squareRoot(), 3)
        if v > 0, log(uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
      }
    }

    mutating func shares(_ alpha: [Double]) -> [Double] {
      let values = alpha.map { gamma(max($0, 1e-3)) }
      let total = values.reduce(0, +)
      return values.map { $0 / total }
    }

    mutating func choice(_ shares: [Double]) -> Int {
      var left = uniform()
      for (index, share) in shares.enumerated() {
        left -= share
        if left < 0 { return index }
      }
      return shares.count - 1
    }

    mutating func count(mean: Double) -> Int { 1 + Int(log(uniform()) / log(1 - 1 / mean)) }
  }

  /// The share of writers whose mean score lies in its interval.
  ///
  /// A review's class is seen through noise, and told as the probability that each class has in its
  /// light: what a calibrated model says.
  private func coverage(
    scores: [Double], shares: [Double], concentration: Double, noise: Double, reviews: Double
  ) -> Double {
    // Several populations: how alike one of them is, is itself known from its writers alone.
    let shares = (1...4).map { seed in
      coverage(scores, shares, concentration, noise, reviews, writers: 1_500, Draws(seed))
    }
    return shares.reduce(0, +) / 4
  }

  private func coverage(
    _ scores: [Double], _ shares: [Double], _ concentration: Double, _ noise: Double,
    _ reviews: Double, writers: Int, _ source: Draws
  ) -> Double {
    var draws = source
    var truths: [Double] = []
    var histories: [[[Double]]] = []
    for _ in 0..<writers {
      let taste = draws.shares(shares.map { $0 * concentration })
      truths.append(zip(scores, taste).reduce(0) { $0 + $1.0 * $1.1 })
      histories.append(
        (0..<draws.count(mean: reviews)).map { _ in
          let seen = Double(draws.choice(taste)) + noise * draws.normal()
          let likely = shares.indices.map { index in
            shares[index] * exp(-pow(seen - Double(index), 2) / (2 * noise * noise))
          }
          let total = likely.reduce(0, +)
          return likely.map { $0 / total }
        })
    }
    var fit = ClassPrior.Fit(scores: scores, expected: shares)
    for history in histories { fit.add(history) }
    let prior = fit.prior
    let held = zip(truths, histories).count { truth, history in
      let posterior = prior.posterior(history.map { .init(probabilities: $0) })
      return (posterior.low...posterior.high).contains(truth)
    }
    return Double(held) / Double(writers)
  }

  /// Of a few writers nobody knows how alike they are; that they seem so by chance must not hide what
  /// they say.
  @Test(arguments: [(5, 5.0), (15, 5), (15, 20), (50, 5)])
  func fewWritersAreNotTakenForAlike(writers: Int, concentration: Double) {
    let rounds = 600 / writers
    let held = (1...rounds).reduce(0.0) { sum, seed in
      sum
        + coverage(
          [1, 2, 3, 4, 5], Self.usual, concentration, 0.6, 8, writers: writers, Draws(UInt64(seed)))
    }
    #expect((0.82...0.97).contains(held / Double(rounds)), "\(held / Double(rounds))")
  }

  /// What writers show of whom each has eight reviews that fall from five stars to one, or stay.
  private func spread(falling: Int, steady: Int) -> Drift.Spread {
    var fit = Drift.Fit()
    var draws = Draws(5)
    for writer in 0..<falling + steady {
      fit.add(
        (0..<8).map { review in
          let level = writer < falling ? (review < 4 ? 4.9 : 1.1) : 3
          return Drift.Point(
            seconds: review * 86_400 * 30, stars: level + 0.3 * draws.normal(), weight: 1)
        })
    }
    return fit.spread(scatter: 1)
  }

  @Test func changesAreSeenAlsoWhereAllChangeAlike() throws {
    let steady = spread(falling: 0, steady: 4_000)
    #expect(steady.changes < 0.03 && abs(steady.scatter - 0.09) < 0.02)
    // Nobody shows anything.
    #expect(spread(falling: 0, steady: 0) == Drift.Spread(changes: 1, scatter: 1))
    let falling = spread(falling: 12, steady: 0)
    #expect(falling.changes > 4)
    let points = (0..<8).map {
      Drift.Point(seconds: $0 * 86_400 * 30, stars: $0 < 4 ? 4.9 : 1.1, weight: 1)
    }
    let change = try #require(Drift.change(points, mean: 3, tastes: 0.3, spread: falling))
    #expect(change.high < -2)
    // One of few, beside others who stay as they are.
    let one = try #require(
      Drift.change(points, mean: 3, tastes: 0.3, spread: spread(falling: 1, steady: 10)))
    #expect(one.high < -1)
  }

  private static let usual = [0.1, 0.08, 0.12, 0.25, 0.45]

  @Test(arguments: [
    (usual, 5.0, 0.6, 5.0), (usual, 2, 0.6, 5), (usual, 20, 0.6, 5), (usual, 5, 1.2, 5),
    (usual, 5, 0.3, 5), (usual, 5, 0.6, 20), ([0.05, 0.05, 0.1, 0.2, 0.6], 3, 0.6, 5),
    ([0.3, 0.1, 0.1, 0.1, 0.4], 5, 0.6, 5),
  ])
  func starsLieWhereTheirIntervalSays(
    shares: [Double], concentration: Double, noise: Double, reviews: Double
  ) {
    let held = coverage(
      scores: [1, 2, 3, 4, 5], shares: shares, concentration: concentration, noise: noise,
      reviews: reviews)
    #expect((0.88...0.92).contains(held), "\(held)")
  }

  @Test(arguments: [
    ([0.7, 0.3], 4.0, 0.4, 8.0), ([0.5, 0.5], 2, 0.4, 8), ([0.8, 0.2], 6, 0.2, 15),
    ([0.3, 0.7], 3, 0.5, 10), ([0.9, 0.1], 5, 0.3, 10),
  ])
  func ratesLieWhereTheirIntervalSays(
    shares: [Double], concentration: Double, noise: Double, reviews: Double
  ) {
    let held = coverage(
      scores: [0, 1], shares: shares, concentration: concentration, noise: noise,
      reviews: reviews)
    #expect((0.88...0.92).contains(held), "\(held)")
  }

  @Test(arguments: [(0.3, 1.0, 6), (0.8, 0.6, 12), (0.1, 1.2, 25)])
  func changesLieWhereTheirIntervalSays(tastes: Double, reviews: Double, count: Int) {
    var draws = Draws(3)
    var held = 0
    for _ in 0..<1_500 {
      let level = 3.5 + tastes.squareRoot() * draws.normal()
      let change = tastes.squareRoot() * draws.normal()
      let days = (0..<count).map { _ in draws.uniform() }
      let (first, last) = (days.min() ?? 0, days.max() ?? 1)
      let points = days.map { day in
        let time = (day - first) / (last - first) - 0.5
        return Drift.Point(
          seconds: Int(day * 1e8),
          stars: level + change * time + reviews.squareRoot() * draws.normal(), weight: 1)
      }
      let posterior = Drift.change(
        points, mean: 3.5, tastes: tastes, spread: .init(changes: tastes, scatter: reviews))
      if let posterior, (posterior.low...posterior.high).contains(change) { held += 1 }
    }
    #expect((0.88...0.92).contains(Double(held) / 1_500), "\(held)")
  }

  @Test func fewReviewsSayLittleAndManySpeakForThemselves() {
    let prior = ClassPrior(scores: [1, 2, 3, 4, 5], shares: Self.usual, concentration: 5)
    func stars(_ count: Int) -> Posterior {
      prior.posterior(Array(repeating: .init(probabilities: [1, 0, 0, 0, 0]), count: count))
    }
    let mean = prior.mean
    #expect(abs(stars(0).mean - mean) < 1e-3 && stars(0).evidence == 0)
    #expect(abs(stars(1).mean - (5 * mean + 1) / 6) < 1e-3)
    #expect(abs(stars(1_000).mean - 1) < 0.02)
    #expect(stars(1_000).high - stars(1_000).low < 0.1)
    #expect(stars(1).high - stars(1).low > 1)
  }

  @Test func aReviewThatSaysNothingChangesNothing() {
    let prior = ClassPrior(scores: [1, 2, 3, 4, 5], shares: Self.usual, concentration: 5)
    let silent = prior.taste([.init(probabilities: Self.usual)])
    #expect(zip(silent.shares, Self.usual).allSatisfy { abs($0 - $1) < 1e-6 })
    let impossible = prior.taste([.init(probabilities: [0, 0, 0, 0, 0])])
    #expect(impossible.shares.allSatisfy { $0.isFinite && $0 > 0 })
  }

  @Test func reviewsOfOneDayAreOneVisit() {
    let day = (1...20).map { gloss("r-\($0)", time: "2024-05-01") }
    let asOf = ReviewTime.seconds("2024-05-31")
    let many = profile(day, .init(asOf: asOf))
    let one = profile([day[0]], .init(asOf: asOf))
    #expect(many.activity.cadenceDays == nil && many.activity.silenceDays == 30)
    #expect(many.signals.churn == one.signals.churn)
  }

  @Test func silenceIsMeasuredByOnesOwnCadence() {
    let silence = Silence(leaving: 0.3, gap: 90)
    func left(_ gaps: Int, _ span: Double, _ days: Double) -> Double {
      silence.left(gaps: gaps, span: span, silence: days)
    }
    // Nothing but the last review: the population's chance, less for who came back often.
    #expect(abs(left(0, 0, 0) - 0.3) < 1e-12)
    #expect(left(20, 400, 0) < 0.1)
    #expect(left(20, 140, 365) > 0.9)  // wrote every week
    #expect(left(20, 7_300, 365) < 0.3)  // writes once a year
    #expect(left(5, 300, 200) > left(5, 300, 100))
  }
}
