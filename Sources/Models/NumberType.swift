/// How a safetensors file stores numbers.
public enum NumberType: String, CaseIterable, Codable, Sendable {
  /// IEEE 754 binary32.
  case float32 = "F32"
  /// IEEE 754 binary16: 11 bits of precision, up to 65,504.
  case float16 = "F16"
  /// The upper half of binary32: 8 bits of precision, the whole range.
  case bfloat16 = "BF16"

  /// Bytes of one number.
  public var byteCount: Int { self == .float32 ? 4 : 2 }

  /// The bits that store `value`, rounded to nearest, ties to even.
  func bits(of value: Float) -> UInt32 {
    switch self {
    case .float32: return value.bitPattern
    case .float16: return UInt32(Float16(value).bitPattern)
    case .bfloat16:
      // Rounding a NaN up could carry it into infinity.
      if value.isNaN { return value.bitPattern >> 16 | 0x40 }
      let isOdd = value.bitPattern >> 16 & 1
      return (value.bitPattern &+ 0x7FFF &+ isOdd) >> 16
    }
  }

  /// The number that `bits` store.
  func value(of bits: UInt32) -> Float {
    switch self {
    case .float32: Float(bitPattern: bits)
    case .float16: Float(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: Float(bitPattern: bits << 16)
    }
  }
}
