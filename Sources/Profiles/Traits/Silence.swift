import Foundation

/// How likely somebody who has not written for some time will not write again.
///
/// After every review a writer leaves with a chance of their own; those who stay write at a rate of
/// their own. Chance and rate are drawn from the population's. Source: Fader, Hardie and Lee,
/// "Counting Your Customers" the Easy Way, Marketing Science 24, 2005.
struct Silence: Codable, Equatable, Sendable {
  /// The share of reviews in the population that were their writer's last.
  var leaving = 0.5
  /// Days between two reviews of a writer in the population.
  var gap = 90.0

  /// The probability that the writer has left.
  ///
  /// - Parameters:
  ///   - gaps: how many times the writer came back.
  ///   - span: days from the first review to the last.
  ///   - silence: days since the last one.
  /// - Returns: 0...1.
  func left(gaps: Int, span: Double, silence: Double) -> Double {
    // The population's chance weighs as much as a few reviews of one's own.
    let leaving = leaving * Self.size / (Self.size + Double(gaps))
    // One supposed gap of the population's length; then the mean of exp(-rate * silence).
    let scale = max(gap + span, 1)
    let silent = pow(scale / (scale + max(silence, 0)), 1 + Double(gaps))
    return leaving / (leaving + (1 - leaving) * silent)
  }

  private static let size = 4.0
}
