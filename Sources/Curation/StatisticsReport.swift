import Files
import Foundation

/// What `gloss corpora stats` prints.
public struct StatisticsReport: Codable, Equatable, Sendable {
  /// In the order asked for, split by split.
  public var corpora: [CorpusStatistics]

  /// A report on these counts.
  public init(corpora: [CorpusStatistics]) { self.corpora = corpora }

  /// One JSON object, keys sorted.
  public func json() throws -> String {
    try sortedJSON(indented: true) + "\n"
  }

  /// A table of lengths, languages and users, then the labels of each corpus.
  public func text() -> String {
    var table = DisplayTable(
      header: [
        "corpus", "split", "languages", "rows", "p50", "p95", "max", "pieces", "users", "items",
      ], textColumns: 3)
    for counts in corpora {
      let languages = counts.languages.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      table.add([
        counts.corpus, counts.split,
        languages.map { "\($0.key) \($0.value)" }.joined(separator: ", "), String(counts.rows),
        counts.pieces.map { String($0.median) } ?? "", counts.pieces.map { String($0.p95) } ?? "",
        counts.pieces.map { String($0.longest) } ?? "",
        counts.pieces.map { String($0.total) } ?? "", cell(counts.users), cell(counts.items),
      ])
    }
    return table.text + corpora.flatMap(labels).map { $0 + "\n" }.joined()
  }

  /// A line for each kind of label, and one for times.
  private func labels(_ counts: CorpusStatistics) -> [String] {
    func line(_ kind: String, _ labels: [String: Int]) -> String? {
      if labels.isEmpty { return nil }
      let list = labels.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "\(counts.corpus)/\(counts.split) \(kind): \(list.joined(separator: ", "))"
    }
    let intents = Dictionary(
      uniqueKeysWithValues: counts.supervisedIntents.map { intent, known in
        ("\(intent) \(counts.intents[intent, default: 0]) of", known)
      })
    let times = counts.firstTime.map { "\(counts.corpus)/\(counts.split) times: \($0) to " }
    return [
      line("stars", counts.stars), line("spans", counts.spans), line("intents", intents),
      times.map { $0 + (counts.lastTime ?? "") },
    ].compactMap(\.self)
  }
}
