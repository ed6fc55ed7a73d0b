import Files

/// A result of another system on a split of the corpus, as somebody stated it.
public struct PublishedScore: Decodable, Equatable, Sendable {
  /// The system's name.
  public let system: String
  /// The split, or how else the corpus was cut, such as "10-fold".
  public let split: String
  /// What was measured, such as "accuracy".
  public let metric: String
  /// From 0 to 1.
  public let value: Double
  /// Who states it, and whether it was read there or is recalled.
  public let source: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case system, split, metric, value, source
  }

  /// Reads the strictly known keys of one entry.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    system = try container.decode(String.self, forKey: .system)
    split = try container.decode(String.self, forKey: .split)
    metric = try container.decode(String.self, forKey: .metric)
    value = try container.decode(Double.self, forKey: .value)
    source = try container.decode(String.self, forKey: .source)
    if !(0...1).contains(value) {
      throw DecodingError.dataCorruptedError(
        forKey: .value, in: container,
        debugDescription: "is \(value), expected a fraction from 0 to 1; divide percents by 100")
    }
  }
}
