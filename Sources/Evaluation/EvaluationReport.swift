import Foundation

/// The figures of a model on every corpus asked for: what `metrics.json` holds.
public struct EvaluationReport: Codable, Equatable, Sendable {
  /// Name and checksum of the model.
  public var model: String
  /// In the order asked for.
  public var corpora: [CorpusReport]

  /// A report on a model.
  public init(model: String, corpora: [CorpusReport]) {
    self.model = model
    self.corpora = corpora
  }

  /// One JSON object, keys sorted.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// A table for people: for every head micro and macro figures, then a line per label.
  public func table() -> String {
    let header = [
      "corpus", "head", "label", "support", "acc", "P", "R", "F1", "majority acc", "P", "R", "F1",
    ]
    var rows = [header]
    for corpus in corpora {
      for report in corpus.heads { rows += self.rows(corpus, report) }
    }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column < 3 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
    }
    return ([model] + lines).joined(separator: "\n")
  }

  private func rows(_ corpus: CorpusReport, _ report: HeadReport) -> [[String]] {
    let (scores, baseline) = (report.scores, report.baseline)
    func row(_ label: String, _ own: Scores, _ majority: Scores?, hasAccuracy: Bool = false)
      -> [String]
    {
      [
        "\(corpus.corpus)/\(corpus.split)", report.head, label, String(own.support),
        hasAccuracy ? figure(scores.accuracy) : "", figure(own.precision), figure(own.recall),
        figure(own.f1), hasAccuracy ? figure(baseline.accuracy) : "",
        figure(majority?.precision ?? 0), figure(majority?.recall ?? 0), figure(majority?.f1 ?? 0),
      ]
    }
    return [
      row("micro", scores.micro, baseline.micro, hasAccuracy: true),
      row("macro", scores.macro, baseline.macro),
    ]
      + scores.labels.sorted { $0.key < $1.key }
      .map { row($0.key, $0.value, baseline.labels[$0.key]) }
  }

  private func figure(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? ""
  }
}
