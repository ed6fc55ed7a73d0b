/// How much a writer's stars change from the first review to the last: a line through them.
enum Drift {
  /// A review's stars and how sure they are.
  struct Point {
    /// Seconds since the start of 1970.
    var seconds: Int
    var mean: Double
    var variance: Double
    var weight: Double
  }

  /// Stars at the last review less stars at the first, by Bayesian linear regression; nil without
  /// two dates.
  ///
  /// Level and change are drawn from the population: no more change is supposed than there is
  /// difference between writers (`tastes`, a variance); reviews vary by `reviews` around the line.
  /// Source: Bishop, Pattern Recognition and Machine Learning, section 3.3.1.
  static func change(
    _ points: [Point], mean: Double, tastes: Double, reviews: Double
  ) -> Posterior? {
    guard let first = points.map(\.seconds).min(), let last = points.map(\.seconds).max(),
      last > first
    else { return nil }
    let span = Double(last - first)
    // Precision matrix of (level, change) and its product with their mean.
    var (p00, p01, p11) = (1 / tastes, 0.0, 1 / tastes)
    var (q0, q1) = (mean / tastes, 0.0)
    for point in points {
      let time = Double(point.seconds - first) / span - 0.5
      let precision = point.weight / (reviews + point.variance)
      p00 += precision
      p01 += precision * time
      p11 += precision * time * time
      q0 += precision * point.mean
      q1 += precision * time * point.mean
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
}
