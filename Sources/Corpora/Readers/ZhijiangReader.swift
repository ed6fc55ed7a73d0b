/// Two CSV files joined on `id`: reviews, and one row for each opinion about something.
///
/// Offsets count Unicode scalars, end exclusive; `_` is an implicit aspect or opinion. The opinions
/// are held in memory; the reviews are not.
struct ZhijiangReader: CorpusReader {
  /// `files` are pairs: reviews, labels.
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for first in stride(from: 0, to: files.count - 1, by: 2) {
      try read(reviews: files[first], labels: files[first + 1], into: sink)
    }
  }

  private func read(
    reviews: DataFile, labels: DataFile, into sink: (SourceEntry) -> Void
  ) throws(CorpusError) {
    var opinions: [String: [(line: Int, record: Record)]] = [:]
    var read: Set<String> = []
    try labels.forEachRecord(
      delimiter: UInt8(ascii: ","), quoting: true, columns: nil,
      required: ["id", "Categories", "Polarities"] + Term.aspect.columns + Term.opinion.columns,
      into: sink
    ) { line, record in
      opinions[record["id"] ?? "", default: []].append((line, record))
      return nil
    }
    try reviews.forEachRecord(
      delimiter: UInt8(ascii: ","), quoting: true, columns: nil, required: ["id", "Reviews"],
      into: sink
    ) { line, record in
      guard let id = record["id"], let labels = opinions[id] else {
        return "no labels for this id; add them or remove the review"
      }
      read.insert(id)
      var row = SourceRow(file: reviews, line: line, id: id, text: record["Reviews"] ?? "")
      row.spans = []
      let offsets = ScalarOffsets(row.text)
      for (_, label) in labels {
        row.polarities.append(label["Polarities"] ?? "")
        row.append(
          .aspect, of: label, polarity: label["Polarities"], category: label["Categories"], offsets)
        row.append(.opinion, of: label, offsets)
      }
      sink(.row(row))
      return nil
    }
    let unread = opinions.filter { !read.contains($0.key) }.flatMap(\.value).map(\.line).sorted()
    for line in unread {
      sink(labels.rejection(line, "no review has this id; add one or remove the labels"))
    }
  }
}

/// The three columns that describe an aspect or an opinion.
private struct Term {
  let words: String
  let start: String
  let end: String

  static let aspect = Term(words: "AspectTerms", start: "A_start", end: "A_end")
  static let opinion = Term(words: "OpinionTerms", start: "O_start", end: "O_end")

  var columns: [String] { [words, start, end] }
}

extension SourceRow {
  fileprivate mutating func append(
    _ term: Term, of record: Record, polarity: String? = nil, category: String? = nil,
    _ offsets: ScalarOffsets
  ) {
    guard let words = record[term.words], words != "_" else { return }
    let start = Int(record[term.start] ?? "") ?? -1
    let end = Int(record[term.end] ?? "") ?? -1
    append(
      term.words, words: words, at: start, to: end, offsets, polarity: polarity,
      category: category)
  }
}
