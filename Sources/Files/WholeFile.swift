public import Foundation

/// Small files, read at once.
public enum WholeFile {
  /// The file's bytes.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder.
  public static func read(_ path: String) throws(FileError) -> Data {
    try refuseFolder(path)
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .unavailable(
        path: path, problem: exists ? "cannot be read" : "no such file", remedy: "check the path")
    }
  }
}
