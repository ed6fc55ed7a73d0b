internal import CZlib
public import Foundation

/// CRC-32 as gzip uses it: tells damaged files, not forged ones.
///
/// Source: RFC 1952, section 8.
public struct Checksum: Equatable, Sendable {
  private var value: UInt = 0

  /// The checksum of no bytes yet.
  public init() {}

  /// Takes in the bytes that follow those seen so far.
  public mutating func update(_ bytes: some DataProtocol) {
    for region in bytes.regions where !region.isEmpty {
      // The pointer is used inside the call only, and reads bytes whatever they are elsewhere.
      value = unsafe region.withUnsafeBytes { buffer in
        unsafe UInt(
          CZlib.crc32_z(
            uLong(value), buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
      }
    }
  }

  /// Eight hexadecimal digits.
  public var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The checksum of `data`: eight hexadecimal digits.
  public static func crc32(of data: Data) -> String {
    var checksum = Checksum()
    checksum.update(data)
    return checksum.hexadecimal
  }
}
