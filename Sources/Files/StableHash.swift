/// A 64-bit hash that is the same on every machine and in every version: tells texts apart, keeps
/// no secrets.
///
/// Source: FNV-1a, draft-eastlake-fnv, section 2.
public struct StableHash: Sendable {
  /// The hash of all bytes so far.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of nothing.
  public init() {}

  /// The hash of a text's UTF-8 bytes.
  public init(_ text: String) {
    for byte in text.utf8 { combine(byte) }
  }

  /// Takes one more byte.
  public mutating func combine(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
