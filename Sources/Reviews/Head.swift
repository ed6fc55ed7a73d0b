/// What a record can say about a review; `gloss classify --head` chooses.
public enum Head: String, CaseIterable, Sendable {
  /// How the writer feels.
  case sentiment
  /// What is named and judged.
  case entities
  /// What the writer wants.
  case intents

  /// Everything.
  public static let all = Set(allCases)
}
