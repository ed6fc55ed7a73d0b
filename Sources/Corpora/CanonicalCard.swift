import Reviews

extension CorpusCard {
  /// A card, as YAML, for the same corpus written as JSON lines in our own form, in a folder of its
  /// name: `NAME/train.jsonl` and so on.
  ///
  /// Whatever the labels were, they are now given outright; what is complete stays so.
  public func canonical(rows: [Split: Int], sha256: [Split: String]) -> String {
    var lines = ["name: \(quoted(name))", "title: \(quoted(title))", "language: \(language)"]
    if let domain { lines.append("domain: \(quoted(domain))") }
    if kind != .texts { lines.append("kind: \(kind.rawValue)") }
    if let licence { lines.append("licence: \(quoted(licence))") }
    if let citation { lines.append("citation: \(quoted(citation))") }
    if kind == .texts {
      lines.append("reader: {format: gloss-json}")
    } else {
      lines.append("reader: {format: json-lines}")
      lines.append("fields:")
      let without: [FieldNames.Field] = [.tags, .targets] + (kind == .lexicon ? [] : [.label])
      for field in FieldNames.Field.allCases where !without.contains(field) {
        lines.append("  \(field.rawValue): \(field.rawValue)")
      }
    }
    lines.append("files:")
    for split in Split.allCases {
      guard let count = rows[split] else { continue }
      lines.append("  \(split.rawValue):")
      lines.append("    - path: \(quoted("./\(name)/\(split.rawValue).jsonl"))")
      lines.append("      rows: \(count)")
      if let sum = sha256[split] { lines.append("      sha256: \(sum)") }
    }
    lines += canonicalLabels
    lines += list("notes", notes) + list("evaluation", evaluation)
    return lines.map { $0 + "\n" }.joined()
  }

  private var canonicalLabels: [String] {
    if heads.isEmpty { return [] }
    var lines = ["labels:"]
    if heads.contains("sentiment") { lines.append("  given_stars: true") }
    if heads.contains("intents") {
      // Every row says for itself what is known of it; this is for those who read the card.
      lines.append("  intents: {supervises: [\(labels.supervisedIntents.joined(separator: ", "))]}")
    }
    if let spans = labels.spans {
      lines.append("  spans:")
      if let byLanguage = spans.complete.byLanguage {
        lines.append("    complete:")
        for (language, types) in byLanguage.sorted(by: { $0.key < $1.key }) {
          lines.append("      \(language): [\(types.joined(separator: ", "))]")
        }
      } else {
        lines.append("    complete: [\(spans.complete.all.joined(separator: ", "))]")
      }
    }
    return lines
  }

  private func list(_ key: String, _ values: [String]) -> [String] {
    values.isEmpty ? [] : ["\(key):"] + values.map { "  - \(quoted($0))" }
  }

  /// A text as a double-quoted YAML scalar on one line: a JSON string is one, but for DEL.
  private func quoted(_ text: String) -> String {
    var line = JSONLine()
    line.value(String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" ? " " : $0 })))
    return line.text.replacing("\u{7F}", with: "\\u007f")
  }
}
