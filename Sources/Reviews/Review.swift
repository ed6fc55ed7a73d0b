internal import Files
public import Privacy

/// One text that somebody wrote about something, as it was given.
public struct Review: Codable, Equatable, Sendable {
  /// Names the review: the row's own id; where it has none, `file:line`, or a name made of its content
  /// where every row has to have a user.
  public var id: String
  /// Who wrote it.
  public var user: String?
  /// What it is about.
  public var item: String?
  /// When it was written: as the row says, or in ISO 8601, so that times sort as strings do, where
  /// every row has to have a user.
  public var time: String?
  /// The text, unchanged but for `replaced` and `redacted`; every offset into it counts from here.
  public var text: String
  /// How many pieces of the row that are no UTF-8 became U+FFFD; nil for none.
  public var replaced: Int?
  /// The row's other fields, a JSON object, where they were asked for and there are any.
  public var fields: String?
  /// How many pieces of personal data of each kind were replaced in the text; nil where that was not
  /// asked for.
  public var redacted: [PersonalData.Kind: Int]?

  /// A text and what is known of it.
  public init(
    id: String, user: String? = nil, item: String? = nil, time: String? = nil, text: String,
    replaced: Int? = nil, fields: String? = nil, redacted: [PersonalData.Kind: Int]? = nil
  ) {
    self.id = id
    self.user = user
    self.item = item
    self.time = time
    self.text = text
    self.replaced = replaced
    self.fields = fields
    self.redacted = redacted
  }

  /// A name that follows from writer, item, time and text alone: `content-` and 16 digits.
  var contentID: String {
    var hash = StableHash()
    for part in [user, item, time, text] {
      for byte in (part ?? "").utf8 { hash.combine(byte) }
      // No part holds this byte, so that none runs into the next.
      hash.combine(0xFF)
    }
    let digits = String(hash.value, radix: 16)
    return "content-" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
