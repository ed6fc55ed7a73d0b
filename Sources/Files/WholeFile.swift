public import Foundation

/// Small files, read at once.
public enum WholeFile {
  /// The file's text.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder,
  ///   `FileError.malformed` where it is not valid UTF-8.
  public static func text(_ path: String) throws(FileError) -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw .malformed(
        path: path, line: nil, problem: "not valid UTF-8", remedy: "convert the file to UTF-8")
    }
    return text
  }

  /// The file's bytes, `limit` of them at most.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder.
  public static func read(_ path: String, atMost limit: Int = .max) throws(FileError) -> Data {
    let url = URL(fileURLWithPath: path)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .unavailable(path: path, problem: "no such file", remedy: "check the path")
    }
    guard (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory != true else {
      throw .unavailable(path: path, problem: "is a folder", remedy: "name a file in it")
    }
    do {
      if limit == .max { return try Data(contentsOf: url) }
      let file = try FileHandle(forReadingFrom: url)
      var data = Data()
      // A pipe gives some at a time.
      while data.count < limit, let more = try file.read(upToCount: limit - data.count),
        !more.isEmpty
      {
        data.append(more)
      }
      return data
    } catch {
      throw .unavailable(path: path, problem: "cannot be read", remedy: "check its permissions")
    }
  }
}
