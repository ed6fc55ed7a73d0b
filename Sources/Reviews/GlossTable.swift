/// Records as the rows of a CSV file: one line of names, then a row per record.
///
/// Rows end with `\n`; a field that holds a comma, a quote or a line end is quoted, and what is
/// absent is empty. Intents and their confidences are parted by `;`, likeliest first; entities are
/// the JSON array of the record, as are the row's other fields its object; offsets is the unit of
/// theirs where it is not the Unicode scalar.
/// Source: RFC 4180, but for the row's end.
public struct GlossTable: Sendable {
  private let heads: Set<Head>
  private let keepsFields: Bool

  /// A table with the columns of `heads`, and one for the row's other fields.
  public init(heads: Set<Head> = Head.all, keepsFields: Bool = false) {
    self.heads = heads
    self.keepsFields = keepsFields
  }

  /// The names of the columns, with the line's end.
  public var header: String {
    var names = ["id", "user", "item", "time", "language"]
    if heads.contains(.sentiment) {
      names += ["sentiment", "stars", "confidence", "p1", "p2", "p3", "p4", "p5"]
    }
    if heads.contains(.intents) { names += ["intents", "intent_confidences"] }
    if heads.contains(.entities) { names += ["entities", "offsets"] }
    names += ["tokens", "windows", "abstained", "replaced", "model"]
    if keepsFields { names += ["fields"] }
    return names.joined(separator: ",") + "\n"
  }

  /// One record, with the row's end.
  public func row(_ gloss: Gloss, fields: String? = nil) -> String {
    var cells = [gloss.id, gloss.user ?? "", gloss.item ?? "", gloss.time ?? "", gloss.language]
    if heads.contains(.sentiment) {
      let sentiment = gloss.sentiment
      cells += [sentiment.label.rawValue, number(sentiment.stars), number(sentiment.confidence)]
      cells += sentiment.probabilities.map(number)
    }
    if heads.contains(.intents) {
      cells.append(gloss.intents.map(\.label).joined(separator: ";"))
      cells.append(gloss.intents.map { number($0.confidence) }.joined(separator: ";"))
    }
    if heads.contains(.entities) { cells += [gloss.entitiesJSON, gloss.offsets ?? ""] }
    cells += [
      String(gloss.tokens), String(gloss.windows), gloss.abstained == true ? "true" : "false",
      String(gloss.replaced ?? 0), gloss.model,
    ]
    if keepsFields { cells.append(fields ?? "") }
    return cells.map(csvQuoted).joined(separator: ",") + "\n"
  }

  /// Empty for what is not finite.
  private func number(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let digits = value.description
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

}

/// A cell of comma-separated values, in quotes where it needs them.
///
/// Byte by byte: a character may be a quote with an accent on it.
/// Source: RFC 4180.
public func csvQuoted(_ cell: String) -> String {
  let needsQuotes = cell.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
  guard needsQuotes else { return cell }
  let doubled = cell.utf8.flatMap { $0 == 0x22 ? [$0, $0] : [$0] }
  return "\"\(String(decoding: doubled, as: UTF8.self))\""
}
