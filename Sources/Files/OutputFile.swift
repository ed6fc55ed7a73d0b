public import Foundation

/// A file that is written piece by piece and appears whole or not at all; or standard output.
///
/// The bytes go to a file beside the target. `finish` puts it in place; an output that is dropped
/// before leaves what stood there untouched. A device or a pipe is written to as it is.
public final class OutputFile {
  private let path: String
  /// Where the bytes go until they are put in place; nil where they go to the target itself.
  private let temporary: String?
  private let descriptor: Int32
  private var isOpen = true

  /// Begins to write `path`; `-` is standard output.
  ///
  /// A file that stands at `path` keeps its permissions.
  ///
  /// - Throws: `FileError.unavailable` for a folder, and when no file can be made in the folder.
  public init(path: String) throws(FileError) {
    if path == "-" {
      self.path = "<stdout>"
      temporary = nil
      descriptor = STDOUT_FILENO
      return
    }
    self.path = path
    let mode = Self.mode(path)
    if let mode, mode & S_IFMT != S_IFREG {
      // What is no file cannot be replaced by one: that would remove the device.
      temporary = nil
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    } else {
      // Its name is nobody else's, and no longer than file systems take.
      let part = "\(Self.folder(of: path))/.\(UUID().uuidString)\(Self.partSuffix)"
      temporary = part
      descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    }
    if descriptor < 0 {
      isOpen = false
      throw failure("be created")
    }
    if temporary != nil, let mode, fchmod(descriptor, mode & 0o777) != 0 {
      throw failure("be created")
    }
  }

  deinit { discard() }

  /// Appends bytes.
  ///
  /// - Throws: `FileError.unavailable`, when the disk is full for example.
  public func write(_ data: Data) throws(FileError) {
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
    if !isWritten { throw failure("be written") }
  }

  /// Waits until the bytes are on the disk and puts the file in place.
  ///
  /// - Throws: `FileError.unavailable` when that fails.
  public func finish() throws(FileError) {
    guard let temporary, isOpen else { return discard() }
    // A signal may come in between.
    while fsync(descriptor) != 0 {
      guard errno == EINTR else { throw failure("be written") }
    }
    guard unsafe rename(temporary, path) == 0 else { throw failure("be put in place") }
    close(descriptor)
    isOpen = false
    // The rename itself is on the disk once the folder is.
    Folder.synchronize(Self.folder(of: path))
  }

  private static let partSuffix = ".part"

  /// Removes what writers that were killed left in `folder`; nobody may be writing there.
  public static func removeLeftovers(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(partSuffix) {
      // Only names as `init` makes them.
      guard UUID(uuidString: String(name.dropFirst().dropLast(partSuffix.count))) != nil else {
        continue
      }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// Kind and permissions of what stands at `path`; nil when nothing does.
  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    // `status` is a plain value of this function.
    return unsafe stat(path, &status) == 0 ? status.st_mode : nil
  }

  private static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  private func discard() {
    guard isOpen else { return }
    isOpen = false
    if descriptor != STDOUT_FILENO { close(descriptor) }
    // Only ever the file that this object made.
    if let temporary { unsafe unlink(temporary) }
  }

  private func failure(_ step: String) -> FileError {
    // strerror gives a static text for every code.
    let reason = unsafe String(cString: strerror(errno))
    discard()
    return .unavailable(
      path: path, problem: "cannot \(step) (\(reason))",
      remedy: "check the path and the space left")
  }
}
