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
  /// Whether the temporary file stays where the output is dropped.
  private let keepsPart: Bool
  /// Bytes that were written, also by a write that failed.
  public private(set) var byteCount = 0

  /// Begins to write `path`; `-` is standard output.
  ///
  /// A file that stands at `path` keeps its permissions.
  ///
  /// - Throws: `FileError.unavailable` for a folder, and when no file can be made in the folder.
  public convenience init(path: String) throws(FileError) {
    let path = Self.target(of: path)
    // Its name is nobody else's, and no longer than file systems take.
    let part = "\(Self.folder(of: path))/.\(UUID().uuidString)\(Self.partSuffix)"
    try self.init(target: path, part: part, keepsPart: false)
  }

  /// Begins to write `path`, or goes on: the bytes go to `part`, which stays for a later run where
  /// this one does not finish.
  /// The first `keeping` bytes of `part` stay as they are; what follows them is removed. Standard
  /// output (`-`), a device or a pipe has no part.
  ///
  /// - Throws: `FileError.unavailable` when the part cannot be opened, or another process has it.
  public convenience init(path: String, part: String, keeping: Int) throws(FileError) {
    try self.init(target: Self.target(of: path), part: part, keepsPart: true)
    guard temporary != nil else { return }
    // A file system without locks has none to respect.
    let isTaken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    guard !isTaken, Self.isSame(descriptor, part) else {
      // It is somebody else's, or was put in place a moment ago.
      isOpen = false
      close(descriptor)
      throw .unavailable(
        path: part, problem: "another process writes it",
        remedy: "wait for it, or name another file")
    }
    guard lseek(descriptor, 0, SEEK_END) >= off_t(keeping) else {
      // Another process has put it in place since, and this one has made a new file.
      discard()
      throw .unavailable(
        path: part, problem: "has changed since it was read", remedy: "start again")
    }
    guard ftruncate(descriptor, off_t(keeping)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw failure("be written")
    }
  }

  /// Opens `part`, or the target itself where no file can replace it.
  private init(target path: String, part: String, keepsPart: Bool) throws(FileError) {
    let mode = Self.mode(path)
    let isReplaced = path != "-" && !Self.isDevice(path, mode)
    self.path = path == "-" ? "<stdout>" : path
    temporary = isReplaced ? part : nil
    self.keepsPart = isReplaced && keepsPart
    if path == "-" {
      descriptor = STDOUT_FILENO
    } else if isReplaced {
      let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (keepsPart ? 0 : O_EXCL)
      descriptor = unsafe open(part, flags, mode.map { $0 & 0o777 } ?? 0o644)
    } else {
      descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    }
    if descriptor < 0 {
      isOpen = false
      throw failure("be created")
    }
    // What `open` was given has lost the bits of the umask. A part may be somebody else's.
    if isReplaced, let mode, fchmod(descriptor, mode & 0o777) != 0, !keepsPart {
      throw failure("be created")
    }
  }

  /// Whether `path` still names the file that is open.
  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    // Both are plain values of this function.
    guard unsafe fstat(descriptor, &opened) == 0, unsafe stat(path, &named) == 0 else {
      return false
    }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// Whether the bytes lie in a file, as those of a redirected standard output may.
  private var isRegular: Bool {
    var status = stat()
    // `status` is a plain value of this function.
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Takes back the last bytes of a file, those of a record that was not written whole.
  public func takeBack(_ count: Int) {
    guard isOpen, count > 0, isRegular else { return }
    let length = lseek(descriptor, 0, SEEK_END) - off_t(count)
    guard ftruncate(descriptor, length) == 0 else { return }
    lseek(descriptor, 0, SEEK_END)
    byteCount -= count
  }

  deinit { discard() }

  /// Appends bytes.
  ///
  /// - Throws: `FileError.unavailable`, when the disk is full for example, and
  ///   `FileError.closedPipe` where SIGPIPE is ignored.
  public func write(_ data: Data) throws(FileError) {
    let isWritten = unsafe data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        // The rest of the data's own bytes.
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
        let count = unsafe Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == EAGAIN {
          // Somebody else's flag on what we share: the reader is slow, not gone.
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          // One request, which outlives the call.
          _ = unsafe poll(&request, 1, -1)
          continue
        }
        guard count > 0 else { return false }
        offset += count
        byteCount += count
      }
      return true
    }
    if !isWritten {
      if errno == EPIPE { throw .closedPipe(path: path) }
      // What is to be taken back stays open for it.
      if temporary != nil, !keepsPart { throw failure("be written") }
      throw .unavailable(
        path: path, problem: "cannot be written (\(Self.reason))", remedy: Self.remedy)
    }
  }

  /// Waits until the bytes are on the disk and puts the file in place.
  ///
  /// - Throws: `FileError.unavailable` when that fails.
  public func finish() throws(FileError) {
    guard isOpen else { return }
    // A signal may come in between.
    while isRegular, fsync(descriptor) != 0 {
      guard errno == EINTR else { throw failure("be written") }
    }
    guard let temporary else { return discard() }
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

  /// The file that is written: a link stays one, and what it names is replaced or made; `-` stays
  /// itself.
  public static func target(of path: String) -> String {
    guard path != "-" else { return path }
    var path = path
    // As many links as Linux follows.
    for _ in 0..<40 {
      guard !isSystems(path),
        let named = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
      else { break }
      path = named.hasPrefix("/") ? named : "\(folder(of: path))/\(named)"
    }
    return path
  }

  /// Whether bytes go to `path` as it is: a device, a pipe, or a name of what is open.
  public static func isDevice(_ path: String) -> Bool { isDevice(path, mode(path)) }

  private static func isDevice(_ path: String, _ mode: mode_t?) -> Bool {
    isSystems(path) || mode.map { $0 & S_IFMT != S_IFREG } ?? false
  }

  /// What these names stand for is open already, and nothing that a file may replace.
  private static func isSystems(_ path: String) -> Bool {
    ["/dev/stdin", "/dev/stdout", "/dev/stderr"].contains(path)
      || ["/dev/fd/", "/proc/"].contains { path.hasPrefix($0) }
  }

  /// Kind and permissions of what stands at `path`; nil when nothing does.
  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    // `status` is a plain value of this function.
    return unsafe stat(path, &status) == 0 ? status.st_mode : nil
  }

  private static func folder(of path: String) -> String {
    let folder = Folder.parent(of: path)
    return folder.isEmpty ? "." : folder
  }

  private func discard() {
    guard isOpen else { return }
    isOpen = false
    // An empty part is of no use to a later run.
    let isEmpty = lseek(descriptor, 0, SEEK_END) <= 0
    // Only ever the file that this object made or locked.
    if let temporary, !keepsPart || isEmpty { unsafe unlink(temporary) }
    if descriptor != STDOUT_FILENO { close(descriptor) }
  }

  private static let remedy = "check the path and the space left"

  private static var reason: String {
    // strerror gives a static text for every code.
    unsafe String(cString: strerror(errno))
  }

  private func failure(_ step: String) -> FileError {
    let reason = Self.reason
    discard()
    return .unavailable(path: path, problem: "cannot \(step) (\(reason))", remedy: Self.remedy)
  }
}
