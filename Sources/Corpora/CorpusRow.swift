/// One row of a corpus and what became of it.
public struct CorpusRow: Sendable {
  /// What a row becomes.
  public enum Outcome: Equatable, Sendable {
    /// A text with its labels.
    case example(Example)
    /// A row of a corpus that is no text.
    case record(CorpusRecord)
    /// It cannot be used, for this reason.
    case rejected(String)
    /// A training row that repeats the text of an earlier one, where the card says `deduplicate`.
    case duplicate
    /// The card leaves it out.
    case excluded
    /// A record whose labels went to the row of an earlier one.
    case merged
  }

  /// The path that was read.
  public var file: String
  /// Where the row starts, from 1.
  public var line: Int
  /// The split that the row is part of; of a rejected or merged row, that under which its file is
  /// listed.
  public var split: Split
  /// What became of it.
  public var outcome: Outcome
  /// The normalised hash of its text, or that of what a record says; 0 for a rejected row.
  public var hash: UInt64 = 0
  /// What was odd about it and settled.
  var remarks: [Remark] = []
}

/// Decides what becomes of each row of one list of files.
struct RowPlacing {
  let card: CorpusCard
  /// The split under which the files are listed.
  let list: Split
  let excludedIDs: Set<String>
  /// Labels of the training rows kept, by the hash of their text.
  private var labelByText: [UInt64: String?] = [:]

  init(card: CorpusCard, list: Split, excludedIDs: Set<String>) {
    self.card = card
    self.list = list
    self.excludedIDs = excludedIDs
  }

  mutating func row(_ entry: SourceEntry) -> CorpusRow {
    switch entry {
    case .rejected(let rejection):
      return CorpusRow(
        file: rejection.file, line: rejection.line, split: list,
        outcome: .rejected(rejection.reason.briefly))
    case .merged(let file, let line):
      return CorpusRow(
        file: file, line: line, split: list, outcome: .merged, remarks: [.mergedRecord])
    case .row(let source):
      var placed = CorpusRow(
        file: source.file.path, line: source.line, split: list, outcome: .excluded)
      do {
        try place(source, in: &placed)
      } catch {
        placed.outcome = .rejected(error.reason.briefly)
      }
      return placed
    }
  }

  private mutating func place(
    _ source: SourceRow, in placed: inout CorpusRow
  ) throws(BadRow) {
    var row = source
    complete(&row)
    if card.excluded.contains(row) { return }
    guard card.kind == .texts else {
      let record = try CorpusRecord(row: row, kind: card.kind)
      placed.hash = record.hash(card.kind)
      placed.outcome = .record(record)
      return
    }
    guard row.text.hasContent else {
      throw BadRow(reason: "empty text; write one or leave the row out")
    }
    placed.hash = normalisedTextHash(row.text)
    if list == .train, let hash = card.hash {
      placed.split = hash.split(textHash: placed.hash, id: row.givenID)
    }
    let isTraining = placed.split == .train
    if isTraining, excludedIDs.contains(row.givenID) { return }
    if isTraining, card.deduplicate, let label = labelByText[placed.hash] {
      placed.outcome = .duplicate
      if label != row.label { placed.remarks = [.otherLabel] }
      return
    }
    let example = try card.labels.example(of: &row, isTraining: isTraining)
    if isTraining, card.deduplicate { labelByText[placed.hash] = .some(row.label) }
    placed.outcome = .example(example)
    placed.remarks = row.remarks
  }

  /// Cleans the text as the card says and adds what the card says of the whole file.
  private func complete(_ row: inout SourceRow) {
    if card.reader.htmlBreaks { row.text = row.text.replacingHTMLBreaks() }
    if card.reader.stripQuotes { row.text = row.text.strippingQuotes() }
    let file = row.file.card
    if row.label?.isEmpty != false, let label = file.label { row.label = label }
    if row.parts[.user] == nil { row.parts[.user] = file.user }
    if row.items.isEmpty, let item = file.item { row.items = [item] }
  }
}
