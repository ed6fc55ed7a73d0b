extension SourceRow {
  /// Adds a span over the tokens `first` to `end`, which lie at `places`, and remarks where there are
  /// no such tokens.
  mutating func append(
    _ type: String, tokens first: Int, to end: Int, at places: [Range<Int>],
    polarity: String? = nil, category: String? = nil
  ) {
    guard 0 <= first, first < end, end <= places.count else {
      remarks.append(.notFound)
      return
    }
    let range = places[first].lowerBound..<places[end - 1].upperBound
    spans?.append(SourceSpan(range: range, type: type, polarity: polarity, category: category))
  }

  /// Adds a span over `words`, which are annotated at the scalars `start` to `end`, and remarks where
  /// they lie elsewhere or nowhere.
  mutating func append(
    _ type: String, words: String, at start: Int, to end: Int, _ offsets: ScalarOffsets,
    polarity: String? = nil, category: String? = nil
  ) {
    let (range, remark) = offsets.byteRange(of: words, annotatedAt: start, end)
    if let range {
      spans?.append(SourceSpan(range: range, type: type, polarity: polarity, category: category))
    }
    if let remark { remarks.append(remark) }
  }
}
