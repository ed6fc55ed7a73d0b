/// A value of a card that is one of a few words; the error for another word lists them.
protocol CardWord: RawRepresentable<String>, CaseIterable, Decodable {}

extension CardWord {
  /// Reads one of the words.
  public init(from decoder: any Decoder) throws {
    let word = try decoder.singleValueContainer().decode(String.self)
    guard let value = Self(rawValue: word) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "'\(word)' is none of: \(known)"))
    }
    self = value
  }
}
