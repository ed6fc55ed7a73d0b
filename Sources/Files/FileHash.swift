internal import Crypto
internal import Foundation

/// SHA-256 of files: tells them apart, also where somebody wants them confused.
public enum FileHash {
  /// The hash of a file's bytes as they are, gzip or not: 64 hexadecimal digits, as `sha256sum`
  /// prints them.
  ///
  /// - Throws: `FileError.unavailable` when the file cannot be read.
  public static func sha256(ofFile path: String) throws(FileError) -> String {
    var hash = SHA256()
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw .unavailable(path: path, problem: "cannot be read", remedy: "check the path")
    }
    do {
      while let data = try file.read(upToCount: 1 << 16), !data.isEmpty { hash.update(data: data) }
    } catch {
      throw .unavailable(path: path, problem: "cannot be read to its end", remedy: "copy it again")
    }
    return hash.finalize().hexadecimal
  }
}

extension Sequence<UInt8> {
  /// Two hexadecimal digits a byte, in lower case.
  public var hexadecimal: String {
    map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }
}
