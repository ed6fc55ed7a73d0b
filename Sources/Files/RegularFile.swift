import Foundation

/// The state of a file that is neither folder, pipe nor device; links are followed.
public struct RegularFile {
  /// Bytes.
  public let size: Int
  /// When it was last written: nanoseconds since the start of 1970.
  public let nanoseconds: Int

  /// What `path` names now; nil where that is no such file.
  public init?(_ path: String) {
    var status = stat()
    // `status` is a plain value of this function.
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    // It tells times apart; those after 2262 wrap.
    nanoseconds = Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec)
  }
}
