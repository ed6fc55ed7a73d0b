import Foundation

extension Encodable {
  /// JSON with its keys sorted, the same for the same value: on one line, or `indented` on many.
  ///
  /// - Throws: `EncodingError` for what JSON cannot say, such as a number that is not finite.
  public func sortedJSON(indented: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if indented { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
