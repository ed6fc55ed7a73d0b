import Files

/// What the rows of a corpus are.
///
/// Only texts train the model; the other kinds are checked and counted, as strictly.
public enum CorpusKind: String, CardWord, Sendable {
  /// Reviews and other texts, labelled or not.
  case texts
  /// A line of an order: who bought what, when, for how much.
  case purchases
  /// A basket, or one item of it.
  case baskets
  /// Stars that a user gave an item, without a text.
  case ratings
  /// Items and what they are called.
  case items
  /// Words with a label each.
  case lexicon

  /// The parts that every row has to have.
  var requiredFields: [FieldNames.Field] {
    switch self {
    case .texts: [.text]
    case .purchases: [.time]
    case .baskets: [.item]
    case .ratings: [.user, .item, .rating]
    case .items: [.item]
    case .lexicon: [.text, .label]
    }
  }
}
