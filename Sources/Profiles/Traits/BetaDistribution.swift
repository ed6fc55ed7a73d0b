import Foundation

/// The distribution of a share between 0 and 1.
struct BetaDistribution: Equatable {
  var a: Double
  var b: Double

  var mean: Double { a / (a + b) }
  var variance: Double { a * b / ((a + b) * (a + b) * (a + b + 1)) }

  /// The probability of at most `x`: the regularised incomplete beta function.
  func cumulative(_ x: Double) -> Double { cumulative(x, logBeta: logBeta) }

  /// The value that is undercut with a probability of `share`: Newton's steps inside a bracket that
  /// only shrinks.
  func quantile(_ share: Double) -> Double {
    let logBeta = logBeta
    var (low, high) = (0.0, 1.0)
    var x = mean
    for _ in 0..<100 {
      let excess = cumulative(x, logBeta: logBeta) - share
      if excess < 0 { low = x } else { high = x }
      let density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta)
      let step = x - excess / density
      let next = step > low && step < high ? step : (low + high) / 2
      if abs(next - x) < 1e-10 * min(x, 1 - x) + 1e-16 { return next }
      x = next
    }
    return x
  }

  private var logBeta: Double { lgamma(a) + lgamma(b) - lgamma(a + b) }

  /// Source: NIST Digital Library of Mathematical Functions, 8.17.22, by Lentz's method.
  private func cumulative(_ x: Double, logBeta: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side of the mean.
    guard x <= (a + 1) / (a + b + 2) else {
      return 1 - BetaDistribution(a: b, b: a).cumulative(1 - x, logBeta: logBeta)
    }
    let front = exp(a * log(x) + b * log1p(-x) - logBeta) / a
    func term(_ step: Int) -> Double {
      let m = Double(step / 2)
      return step.isMultiple(of: 2)
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    }
    func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var (c, d, fraction) = (1e300, 1.0, 1.0)
    for step in 1...500 {
      d = 1 / away(1 + term(step) * d)
      c = away(1 + term(step) / c)
      fraction *= c * d
      if abs(c * d - 1) < 1e-14 { break }
    }
    return min(1, max(0, front * fraction))
  }
}

extension BetaDistribution {
  /// The one with this mean and variance; a variance that none has becomes one that fits.
  init(mean: Double, variance: Double) {
    let mean = min(max(mean, 1e-6), 1 - 1e-6)
    let widest = mean * (1 - mean)
    let size = widest / min(max(variance, 1e-9), widest * 0.999) - 1
    self.init(a: mean * size, b: (1 - mean) * size)
  }
}
