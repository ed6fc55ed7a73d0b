import Files

/// `hash`: parts of the training files that serve as splits the corpus does not have.
///
/// A row goes where the hash of its text (or id) says, so equal texts stay together, and a text goes
/// to the same side in every corpus split by text in the same percentages.
struct HashSplit: Decodable {
  enum Key: String, CardWord {
    case text, id
  }

  /// Percent of the rows.
  let dev: Int
  /// Percent of the rows.
  let test: Int
  let key: Key

  enum CodingKeys: String, CodingKey, CaseIterable {
    case dev, test, by
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    dev = try container.decodeIfPresent(Int.self, forKey: .dev) ?? 0
    test = try container.decodeIfPresent(Int.self, forKey: .test) ?? 0
    for (name, percent) in [(CodingKeys.dev, dev), (.test, test)]
    where !(0...100).contains(percent) {
      throw DecodingError.dataCorruptedError(
        forKey: name, in: container,
        debugDescription: "is \(percent), expected 0 to 100 percent; correct it")
    }
    key = try container.decodeIfPresent(Key.self, forKey: .by) ?? .text
  }

  func percent(of split: Split) -> Int {
    switch split {
    case .train: 100 - dev - test
    case .dev: dev
    case .test: test
    }
  }

  /// The split of a row; `textHash` is the normalised hash of its text.
  func split(textHash: UInt64, id: String) -> Split {
    let hash = key == .text ? textHash : StableHash(id).value
    let percentile = StableHash.percentile(of: hash)
    if percentile < dev { return .dev }
    return percentile >= 100 - test ? .test : .train
  }
}
