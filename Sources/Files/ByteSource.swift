internal import CZlib
internal import Foundation

/// Bytes of a file, of a gzip file, or of standard input, read once from front to back.
@safe
public final class ByteSource {
  /// What messages call it: the path as given, `<stdin>` for `-`.
  public let name: String
  private let file: gzFile
  private var peeked: [UInt8] = []

  /// Opens `path`; `-` is standard input. gzip is recognised by its first bytes.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder.
  public init(path: String) throws(FileError) {
    name = path == "-" ? "<stdin>" : path
    if path != "-" { try refuseFolder(path) }
    // A duplicate, so that closing the source leaves the process's own input open.
    let opened = path == "-" ? unsafe gzdopen(dup(0), "rb") : unsafe gzopen(path, "rb")
    guard let file = unsafe opened else {
      let reason = unsafe String(cString: strerror(errno))
      throw .unavailable(
        path: name, problem: "cannot be read (\(reason))", remedy: "check the path")
    }
    unsafe self.file = file
    unsafe gzbuffer(file, 1 << 18)
  }

  deinit { unsafe gzclose_r(file) }

  /// At most `count` bytes; none at the end.
  ///
  /// - Throws: `FileError.malformed` when gzip data are damaged or cut short, after the bytes
  ///   before the damage were given; `FileError.unavailable` when the disk fails.
  public func read(upTo count: Int) throws(FileError) -> [UInt8] {
    guard peeked.isEmpty else {
      let bytes = Array(peeked.prefix(count))
      peeked.removeFirst(bytes.count)
      return bytes
    }
    var status: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // The buffer holds `count` bytes, and gzread says how many it set.
      status = unsafe gzread(file, buffer.baseAddress, UInt32(count))
      initialized = max(0, Int(status))
    }
    if bytes.isEmpty { try checkEnd(status) }
    return bytes
  }

  /// The next bytes, which stay to be read: at most `count`, and none only at the end.
  ///
  /// - Throws: as `read(upTo:)`.
  public func peek(upTo count: Int) throws(FileError) -> [UInt8] {
    if peeked.isEmpty { peeked = try read(upTo: count) }
    return Array(peeked.prefix(count))
  }

  /// Throws unless the data ended where they should.
  private func checkEnd(_ status: Int32) throws(FileError) {
    var code: Int32 = 0
    let message = unsafe gzerror(file, &code)
    guard status < 0 || code == Z_BUF_ERROR else { return }
    if code == Z_ERRNO {
      let reason = unsafe String(cString: strerror(errno))
      throw .unavailable(
        path: name, problem: "cannot be read (\(reason))", remedy: "check the disk")
    }
    // zlib's message starts with its own name for the file.
    let text = unsafe message.map { unsafe String(cString: $0) } ?? "damaged"
    let detail = text.split(separator: ": ").last.map(String.init) ?? text
    throw .malformed(
      path: name, line: nil, problem: "the gzip data are damaged or cut short (\(detail))",
      remedy: "copy the file again")
  }
}

/// Throws where `path` is a folder.
func refuseFolder(_ path: String) throws(FileError) {
  var isFolder: ObjCBool = false
  // The pointer is used inside the call only.
  let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  if exists, isFolder.boolValue {
    throw .unavailable(path: path, problem: "is a folder", remedy: "name a file in it")
  }
}
