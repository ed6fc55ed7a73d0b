import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): a counter through a mixer, so that equal seeds and
/// streams give equal numbers and nearby ones have nothing in common.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator for one purpose: `stream` tells apart the uses of one seed.
  public init(seed: UInt64, stream: UInt64...) {
    state = stream.reduce(Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)) {
      // Mixed once more, so that seed and stream cannot be exchanged nor cancel out.
      Self.mixed(Self.mixed($0) ^ Self.mixed($1 &+ 0x9E37_79B9_7F4A_7C15))
    }
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number in 0..<1, in steps of 2^-53.
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number below `bound`, which is positive.
  ///
  /// Gloss's own reduction rather than the standard library's, whose choice may change between
  /// versions (Lemire 2019, without the rejection: the bias is below bound / 2^64).
  public mutating func nextInt(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number (Box and Muller 1958).
  public mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    return radius * cos(2 * .pi * nextUniform())
  }

  /// Puts `values` in random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ values: inout [Element]) {
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, nextInt(below: last + 1))
    }
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
