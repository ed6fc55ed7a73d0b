internal import CZlib
internal import Foundation

/// Bytes of a file, of a gzip file, or of standard input, read once from front to back.
@safe
public final class ByteSource {
  /// What messages call it: the path as given, `<stdin>` for `-`.
  public let name: String
  private let file: gzFile
  private let isLatin1: Bool
  /// Bytes that `peek` has read and `read` has not yet given.
  private var ahead: [UInt8] = []
  /// Bytes that have come out of the file so far.
  private var count = 0

  /// Opens `path`; `-` is standard input. gzip is recognised by its first bytes. Of a file in
  /// Latin-1 (ISO 8859-1) the bytes that come out are UTF-8.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder.
  public init(path: String, isLatin1: Bool = false) throws(FileError) {
    name = path == "-" ? "<stdin>" : path
    let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.isDirectoryKey])
    if path != "-", values?.isDirectory == true {
      throw .unavailable(path: path, problem: "is a folder", remedy: "name a file in it")
    }
    // A duplicate, so that closing the source leaves the process's own input open.
    let opened = unsafe path == "-" ? gzdopen(dup(0), "rb") : gzopen(path, "rb")
    guard let file = unsafe opened else { throw Self.unreadable(name, errno) }
    unsafe self.file = file
    self.isLatin1 = isLatin1
    // Set before the first read, as zlib asks.
    unsafe gzbuffer(file, 1 << 18)
  }

  // The handle is this object's alone and is closed once.
  deinit { unsafe gzclose_r(file) }

  /// At most `count` bytes; none at the end.
  ///
  /// - Throws: `FileError.malformed` when gzip data are damaged or cut short, after all bytes that
  ///   came before the cut; `FileError.unavailable` when the file cannot be read on.
  public func read(upTo count: Int) throws(FileError) -> [UInt8] {
    guard !ahead.isEmpty else { return try readOn(count) }
    let bytes = Array(ahead.prefix(count))
    ahead.removeFirst(bytes.count)
    return bytes
  }

  /// The next `count` bytes, fewer at the end, which stay to be read.
  ///
  /// - Throws: as `read` does.
  public func peek(_ count: Int) throws(FileError) -> [UInt8] {
    while ahead.count < count, case let bytes = try readOn(count - ahead.count), !bytes.isEmpty {
      ahead.append(contentsOf: bytes)
    }
    return Array(ahead.prefix(count))
  }

  private func readOn(_ limit: Int) throws(FileError) -> [UInt8] {
    guard isLatin1 else { return try readRaw(limit) }
    // A byte becomes one or two.
    var bytes: [UInt8] = []
    for byte in try readRaw(max(limit / 2, 1)) {
      if byte < 0x80 {
        bytes.append(byte)
      } else {
        bytes += [0xC0 | byte >> 6, 0x80 | byte & 0x3F]
      }
    }
    if bytes.count > limit {
      ahead.append(contentsOf: bytes[limit...])
      bytes.removeLast(bytes.count - limit)
    }
    return bytes
  }

  private func readRaw(_ limit: Int) throws(FileError) -> [UInt8] {
    let limit = min(max(limit, 0), 1 << 30)
    var status: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
      // The buffer holds `limit` bytes, and gzread says how many it set.
      status = unsafe gzread(file, buffer.baseAddress, UInt32(limit))
      initialized = max(0, Int(status))
    }
    let readError = errno
    count += bytes.count
    guard status <= 0, limit > 0 else { return bytes }
    var code: Int32 = 0
    // The message belongs to the handle and is copied before the next call.
    let message = unsafe gzerror(file, &code)
    switch code {
    case Z_OK, Z_STREAM_END:
      if count < 2, name.hasSuffix(".gz"), unsafe gzdirect(file) == 1 {
        throw damaged("fewer bytes than the header of a gzip file")
      }
    case Z_ERRNO: throw Self.unreadable(name, readError)
    default:
      let detail = unsafe message.map { unsafe String(cString: $0) } ?? "code \(code)"
      // zlib starts its message with its own name of the file.
      throw damaged(detail.split(separator: ": ").last.map(String.init) ?? detail)
    }
    return bytes
  }

  private func damaged(_ detail: String) -> FileError {
    .malformed(
      path: name, line: nil, problem: "the gzip data are damaged or cut short (\(detail))",
      remedy: "copy the file again")
  }

  private static func unreadable(_ name: String, _ code: Int32) -> FileError {
    // strerror gives a static text for every code.
    let reason = unsafe String(cString: strerror(code))
    return .unavailable(
      path: name, problem: "cannot be read (\(reason))", remedy: "check the path")
  }
}
