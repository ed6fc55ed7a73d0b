import Files
import Foundation

/// A byte source as the stream that Foundation's XML parser reads from.
///
/// It ends before the first bytes that are no UTF-8: the parser would trap on them.
final class ByteStream: InputStream {
  private let source: ByteSource
  /// The start of a character whose end has not been read.
  private var cut: [UInt8] = []
  /// Why the source could not be read to its end.
  private(set) var error: FileError?
  /// The source holds bytes that are no UTF-8.
  private(set) var isInvalid = false

  init(_ source: ByteSource) {
    self.source = source
    super.init(data: Data())
  }

  override func open() {}
  override func close() {}
  override var hasBytesAvailable: Bool { error == nil && !isInvalid }

  override func read(_ buffer: UnsafeMutablePointer<UInt8>, maxLength: Int) -> Int {
    // After an error too the stream ends: the parser would trap on asking for it.
    guard hasBytesAvailable else { return 0 }
    do throws(FileError) {
      var bytes: [UInt8] = []
      // Until there is a whole character, or the end.
      while bytes.isEmpty, case let read = try source.read(upTo: maxLength - cut.count),
        !read.isEmpty
      {
        bytes = whole(cut + read)
        if isInvalid { return 0 }
      }
      if bytes.isEmpty, !cut.isEmpty { isInvalid = true }
      // The caller's buffer holds `maxLength` bytes, and no more than that were read.
      for (index, byte) in bytes.enumerated() { unsafe buffer[index] = byte }
      return bytes.count
    } catch {
      self.error = error
      return 0
    }
  }

  /// The whole characters of `bytes`; the rest, of at most three bytes, is kept for later.
  private func whole(_ bytes: [UInt8]) -> [UInt8] {
    for length in 0..<min(4, bytes.count + 1) {
      let start = bytes.dropLast(length)
      if String(validating: start, as: UTF8.self) != nil {
        cut = Array(bytes.suffix(length))
        return Array(start)
      }
    }
    isInvalid = true
    return []
  }
}
