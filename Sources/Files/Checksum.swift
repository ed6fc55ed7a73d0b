internal import CZlib
public import Foundation

/// CRC-32 as gzip uses it: tells damaged files, not forged ones.
///
/// Source: RFC 1952, section 8.
public enum Checksum {
  /// Eight hexadecimal digits.
  public static func crc32(of data: Data) -> String {
    var value = CZlib.crc32(0, nil, 0)
    let part = 1 << 30
    for start in stride(from: 0, to: data.count, by: part) {
      let bytes = data.dropFirst(start).prefix(part)
      // The pointer is used inside the call only.
      value = unsafe bytes.withUnsafeBytes { buffer in
        let start = unsafe buffer.bindMemory(to: UInt8.self).baseAddress
        return unsafe CZlib.crc32(value, start, UInt32(buffer.count))
      }
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
