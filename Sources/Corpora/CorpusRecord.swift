import Files
import Reviews

/// One row of a corpus that is no text: a purchase, a rating, a word.
public struct CorpusRecord: Equatable, Sendable {
  /// The row's own id, or `file:line` with the file as the card names it.
  public var id: String
  /// Who; nil where the row does not say.
  public var user: String?
  /// What was bought, rated or lies in the basket, in the order of the row.
  public var items: [String]
  /// The order or basket that the row is part of.
  public var order: String?
  /// ISO 8601.
  public var time: String?
  /// Pieces; negative where something came back.
  public var quantity: Double?
  /// Of one piece, in the corpus's currency.
  public var price: Double?
  /// Of all pieces, in the corpus's currency.
  public var amount: Double?
  /// As the corpus rates.
  public var rating: Double?
  /// What the item is called, or the word of a lexicon.
  public var text: String?
  /// The label of a word.
  public var label: String?

  /// The record that a row becomes.
  init(row: SourceRow, kind: CorpusKind) throws(BadRow) {
    id = row.givenID
    user = row.parts[.user]
    items = row.items
    order = row.parts[.order]
    text = row.text.hasContent ? row.text : nil
    label = row.label
    (time, quantity, price, amount, rating) = (nil, nil, nil, nil, nil)
    if let time = row.parts[.time] {
      guard let canonical = ReviewTime.text(time) else {
        throw BadRow(reason: "'\(time)' is no time; write it as 2024-05-02 10:11:12")
      }
      self.time = canonical
    }
    quantity = try Self.number(.quantity, of: row)
    price = try Self.number(.price, of: row)
    amount = try Self.number(.amount, of: row)
    rating = try Self.number(.rating, of: row)
    for field in kind.requiredFields where !has(field) {
      throw BadRow(reason: "no \(field.rawValue); give one or leave the row out")
    }
  }

  private static func number(
    _ field: FieldNames.Field, of row: SourceRow
  ) throws(BadRow) -> Double? {
    guard let text = row.parts[field] else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw BadRow(
        reason: "\(field.rawValue) is '\(text)'; write a number such as 12 or 3.5")
    }
    return number
  }

  private func has(_ field: FieldNames.Field) -> Bool {
    switch field {
    case .id: true
    case .user: user != nil
    case .item: !items.isEmpty
    case .order: order != nil
    case .time: time != nil
    case .quantity: quantity != nil
    case .price: price != nil
    case .amount: amount != nil
    case .rating: rating != nil
    case .text: text != nil
    case .label: label?.isEmpty == false
    case .tags, .targets: false
    }
  }

  /// The same for rows that say the same; of ratings, for those of one user and item.
  func hash(_ kind: CorpusKind) -> UInt64 {
    if kind == .ratings { return hash(of: [user ?? ""] + items) }
    let numbers = [quantity, price, amount, rating].map { $0.map(\.description) ?? "" }
    let words = [user, order, time, text, label].map { $0 ?? "" }
    return hash(of: words + numbers + items)
  }

  private func hash(of parts: [String]) -> UInt64 {
    StableHash(parts.joined(separator: "\u{1F}")).value
  }
}
