import Files
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
    try sortedJSON(indented: true)
  }

  /// A table for people: for every head micro and macro figures, then a line per label.
  ///
  /// "95 %" is the interval of F1, which of a choice in all is the accuracy. Beside the model's
  /// figures stand those of its linear part and of always giving the commonest answer, and the
  /// expected calibration error.
  public func table() -> String {
    let header = [
      "corpus", "head", "label", "support", "acc", "P", "R", "F1", "95 %", "linear acc", "F1",
      "majority acc", "F1", "cal. error",
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
    let (scores, linear, majority) = (report.scores, report.linear, report.majority)
    func row(
      _ label: String, _ value: (HeadScores) -> Scores?, _ interval: Interval? = nil,
      isWhole: Bool = false
    ) -> [String] {
      let own = value(scores)
      return [
        "\(corpus.corpus)/\(corpus.split)", report.head, label, String(own?.support ?? 0),
        isWhole ? figure(scores.accuracy) : "", figure(own?.precision), figure(own?.recall),
        figure(own?.f1), interval.map { "\(figure($0.low))-\(figure($0.high))" } ?? "",
        isWhole ? figure(linear?.accuracy) : "", figure(linear.flatMap(value)?.f1),
        isWhole ? figure(majority.accuracy) : "", figure(value(majority)?.f1 ?? 0),
        isWhole ? figure(report.reliability?.error) : "",
      ]
    }
    let intervals = scores.intervals
    return [
      row("micro", { $0.micro }, intervals?.microF1, isWhole: true),
      row("macro", { $0.macro }, intervals?.macroF1),
    ] + scores.labels.keys.sorted().map { label in row(label, { $0.labels[label] }) }
  }

  private func figure(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? ""
  }
}
