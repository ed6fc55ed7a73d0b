public import Foundation

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Writes beside `path`, waits until the bytes are on the disk, and renames.
  ///
  /// - Throws: `FileError.unavailable` when any of that fails; what stood at `path` is untouched.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    let folder = (path as NSString).deletingLastPathComponent
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
    func fail(_ step: String) -> FileError {
      let reason = unsafe String(cString: strerror(errno))
      unsafe unlink(temporary)
      return .unavailable(
        path: path, problem: "cannot \(step) (\(reason))",
        remedy: "check the folder and the space left")
    }
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw fail("be created") }
    let isWritten = unsafe data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        // The rest of the data's own bytes.
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
        let count = unsafe Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        offset += count
      }
      return true
    }
    guard isWritten, fsync(descriptor) == 0 else {
      let error = fail("be written")
      close(descriptor)
      throw error
    }
    close(descriptor)
    guard unsafe rename(temporary, path) == 0 else { throw fail("be put in place") }
    // The rename itself is on the disk once the folder is.
    let folderDescriptor = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }
}
