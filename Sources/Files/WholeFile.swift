public import Foundation

/// Small files, read at once.
public enum WholeFile {
  /// The file's bytes.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder.
  public static func read(_ path: String) throws(FileError) -> Data {
    let url = URL(fileURLWithPath: path)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .unavailable(path: path, problem: "no such file", remedy: "check the path")
    }
    guard (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory != true else {
      throw .unavailable(path: path, problem: "is a folder", remedy: "name a file in it")
    }
    do {
      return try Data(contentsOf: url)
    } catch {
      throw .unavailable(path: path, problem: "cannot be read", remedy: "check its permissions")
    }
  }
}
