import Foundation
import Testing

@testable import Profiles

@Suite struct BetaDistributionTests {
  /// With whole parameters the function is a binomial sum (DLMF 8.17.5).
  private func binomial(_ a: Int, _ b: Int, _ x: Double) -> Double {
    let n = a + b - 1
    var sum = 0.0
    for k in a...n {
      let ways = lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      sum += exp(ways + Double(k) * log(x) + Double(n - k) * log(1 - x))
    }
    return sum
  }

  @Test(arguments: [(1, 1), (2, 3), (5, 1), (1, 9), (20, 30), (200, 3)])
  func isTheBinomialSum(a: Int, b: Int) {
    for x in stride(from: 0.01, to: 1, by: 0.07) {
      let value = BetaDistribution(a: Double(a), b: Double(b)).cumulative(x)
      #expect(abs(value - binomial(a, b, x)) < 1e-10)
    }
  }

  @Test func halvesAreTheArcSine() {
    let beta = BetaDistribution(a: 0.5, b: 0.5)
    for x in [0.001, 0.2, 0.5, 0.9, 0.999] {
      #expect(abs(beta.cumulative(x) - 2 / .pi * asin(x.squareRoot())) < 1e-10)
    }
  }

  @Test(arguments: [(0.3, 4.0), (2, 2), (700, 20), (1e-3, 1e-3)])
  func quantilesAreItsInverse(a: Double, b: Double) {
    let beta = BetaDistribution(a: a, b: b)
    for share in [0.05, 0.5, 0.95] {
      let x = beta.quantile(share)
      #expect(x >= 0 && x <= 1)
      if x > 1e-12, x < 1 - 1e-12 { #expect(abs(beta.cumulative(x) - share) < 1e-6) }
    }
  }
}
