/// What a report page shows of the mistakes of one head of one corpus.
struct MistakeList {
  /// The surest first.
  let mistakes: [Mistake]
  /// What the names of the rows in links begin with.
  let anchor: String
  /// Whether the model has a linear part that can agree with it.
  let hasLinear: Bool

  /// How many rows of each kind are shown.
  static let limit = 20
  /// How much of a text is shown at once, in characters as people count them.
  static let shownCharacters = 400

  /// A row of the corpus and what the model got wrong in it.
  private struct Row {
    var id: String
    var text: String
    var mistakes: [Mistake]

    /// Ids may repeat.
    var key: [String] { [id, text] }
  }

  var markup: Markup {
    if mistakes.isEmpty { return "<p>No mistakes.</p>" }
    let rows = rows(mistakes)
    // What is missed has no confidence; it is shown where nothing else is wrong.
    let marked = rows.filter { $0.mistakes.contains { !$0.predicted.isEmpty } }
    let missed = rows.filter { $0.mistakes.allSatisfy(\.predicted.isEmpty) }
    let worst = Array(marked.prefix(Self.limit) + missed.prefix(Self.limit / 2))
    let items: [Markup] = worst.enumerated().map { item($1, name: "\(anchor)-\($0 + 1)") }
    let hasBoth = !missed.isEmpty && !marked.isEmpty
    return """
      <h5>Worst mistakes</h5>
      <p class="how">\(mistakes.count) mistakes in \(rows.count) rows. The surest come \
      first\(Markup.when(hasBoth, "; at the end, rows where something was only missed")).</p>
      <ol class="rows">\(items)</ol>
      \(suspects(shown: worst))
      """
  }

  /// Rows whose label is doubtful: links to those that stand among the worst, and the next ones.
  private func suspects(shown: [Row]) -> Markup {
    let rows = rows(mistakes.filter(\.isLabelSuspect))
    let known = Set(rows.map(\.key))
    let above = shown.indices.filter { known.contains(shown[$0].key) }
    let shownKeys = Set(shown.map(\.key))
    let next = rows.filter { !shownKeys.contains($0.key) }.prefix(Self.limit)
    if rows.isEmpty { return "" }
    let links: [Markup] = above.map {
      "<a href=\"#\(anchor)-\($0 + 1)\">\($0 + 1)</a> "
    }
    let items: [Markup] = next.map { item($0, name: nil) }
    let isSpans = ["opinions", "names"].contains(mistakes[0].head)
    let agrees = hasLinear ? ", and its linear part agrees" : ""
    let reason =
      isSpans
      ? "the model is at least 0.9 sure of a span where the corpus has none"
      : "the model is surer of its own answer than it usually is of texts labelled so" + agrees
    return """
      <h5>Labels most likely wrong</h5>
      <p class="how">In \(rows.count) rows \(reason): look at the label first.\
      \(Markup.when(!links.isEmpty, " The surest stand above: \(links)"))\
      \(Markup.when(!links.isEmpty && !items.isEmpty, "and the next are these."))</p>
      \(Markup.when(!items.isEmpty, "<ol class=\"rows doubtful\">\(items)</ol>"))
      """
  }

  /// Mistakes by row, in the order of the surest of each.
  private func rows(_ mistakes: [Mistake]) -> [Row] {
    var rows: [Row] = []
    var known: [[String]: Int] = [:]
    for mistake in mistakes {
      let key = [mistake.id, mistake.text]
      if let index = known[key] {
        rows[index].mistakes.append(mistake)
      } else {
        known[key] = rows.count
        rows.append(Row(id: mistake.id, text: mistake.text, mistakes: [mistake]))
      }
    }
    return rows
  }

  private func item(_ row: Row, name: String?) -> Markup {
    let verdicts: [Markup] = row.mistakes.map { "\(verdict($0)) " }
    let id: Markup = name.map { " id=\"\($0)\"" } ?? ""
    return """
      <li\(id)><p class="verdict">\(verdicts)<code><bdi>\(row.id)</bdi></code></p>\
      \(Self.shown(row.text))</li>

      """
  }

  private func verdict(_ mistake: Mistake) -> Markup {
    func answer(_ text: String) -> Markup {
      text.isEmpty ? "<i>nothing</i>" : "<bdi>\(text)</bdi>"
    }
    let confidence = Markup.when(!mistake.predicted.isEmpty, " \(mistake.confidence)")
    let flag = Markup.when(
      mistake.isLabelSuspect, " <span class=\"flag\">label doubtful</span>")
    return """
      <span class="one"><span class="gold"><small>label</small> \(answer(mistake.gold))</span> \
      <span class="said"><small>model</small> \
      \(answer(mistake.predicted))\(confidence)</span>\(flag)</span>
      """
  }

  /// A text, the rest of a long one folded away; cut between characters.
  static func shown(_ text: String) -> Markup {
    // A rest of a few words is not worth a fold.
    let limit = shownCharacters + shownCharacters / 10
    guard text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex) != nil else {
      return "<p class=\"text\" dir=\"auto\">\(text)</p>"
    }
    let head = text.prefix(shownCharacters)
    let rest = text[head.endIndex...]
    return """
      <p class="text" dir="auto">\(String(head))…</p><details class="rest"><summary>the rest, \
      \(rest.count) characters</summary><p class="text" dir="auto">\(String(rest))</p></details>
      """
  }
}
