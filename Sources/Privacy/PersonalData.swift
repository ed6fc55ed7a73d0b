/// Something in a text that tells who somebody is or how to reach them.
public struct PersonalData: Equatable, Sendable {
  /// What is recognised.
  public enum Kind: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    /// An e-mail address.
    case email
    /// A phone number: international, North American, British or Chinese; any other of 7 to 15
    /// digits only after a word such as "phone" or "QQ".
    case phone
    /// The number of a payment card, with its check digit.
    case card
    /// A Chinese resident identity number with its check character, or a US social security number.
    case nationalID = "national_id"
    /// A URL that carries a name, a password, a query or a token.
    case url
    /// An IPv4 or IPv6 address.
    case ip

    /// What stands in its place, between brackets.
    var label: String {
      switch self {
      case .email: "EMAIL"
      case .phone: "PHONE"
      case .card: "CARD"
      case .nationalID: "ID"
      case .url: "URL"
      case .ip: "IP"
      }
    }
  }

  /// What it is.
  public var kind: Kind
  /// Unicode scalars of the text.
  public var scalars: Range<Int>
}
