/// A text as pieces: what the model reads, and which bytes of the text each piece stands for.
public struct EncodedText: Sendable, Equatable {
  /// The piece ids, in text order.
  public internal(set) var ids: [Int32]
  /// UTF-8 byte range of the original text that each piece covers, one per id.
  ///
  /// Ranges ascend, do not overlap and never split a Unicode scalar. White space, and what
  /// normalisation drops, is not part of a range: a piece of white space alone has an empty range.
  /// Where several pieces stand for one scalar (bytes of a rare character, "㍿" as four) all but
  /// the last have empty ranges at its start.
  public internal(set) var ranges: [Range<Int>]
  /// Length of the original text in UTF-8 bytes.
  public let byteCount: Int

  /// Number of pieces.
  public var count: Int { ids.count }
}

extension EncodedText {
  /// The pieces from the first to the last that shares a byte with `bytes`; nil when none does.
  public func pieces(covering bytes: Range<Int>) -> Range<Int>? {
    guard let first = ranges.firstIndex(where: { $0.overlaps(bytes) }),
      let last = ranges.lastIndex(where: { $0.overlaps(bytes) })
    else { return nil }
    return first..<last + 1
  }
}
