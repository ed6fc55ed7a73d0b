public import Privacy

/// What is hidden of a row before anything else sees it.
///
/// A row becomes a review in one place, and there it is hidden: nobody who reads reviews can
/// forget to.
public struct RowPrivacy: Equatable, Sendable {
  /// Whether personal data in texts are replaced.
  public var redacts: Bool
  /// What stands for users; nil where they keep their names.
  public var pseudonyms: Pseudonyms?

  /// Hides nothing unless told otherwise.
  public init(redacts: Bool = false, pseudonyms: Pseudonyms? = nil) {
    self.redacts = redacts
    self.pseudonyms = pseudonyms
  }

  /// Replaces what is personal in the text, and the user.
  func hide(in review: inout Review) {
    if redacts {
      let (text, findings) = Redaction.redacted(review.text)
      review.text = text
      review.redacted = findings.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }
    if let pseudonyms { review.user = review.user.map { pseudonyms($0) } }
  }

  /// What may be kept of a row that is no review.
  ///
  /// Where users have other names that is nothing, as any part of such a row may name one, and as a
  /// row mended and read again has to have the user's own name. Nor is it anything of a row that
  /// `isCut`: what is personal may be cut too, and is not known then.
  func shown(_ row: String, isCut: Bool) -> String {
    if pseudonyms != nil || redacts && isCut { return "" }
    return redacts ? Redaction.redacted(row: row) : row
  }

  /// What may be told of a value of a row; nil for nothing, as any value may be the user.
  func shown(_ value: String) -> String? {
    if pseudonyms != nil { return nil }
    return redacts ? Redaction.redacted(value).text : value
  }
}
