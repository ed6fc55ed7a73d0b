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

  /// One JSON object; keys sorted, figures to four decimals.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// A table for people: a line per head with its baseline, then a line per label.
  public func table() -> String {
    var rows = [["corpus", "head", "label", "support", "acc", "P", "R", "F1", "baseline"]]
    for corpus in corpora {
      for report in corpus.heads {
        let (scores, baseline) = (report.scores, report.baseline)
        let name = "\(corpus.corpus)/\(corpus.split)"
        rows.append(
          [name, report.head, "micro"] + figures(scores.micro, accuracy: scores.accuracy) + [
            (baseline.accuracy.map { "acc \(figure($0)) " } ?? "") + "F1 \(figure(baseline.micro.f1))"
          ])
        rows.append(
          [name, report.head, "macro"] + figures(scores.macro, accuracy: nil)
            + ["F1 \(figure(baseline.macro.f1))"])
        for (label, scores) in scores.labels.sorted(by: { $0.key < $1.key }) {
          rows.append(
            [name, report.head, label] + figures(scores, accuracy: nil)
              + ["F1 \(figure(baseline.labels[label]?.f1 ?? 0))"])
        }
      }
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return ([model] + rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return (3...7).contains(column) ? padding + cell.0 : cell.0 + padding
      }.joined(separator: "  ")
    }).joined(separator: "\n")
  }

  private func figures(_ scores: Scores, accuracy: Double?) -> [String] {
    [
      String(scores.support), accuracy.map(figure) ?? "", figure(scores.precision),
      figure(scores.recall), figure(scores.f1),
    ]
  }

  private func figure(_ value: Double) -> String { String(format: "%.3f", value) }
}
