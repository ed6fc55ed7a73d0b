internal import Crypto
public import Files
internal import Foundation

/// Names that stand for users: always the same for a user and a key, and nobody's without the key.
///
/// Source: HMAC, RFC 2104, with SHA-256.
public struct Pseudonyms: Equatable, Sendable, CustomStringConvertible {
  private let key: [UInt8]

  /// Bytes of the shortest key that is taken, and of the longest.
  private static let length = 16...1 << 20

  /// The names under the key that a file holds: its bytes, but for a line end after them.
  ///
  /// - Throws: `FileError` for a file that cannot be read, and for a key shorter than 16 bytes or
  ///   longer than a mebibyte.
  public init(keyFile path: String) throws(FileError) {
    var bytes = try WholeFile.read(path, atMost: Self.length.upperBound + 2)
    if bytes.last == UInt8(ascii: "\n") {
      bytes.removeLast()
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
    guard Self.length.contains(bytes.count) else {
      let isShort = bytes.count < Self.length.lowerBound
      throw .malformed(
        path: path, line: nil,
        problem: isShort
          ? "the key has \(bytes.count) bytes, fewer than \(Self.length.lowerBound)"
          : "the key has more than \(Self.length.upperBound) bytes",
        remedy: "make one of random bytes, 32 for example")
    }
    key = Array(bytes)
  }

  /// What stands for `user`: 64 hexadecimal digits.
  public func callAsFunction(_ user: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Data(user.utf8), using: SymmetricKey(data: key))
      .hexadecimal
  }

  /// Nothing of the key.
  public var description: String { "pseudonyms" }
}
