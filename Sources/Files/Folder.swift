import Foundation

/// Folders.
public enum Folder {
  /// The folder that `path` lies in, as the path says it: "" for the working folder.
  ///
  /// Foundation's way of asking traps on paths of one character.
  public static func parent(of path: String) -> String {
    let slash = UInt8(ascii: "/")
    func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      bytes.prefix((bytes.lastIndex { $0 != slash } ?? bytes.startIndex) + 1)
    }
    let bytes = trimmed(Array(path.utf8)[...])
    guard let cut = bytes.lastIndex(of: slash) else { return "" }
    return String(decoding: trimmed(bytes[...cut]), as: UTF8.self)
  }

  /// Makes a folder and those above it, where they are not there, and waits until they are on the
  /// disk.
  ///
  /// - Throws: `FileError.unavailable` when that fails.
  public static func make(_ path: String) throws(FileError) {
    if FileManager.default.fileExists(atPath: path + "/.") { return }
    let parent = parent(of: path)
    if !parent.isEmpty, parent != path { try make(parent) }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unavailable(
        path: path, problem: "cannot be made", remedy: "name another folder or check the one above")
    }
    synchronize(parent.isEmpty ? "." : parent)
  }

  /// Waits until the names in a folder are on the disk, where the system can tell.
  static func synchronize(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// A lock that one process at a time holds on a folder; it ends with the process, however that ends.
public final class FolderLock {
  private let descriptor: Int32

  /// Takes the lock; nil when another process holds it. The folder has to be there.
  public init?(_ folder: String) {
    descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    // A folder that cannot be opened cannot be locked, and says so when it is written to; a file
    // system without locks has none to respect.
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else {
      return
    }
    // `deinit` closes it.
    return nil
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
