/// What is known of one number: its mean, and where it lies with a probability of nine in ten.
public struct Posterior: Codable, Equatable, Sendable {
  /// The expected value.
  public var mean: Double
  /// The value that is undercut with a probability of 0.05.
  public var low: Double
  /// The value that is exceeded with a probability of 0.05.
  public var high: Double
  /// How many reviews' worth of evidence it rests on, after decay and without abstentions.
  public var evidence: Double

  init(mean: Double, low: Double, high: Double, evidence: Double) {
    self.mean = mean.roundedToFourDecimals
    self.low = low.roundedToFourDecimals
    self.high = high.roundedToFourDecimals
    self.evidence = evidence.roundedToFourDecimals
  }
}
