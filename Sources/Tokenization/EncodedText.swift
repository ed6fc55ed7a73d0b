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
  ///
  /// O(log pieces): ranges ascend, so both of their ends do.
  public func pieces(covering bytes: Range<Int>) -> Range<Int>? {
    let first = ranges.partition { $0.upperBound > bytes.lowerBound }
    let last = ranges.partition { $0.lowerBound >= bytes.upperBound }
    // Pieces with an empty range cover nothing.
    let covering = (first..<max(first, last)).drop { ranges[$0].isEmpty }
    guard let end = covering.last(where: { !ranges[$0].isEmpty }) else { return nil }
    return covering.startIndex..<end + 1
  }
}

extension [Range<Int>] {
  /// The first index from which `isLater` holds, if it holds for all that follow one for which it
  /// does.
  fileprivate func partition(_ isLater: (Range<Int>) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isLater(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
