/// A row that could not be read as a review, and why.
public struct RejectedRow: Codable, Equatable, Sendable {
  /// The file as it was named.
  public var file: String
  /// The line on which the row starts, from 1.
  public var line: Int
  /// Bytes of the unpacked file before the row.
  public var byteOffset: Int
  /// What is wrong and, where it helps, what to do.
  public var reason: String
  /// The row as in the file; bytes that are not UTF-8 became U+FFFD. Where personal data are
  /// redacted, they are here too; empty where users have pseudonyms, and where a redacted row is
  /// too long.
  public var raw: String
  /// The row's own bytes in Base64, where some of them are not UTF-8 and nothing is hidden.
  public var rawBase64: String?

  /// A row and why it is none.
  public init(
    file: String, line: Int, byteOffset: Int, reason: String, raw: String,
    rawBase64: String? = nil
  ) {
    self.file = file
    self.line = line
    self.byteOffset = byteOffset
    self.reason = reason
    self.raw = raw
    self.rawBase64 = rawBase64
  }

  private enum CodingKeys: String, CodingKey {
    case file, line, reason, raw
    case byteOffset = "byte_offset"
    case rawBase64 = "raw_base64"
  }
}
