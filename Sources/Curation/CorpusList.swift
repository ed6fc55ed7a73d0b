public import Corpora
import Files
import Foundation

/// Every corpus that has a card: what `gloss corpora list` prints.
public struct CorpusList: Codable, Equatable, Sendable {
  /// One corpus.
  public struct Entry: Codable, Equatable, Sendable {
    /// Its name.
    public var name: String
    /// What it is, for people.
    public var title: String
    /// What its rows are.
    public var kind: String
    /// `en`, `zh` or `mul`.
    public var language: String
    /// What its texts are about; nil where the card does not say.
    public var domain: String?
    /// The heads that it trains.
    public var heads: [String]
    /// The splits that it offers.
    public var splits: [String]
    /// Rows of all its files; nil where the card does not know.
    public var rows: Int?
    /// What may be done with it.
    public var licence: String?
    /// Files that are not there.
    public var missingFiles: Int
    /// Files that the card names.
    public var files: Int
  }

  /// In order of name.
  public var corpora: [Entry]

  /// Describes `corpora` without reading their files.
  public init(_ corpora: [Corpus]) {
    self.corpora = corpora.map { corpus in
      let card = corpus.card
      let rows = corpus.fileGroups.map(\.rows)
      return Entry(
        name: card.name, title: card.title, kind: card.kind.rawValue, language: card.language,
        domain: card.domain, heads: card.heads, splits: card.splits.map(\.rawValue),
        rows: rows.contains(nil) ? nil : rows.compactMap(\.self).reduce(0, +),
        licence: card.licence, missingFiles: corpus.missingFiles.count, files: corpus.paths.count)
    }
  }

  /// One JSON object, keys sorted.
  public func json() throws -> String {
    try sortedJSON(indented: true) + "\n"
  }

  /// A table for people.
  public func text() -> String {
    var table = DisplayTable(
      header: ["corpus", "kind", "language", "domain", "trains", "splits", "files", "rows"],
      textColumns: 7)
    for entry in corpora {
      let files =
        switch entry.missingFiles {
        case 0: "here"
        case entry.files: "not here"
        default: "\(entry.missingFiles) of \(entry.files) missing"
        }
      let trains = entry.heads.isEmpty ? "-" : entry.heads.joined(separator: ", ")
      table.add([
        entry.name, entry.kind, entry.language, entry.domain ?? "", trains,
        entry.splits.joined(separator: ", "),
        files, entry.rows.map(String.init) ?? "",
      ])
    }
    return table.text
  }
}
