public import Foundation

/// Small files that appear whole or not at all.
public enum AtomicFile {
  /// Writes beside `path`, waits until the bytes are on the disk, and renames.
  ///
  /// - Throws: `FileError.unavailable` when any of that fails; what stood at `path` is untouched.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    let file = try OutputFile(path: path)
    try file.write(data)
    try file.finish()
  }
}
