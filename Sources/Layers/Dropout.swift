public import Tensors

/// Zeroes values at random while training, so that no unit can lean on one other.
///
/// The places follow from a seed, so the backward pass drops the same ones without keeping a mask.
/// Source: Srivastava et al., Dropout, 2014.
public struct Dropout: Equatable, Sendable {
  /// Probability that a value is zeroed, 0..<1; the others are scaled by 1 / (1 - probability).
  public let probability: Float
  private let seed: UInt64

  /// No dropout at all.
  public static let none = Dropout(probability: 0, seed: 0)

  /// Dropout whose places follow from `seed`.
  public init(probability: Float, seed: UInt64) {
    self.probability = probability
    self.seed = seed
  }

  /// Dropout for one use of many under the same seed.
  public func stream(_ number: Int) -> Dropout {
    guard probability > 0 else { return self }
    var random = SeededRandom(seed: seed, stream: UInt64(number))
    return Dropout(probability: probability, seed: random.next())
  }

  /// Drops values or, the same call, their gradients, in place.
  public func callAsFunction(_ values: Matrix) {
    guard probability > 0 else { return }
    Kernels.dropout(values, probability: probability, seed: seed)
  }
}
