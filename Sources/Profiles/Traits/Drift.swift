/// How much a writer's stars change from the first review to the last: a line through them.
enum Drift {
  /// What a review says of the stars.
  struct Point {
    /// Seconds since the start of 1970.
    var seconds: Int
    /// The mean of its stars.
    var stars: Double
    var weight: Double
  }

  /// What the writers of a population have in common.
  struct Spread: Codable, Equatable, Sendable {
    /// The mean square of how much a writer's stars change.
    var changes: Double
    /// The variance of reviews around their writer's line.
    var scatter: Double
  }

  /// Stars at the last review less stars at the first, by Bayesian linear regression; nil without
  /// two dates.
  ///
  /// Level and change are drawn from the population: the level around `mean` with variance `tastes`,
  /// the change around none. Reviews scatter around the line as those of the population do and as
  /// these themselves show.
  /// Source: Bishop, Pattern Recognition and Machine Learning, section 3.3.1.
  static func change(
    _ points: [Point], mean: Double, tastes: Double, spread: Spread
  ) -> Posterior? {
    guard let line = Line(points) else { return nil }
    let scatter =
      (line.residuals + supposedFreedom * spread.scatter)
      / (max(Double(points.count) - 2, 0) + supposedFreedom)
    // Precision matrix of (level, change) and its product with their mean.
    var (p00, p01, p11) = (1 / tastes, 0.0, 1 / spread.changes)
    var (q0, q1) = (mean / tastes, 0.0)
    for (point, time) in zip(points, line.times) {
      let precision = point.weight / scatter
      p00 += precision
      p01 += precision * time
      p11 += precision * time * time
      q0 += precision * point.stars
      q1 += precision * time * point.stars
    }
    let determinant = p00 * p11 - p01 * p01
    let change = (p00 * q1 - p01 * q0) / determinant
    let deviation = (p00 / determinant).squareRoot()
    // 0.95 of a normal distribution lies below so many deviations.
    let width = 1.6449 * deviation
    return Posterior(
      mean: change, low: change - width, high: change + width,
      evidence: points.reduce(0) { $0 + $1.weight })
  }

  /// How many reviews of a writer's own weigh as much as the population's scatter.
  private static let supposedFreedom = 5.0

  /// The line through a writer's reviews by least squares.
  private struct Line {
    /// Where each review lies between the first, -0.5, and the last, 0.5.
    let times: [Double]
    /// How much it rises.
    let slope: Double
    /// The sum of squares of the times around their mean.
    let precision: Double
    /// The sum of squares of the reviews around it.
    let residuals: Double

    /// Nil without two dates.
    init?(_ points: [Point]) {
      guard let first = points.map(\.seconds).min(), let last = points.map(\.seconds).max(),
        last > first
      else { return nil }
      let times = points.map { Double($0.seconds - first) / Double(last - first) - 0.5 }
      let count = Double(points.count)
      let meanTime = times.reduce(0, +) / count
      let mean = points.reduce(0) { $0 + $1.stars } / count
      var (precision, products, squares) = (0.0, 0.0, 0.0)
      for (point, time) in zip(points, times) {
        precision += (time - meanTime) * (time - meanTime)
        products += (time - meanTime) * (point.stars - mean)
        squares += (point.stars - mean) * (point.stars - mean)
      }
      self.times = times
      self.precision = precision
      slope = products / precision
      residuals = max(0, squares - products * products / precision)
    }
  }

  /// Gathers how much the writers of a population change, one after the other.
  struct Fit {
    // Sums over writers: of squared changes by the precision of each, of these precisions, of squares
    // around the lines, and of how many of these are free.
    private var changes = 0.0
    private var precision = 0.0
    private var residuals = 0.0
    private var freedom = 0.0
    private var writers = 0.0

    /// Adds the reviews of a writer.
    mutating func add(_ points: [Point]) {
      guard points.count > 2, let line = Line(points) else { return }
      changes += line.slope * line.slope * line.precision
      precision += line.precision
      residuals += line.residuals
      freedom += Double(points.count) - 2
      writers += 1
    }

    /// Change before anybody has shown some: a star, either way.
    private static let supposedChange = 1.0
    /// How many writers weigh as much as what is supposed of changes.
    private static let supposedWriters = 50.0
    /// How many reviews weigh as much as what is supposed of scatter.
    private static let supposedReviews = 10.0

    /// What the lines show beyond what reviews around lines without change would, and how far reviews
    /// lie from them, `scatter` where nobody shows it.
    func spread(scatter: Double) -> Spread {
      let scatter =
        (residuals + Self.supposedReviews * scatter) / (freedom + Self.supposedReviews)
      let shown = precision > 0 ? max(0, (changes - writers * scatter) / precision) : 0
      return Spread(
        changes: max(
          (writers * shown + Self.supposedWriters * Self.supposedChange)
            / (writers + Self.supposedWriters), 1e-6),
        scatter: max(scatter, 1e-6))
    }
  }
}
