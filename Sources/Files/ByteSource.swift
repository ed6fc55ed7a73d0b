internal import Foundation

/// Bytes of a file, of a gzip file, or of standard input, read once from front to back.
///
/// What a pipe holds is given at once; nothing waits for a full buffer.
public final class ByteSource {
  /// What messages call it: the path as given, `<stdin>` for `-`.
  public let name: String
  /// Bytes of the file itself, packed or not, that have been read so far.
  public private(set) var fileOffset = 0

  private let descriptor: Int32
  private let isLatin1: Bool
  private let isCancelled: @Sendable () -> Bool
  /// Whether bytes may come later than asked for.
  private let mayWait: Bool
  /// Bytes of the file that are not yet unpacked, or not yet given.
  private var packed: ArraySlice<UInt8> = []
  /// Nil before the first read, and where the file is no gzip file.
  private var inflater: Inflater?
  private var isStarted = false
  private var isInMember = false
  /// What ends the file once the bytes before it are given.
  private var pending: FileError?
  /// Bytes that `peek` has read and `read` has not yet given.
  private var ahead: [UInt8] = []

  private static let blockSize = 1 << 17
  private static let magic: [UInt8] = [0x1F, 0x8B]

  /// Opens `path`; `-` is standard input. gzip is recognised by its first bytes. Of a file in
  /// Latin-1 (ISO 8859-1) the bytes that come out are UTF-8.
  /// `isCancelled` is asked while the source waits for bytes; true ends the wait with an error.
  ///
  /// - Throws: `FileError.unavailable` for a missing or unreadable file or a folder.
  public init(
    path: String, isLatin1: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) {
    name = path == "-" ? "<stdin>" : path
    self.isLatin1 = isLatin1
    self.isCancelled = isCancelled
    // A duplicate, so that closing the source leaves the process's own input open.
    // A pipe that nobody writes to yet is waited for where it is read.
    descriptor =
      unsafe path == "-"
      ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.unreadable(path == "-" ? "<stdin>" : path, errno) }
    var status = stat()
    // `status` is a plain value of this function.
    let kind = unsafe fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    mayWait = kind != S_IFREG
    if kind == S_IFDIR {
      // `deinit` closes it.
      throw .unavailable(path: path, problem: "is a folder", remedy: "name a file in it")
    }
  }

  deinit { close(descriptor) }

  /// At most `count` bytes; none at the end.
  ///
  /// - Throws: `FileError.malformed` when gzip data are damaged or cut short, after all bytes that
  ///   came before the cut; `FileError.unavailable` when the file cannot be read on.
  public func read(upTo count: Int) throws(FileError) -> [UInt8] {
    if ahead.isEmpty {
      let bytes = try readOn(count)
      if bytes.count <= count { return bytes }
      ahead = bytes
    }
    let bytes = Array(ahead.prefix(count))
    ahead.removeFirst(bytes.count)
    return bytes
  }

  /// The next `count` bytes, fewer at the end or once `isEnough`, which stay to be read.
  ///
  /// - Throws: as `read` does.
  public func peek(
    _ count: Int, until isEnough: ([UInt8]) -> Bool = { _ in false }
  ) throws(FileError) -> [UInt8] {
    while ahead.count < count, !isEnough(ahead),
      case let bytes = try readOn(count - ahead.count), !bytes.isEmpty
    {
      ahead.append(contentsOf: bytes)
    }
    return Array(ahead.prefix(count))
  }

  /// Whether a read gives bytes, or the end, without waiting for somebody to write them.
  public var isReady: Bool { !ahead.isEmpty || !packed.isEmpty || !mayWait || hasInput(within: 0) }

  /// About `limit` bytes: in Latin-1 it may be one more.
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
    return bytes
  }

  private func readRaw(_ limit: Int) throws(FileError) -> [UInt8] {
    if let pending { throw pending }
    if !isStarted {
      isStarted = true
      // A pipe may give the first byte alone.
      while packed.count < Self.magic.count, try refill() {}
      if packed.starts(with: Self.magic) {
        inflater = Inflater()
      } else if name.hasSuffix(".gz"), packed.count < Self.magic.count {
        throw damaged("fewer bytes than the header of a gzip file")
      }
    }
    if let inflater { return try unpacked(limit, inflater) }
    if packed.isEmpty { _ = try refill(limit) }
    let bytes = Array(packed.prefix(limit))
    packed = packed.dropFirst(limit)
    return bytes
  }

  private func unpacked(_ limit: Int, _ inflater: Inflater) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    // Enough is what there is without waiting.
    while bytes.count < limit, bytes.isEmpty || !mayWait || !packed.isEmpty {
      if !isInMember {
        while packed.count < Self.magic.count, try refill() {}
        // Some writers fill a last block with zeros.
        packed = packed.drop { $0 == 0 }
        if packed.isEmpty {
          if try refill() { continue }
          return bytes
        }
        guard packed.starts(with: Self.magic.prefix(packed.count)) else {
          return try end(bytes, damaged("bytes follow that are no gzip data"))
        }
        isInMember = true
      }
      if packed.isEmpty, try !refill() {
        return try end(bytes, damaged("unexpected end of file"))
      }
      do throws(Inflater.Damage) {
        let (taken, isMemberEnd) = try inflater.unpack(
          packed, limit: min(limit - bytes.count, 1 << 30), onto: &bytes)
        packed = packed.dropFirst(taken)
        isInMember = !isMemberEnd
      } catch {
        return try end(bytes, damaged(error.detail))
      }
    }
    return bytes
  }

  /// The bytes before `error`, which the next read throws; this one where there are none.
  private func end(_ bytes: [UInt8], _ error: FileError) throws(FileError) -> [UInt8] {
    pending = error
    guard bytes.isEmpty else { return bytes }
    throw error
  }

  /// Reads on; false at the end.
  private func refill(_ limit: Int = blockSize) throws(FileError) -> Bool {
    let limit = min(max(limit, 0), 1 << 30)
    while true {
      // A signal may be given to another thread than the one that waits here.
      if mayWait {
        repeat {
          if isCancelled() { throw Self.unreadable(name, EINTR) }
        } while !hasInput(within: 100)
      }
      var status = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        // The buffer holds `limit` bytes.
        status = unsafe Foundation.read(descriptor, buffer.baseAddress, limit)
        count = max(0, status)
      }
      if status < 0 {
        guard errno == EINTR || errno == EAGAIN, !isCancelled() else {
          throw Self.unreadable(name, errno)
        }
        continue
      }
      fileOffset += status
      packed = packed.isEmpty ? bytes[...] : packed + bytes
      return status > 0
    }
  }

  /// Whether there are bytes, the end or an error to read within some milliseconds.
  private func hasInput(within milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // One request, which outlives the call.
    return unsafe poll(&request, 1, milliseconds) > 0
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
