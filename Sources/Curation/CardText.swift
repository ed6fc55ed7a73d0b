public import Corpora

/// A card for people: what `gloss corpora show` prints.
public struct CardText {
  private let corpus: Corpus
  private let rows: Int

  /// Shows the card of `corpus`, and the first `rows` rows of each split where its files are there.
  public init(_ corpus: Corpus, rows: Int) {
    self.corpus = corpus
    self.rows = rows
  }

  /// Lines of at most some hundred columns, but for texts and addresses.
  public func text() throws(CorpusError) -> String {
    let card = corpus.card
    var lines = ["\(card.name): \(card.title)", ""]
    func add(_ name: String, _ values: [String]) {
      for (index, value) in values.enumerated() {
        let label = index == 0 ? name : ""
        lines.append(label + String(repeating: " ", count: 12 - label.count) + value)
      }
    }
    add("kind", [card.kind.rawValue])
    add("language", card.languages)
    add("domain", [card.domain].compactMap(\.self))
    add("licence", [card.licence ?? "not stated"])
    add("citation", [card.citation ?? "none"])
    add("from", card.sources.map { "\($0.repository) \($0.path) \($0.commit ?? "")" })
    add("format", [card.format])
    add("files", files())
    add("splits", card.splits.map { "\($0.rawValue)\(corpus.origin(of: $0))" })
    if card.kind == .texts {
      add("trains", card.heads.isEmpty ? ["nothing: texts without labels"] : card.heads)
      add("complete", card.completeness)
      add("masked", card.masked)
    }
    add("notes", card.notes)
    add("evaluation", card.evaluation)
    add("scores", card.scores.map(describe))
    if corpus.missingFiles.isEmpty, rows > 0 { lines += try firstRows() }
    return lines.map { $0 + "\n" }.joined()
  }

  private func files() -> [String] {
    let missing = Set(corpus.missingFiles)
    return corpus.fileGroups.map { group in
      let rows = group.rows.map { ", \($0) rows" } ?? ""
      let state = group.paths.contains(where: missing.contains) ? ", not here" : ""
      return group.names.joined(separator: " + ") + rows + state
    }
  }

  private func describe(_ score: PublishedScore) -> String {
    "\(score.value) \(score.metric) on \(score.split): \(score.system) (\(score.source))"
  }

  private func firstRows() throws(CorpusError) -> [String] {
    var shown: [Split: [String]] = [:]
    for list in corpus.lists {
      try corpus.forEachRow(listedUnder: list) { row in
        guard shown[row.split, default: []].count < rows else { return }
        if let line = CanonicalLine(row)?.text { shown[row.split, default: []].append(line) }
      }
    }
    return corpus.card.splits.flatMap { ["", "\($0.rawValue):"] + (shown[$0] ?? []) }
  }
}
