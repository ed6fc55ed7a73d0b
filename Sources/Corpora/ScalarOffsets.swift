/// Turns offsets that count the Unicode scalars of a text into UTF-8 byte ranges.
struct ScalarOffsets {
  private let scalars: [Unicode.Scalar]
  /// Byte offset of each scalar, and of the end.
  private let byteOffsets: [Int]

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    var offsets = [0]
    offsets.reserveCapacity(scalars.count + 1)
    for scalar in scalars { offsets.append(offsets[offsets.count - 1] + scalar.utf8.count) }
    byteOffsets = offsets
  }

  /// The bytes of scalars `start` to `end`; nil where they are outside the text or empty.
  func byteRange(_ start: Int, _ end: Int) -> Range<Int>? {
    guard 0 <= start, start < end, end <= scalars.count else { return nil }
    return byteOffsets[start]..<byteOffsets[end]
  }

  /// The bytes of `words`, annotated at `start` to `end` but possibly elsewhere.
  ///
  /// Where the words are not at the offsets, the occurrence that starts nearest to `start` counts
  /// and `remark` says so; nil where the text does not hold them.
  func byteRange(
    of words: String, annotatedAt start: Int, _ end: Int
  ) -> (range: Range<Int>?, remark: Remark?) {
    let wanted = Array(words.unicodeScalars)
    if 0 <= start, start <= end, end <= scalars.count, !wanted.isEmpty,
      scalars[start..<end].elementsEqual(wanted)
    {
      return (byteRange(start, end), nil)
    }
    guard !wanted.isEmpty, wanted.count <= scalars.count else { return (nil, .notFound) }
    // An offset may be any number; those outside the text are as far as its ends.
    let wantedStart = min(max(start, 0), scalars.count)
    let nearest = (0...scalars.count - wanted.count)
      .filter { scalars[$0..<$0 + wanted.count].elementsEqual(wanted) }
      .min { abs($0 - wantedStart) < abs($1 - wantedStart) }
    guard let nearest else { return (nil, .notFound) }
    return (byteRange(nearest, nearest + wanted.count), .realigned)
  }
}
