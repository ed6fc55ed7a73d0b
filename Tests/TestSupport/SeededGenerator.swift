/// Random numbers that a seed repeats. Source: Steele, Lea and Flood 2014 (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// The numbers of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of `values`, all as likely.
  public mutating func pick<Element>(_ values: [Element]) -> Element {
    values[Int.random(in: 0..<values.count, using: &self)]
  }

  /// Replaces every `#` by a digit and every `N` by one of 2 to 9; `~` becomes `#`.
  public mutating func filled(_ pattern: String) -> String {
    String(
      pattern.map { character -> Character in
        switch character {
        case "#": Character(String(Int.random(in: 0...9, using: &self)))
        case "N": Character(String(Int.random(in: 2...9, using: &self)))
        case "~": "#"
        default: character
        }
      })
  }
}
