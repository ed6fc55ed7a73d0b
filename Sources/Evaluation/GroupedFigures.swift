/// The mean figure of a head over all texts of one group, such as a domain, of several corpora.
struct GroupedFigure: Equatable {
  var head: String
  /// Such as `films`, `zh` or `17-64`.
  var group: String
  /// How many corpora have such texts.
  var corpora: Int
  /// How many texts of them are labelled for the head.
  var texts: Int
  /// The mean over corpora, each counted as often as it has texts.
  var figure: Double
  /// That of the linear part; nil where some corpus has none.
  var linear: Double?
  /// That of the commonest answer; nil where it is not known by group.
  var majority: Double?
}

extension EvaluationReport {
  /// What stands for the domain of corpora whose card has none.
  static let noDomain = "not said"

  /// By head and domain, in order.
  var byDomain: [GroupedFigure] {
    grouped { corpus, head in
      guard let figure = head.scores.figure else { return [] }
      return [
        Part(
          group: corpus.domain ?? Self.noDomain, texts: head.texts, figure: figure,
          linear: head.linear?.figure, majority: head.majority.figure)
      ]
    }
  }

  /// By head and value of a dimension of slices, `length` or `language`, in order.
  func by(_ dimension: String) -> [GroupedFigure] {
    grouped { _, head in
      (head.slices ?? []).filter { $0.dimension == dimension }.map {
        Part(group: $0.value, texts: $0.texts, figure: $0.figure, linear: $0.linear)
      }
    }
  }

  /// The texts of one corpus that are of a group.
  private struct Part {
    var group: String
    var texts: Int
    var figure: Double
    var linear: Double?
    var majority: Double?
  }

  private func grouped(_ parts: (CorpusReport, HeadReport) -> [Part]) -> [GroupedFigure] {
    var found: [String: [String: [Part]]] = [:]
    for corpus in corpora {
      for head in corpus.heads {
        for part in parts(corpus, head) where part.texts > 0 {
          found[head.head, default: [:]][part.group, default: []].append(part)
        }
      }
    }
    return HeadReport.order.flatMap { head in
      (found[head] ?? [:]).sorted { Self.rises($0.key, $1.key) }.map { group, parts in
        Self.mean(of: parts, head: head, group: group)
      }
    }
  }

  private static func mean(of parts: [Part], head: String, group: String) -> GroupedFigure {
    let texts = parts.reduce(0) { $0 + $1.texts }
    func mean(_ value: (Part) -> Double?) -> Double? {
      let values = parts.compactMap(value)
      guard values.count == parts.count else { return nil }
      return zip(values, parts).reduce(0) { $0 + $1.0 * ratio($1.1.texts, texts) }
    }
    return GroupedFigure(
      head: head, group: group, corpora: parts.count, texts: texts,
      figure: mean(\.figure) ?? 0, linear: mean(\.linear), majority: mean(\.majority))
  }

  /// By the number that a group starts with, then by name; what is not said comes last.
  private static func rises(_ left: String, _ right: String) -> Bool {
    func key(_ group: String) -> (Int, Int, String) {
      (group == noDomain ? 1 : 0, Int(group.prefix { $0.isNumber }) ?? 0, group)
    }
    return key(left) < key(right)
  }
}

extension HeadReport {
  /// All heads, as they are shown.
  static let order = ["sentiment", "intents", "opinions", "names", "polarity"]

  /// What the figure that counts is.
  var measure: String { ["sentiment", "polarity"].contains(head) ? "accuracy" : "micro F1" }
}
