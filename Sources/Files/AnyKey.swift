/// The key of a mapping whose keys are not known beforehand.
public struct AnyKey: CodingKey {
  /// The key as it stands in the file.
  public let stringValue: String
  /// Keys are never numbers.
  public var intValue: Int? { nil }

  /// The key `name`.
  public init(_ name: String) { stringValue = name }
  /// The key `stringValue`.
  public init(stringValue: String) { self.stringValue = stringValue }
  /// Nil: keys are never numbers.
  public init?(intValue: Int) { nil }
}
