extension Decoder {
  /// The mapping's values under `Keys`.
  ///
  /// - Throws: `DecodingError.dataCorrupted` when the mapping holds a key that is not one of
  ///   `Keys`, naming the nearest one, or all of them when none is near.
  public func strictContainer<Keys: CodingKey & CaseIterable>(
    keyedBy keys: Keys.Type
  ) throws -> KeyedDecodingContainer<Keys> {
    let known = Keys.allCases.map(\.stringValue)
    let present = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    if let unknown = present.first(where: { !known.contains($0) }) {
      let hint =
        nearest(to: unknown, among: known).map { "did you mean '\($0)'?" }
        ?? "the known keys are \(known.joined(separator: ", "))"
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath, debugDescription: "unknown key '\(unknown)'; \(hint)",
          underlyingError: UnknownKey(name: unknown)))
    }
    return try container(keyedBy: keys)
  }
}

/// Travels under the error that an unknown key throws, so that its line can be found.
struct UnknownKey: Error {
  let name: String
}

/// The known word that `word` most likely means; nil when none is near.
private func nearest(to word: String, among known: [String]) -> String? {
  let distances = known.map { (word: $0, distance: editDistance($0, word)) }
  guard let best = distances.min(by: { $0.distance < $1.distance }),
    best.distance <= max(2, word.count / 3), best.distance < word.count
  else { return nil }
  return best.word
}

/// The number of characters to insert, delete or replace (Levenshtein 1966).
private func editDistance(_ left: String, _ right: String) -> Int {
  let right = Array(right)
  var row = Array(0...right.count)
  for (i, character) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let replaced = character == other ? diagonal : diagonal + 1
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
