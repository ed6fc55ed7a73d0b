/// Turns UTF-8 byte offsets of one text into Unicode scalar or UTF-16 offsets.
///
/// Making it reads the text once; each lookup is O(1), and for ASCII text costs nothing.
public struct TextOffsets: Sendable {
  /// Bytes from one count kept to the next.
  private static let stride = 64

  /// The text's bytes; empty for ASCII text, where all offsets are alike.
  private let bytes: [UInt8]
  private let isASCII: Bool
  /// Scalars, and scalars that take two UTF-16 units, that begin before byte `stride * index`.
  private let before: [(scalars: Int, pairs: Int)]
  /// Length of the text in UTF-8 bytes.
  public let byteCount: Int

  /// The offsets of a text. O(bytes).
  public init(_ text: String) {
    byteCount = text.utf8.count
    isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    bytes = isASCII ? [] : Array(text.utf8)
    var before: [(scalars: Int, pairs: Int)] = []
    var count = (scalars: 0, pairs: 0)
    for (offset, byte) in bytes.enumerated() {
      if offset % Self.stride == 0 { before.append(count) }
      Self.count(byte, in: &count)
    }
    before.append(count)
    self.before = before
  }

  /// How many Unicode scalars begin before the byte offset, which is in `0...byteCount`.
  public func scalars(atByte offset: Int) -> Int {
    isASCII ? checked(offset) : counts(before: offset).scalars
  }

  /// How many UTF-16 units the scalars that begin before the byte offset take.
  public func utf16Units(atByte offset: Int) -> Int {
    guard !isASCII else { return checked(offset) }
    let counts = counts(before: offset)
    return counts.scalars + counts.pairs
  }

  private func counts(before offset: Int) -> (scalars: Int, pairs: Int) {
    let index = checked(offset) / Self.stride
    var count = before[index]
    for byte in bytes[index * Self.stride..<offset] { Self.count(byte, in: &count) }
    return count
  }

  private func checked(_ offset: Int) -> Int {
    precondition((0...byteCount).contains(offset), "byte \(offset) of \(byteCount)")
    return offset
  }

  /// Counts the scalar that begins with this byte, if one does.
  private static func count(_ byte: UInt8, in count: inout (scalars: Int, pairs: Int)) {
    if byte & 0xC0 != 0x80 { count.scalars += 1 }
    if byte >= 0xF0 { count.pairs += 1 }
  }
}
