public import Foundation

/// Where the tests find the project's own files.
public enum Project {
  /// The folder of `Package.swift`.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The real corpora, which are never part of the project; nil where they are absent.
  public static let corpora: URL? = {
    let folder = root.deletingLastPathComponent().appendingPathComponent("shared/corpora/raw")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()
}

/// Runs `body` with a fresh folder that is gone afterwards.
public func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("gloss-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
