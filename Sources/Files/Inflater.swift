internal import CZlib

/// Unpacks gzip members, a part at a time.
///
/// Source: RFC 1952.
@safe
final class Inflater {
  /// What zlib says about data that are no gzip.
  struct Damage: Error {
    let detail: String
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// Ready for the first member.
  init() {
    // The stream stays where it is for as long as this object lives, as zlib asks.
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits is the largest window there is; 16 more ask for the gzip wrapper.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib has no memory or another version")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Unpacks at most `limit` bytes of `input` onto the end of `output`.
  ///
  /// - Returns: how many bytes of `input` were taken, and whether a member ended with them; the
  ///   next call then expects the start of another.
  func unpack(
    _ input: ArraySlice<UInt8>, limit: Int, onto output: inout [UInt8]
  ) throws(Damage) -> (taken: Int, isMemberEnd: Bool) {
    var status: Int32 = Z_OK
    var taken = 0
    var detail = ""
    let unpacked = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      unsafe input.withUnsafeBufferPointer { input in
        // zlib reads `avail_in` bytes and writes `avail_out`, both within their buffers.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = buffer.baseAddress
        unsafe stream.pointee.avail_out = UInt32(limit)
        status = unsafe inflate(stream, Z_NO_FLUSH)
        taken = unsafe input.count - Int(stream.pointee.avail_in)
        count = unsafe limit - Int(stream.pointee.avail_out)
        // The message is a static text of zlib's.
        if let message = unsafe stream.pointee.msg { detail = unsafe String(cString: message) }
      }
    }
    output.append(contentsOf: unpacked)
    switch status {
    case Z_OK, Z_BUF_ERROR: return (taken, false)
    case Z_STREAM_END:
      unsafe inflateReset(stream)
      return (taken, true)
    default: throw Damage(detail: detail.isEmpty ? "code \(status)" : detail)
    }
  }
}
