import ArgumentParser
import Corpora
import Evaluation
import Foundation
import Inference
import Models

/// `gloss evaluate`: how right a model is, beside simpler systems.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a model's output with labelled corpora.",
    discussion: """
      Every figure stands beside that of always giving the commonest answer and, where the model
      has one, that of its linear part alone. "95 %" is an interval from 1,000 resamples of the
      labelled texts.
      """)

  @OptionGroup var model: ModelOptions
  @Argument(help: "Names of corpora. (default: all labelled ones with files and that split)")
  var corpora: [String] = []
  @Option(help: "The split to read: train, dev or test.") var split: String = "test"
  @OptionGroup var options: CorporaOptions
  @Flag(help: "Write one JSON object instead of a table.") var json = false
  @Option(
    help: """
      Write a report to this folder too: index.html (one page), metrics.json and mistakes.jsonl.
      """, completion: .directory)
  var report: String?
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var precision: PrecisionOptions

  func validate() throws {
    if Split(rawValue: split) == nil {
      throw ValidationError("--split is '\(split)'; choose train, dev or test")
    }
    if report == "" { throw ValidationError("--report is empty; name a folder") }
  }

  func run() throws {
    try failing {
      let reportFolder = try report.map { try ReportFolder($0) }
      let loaded = try model.load()
      let reader = TextReader(
        loaded, threads: threads.count, precision: precision.chosen())
      let split = Split(rawValue: self.split) ?? .test
      var isWhole = true
      let evaluations = try chosen(split).map { corpus in
        let card = corpus.card
        defer { Console.progress { "evaluated \(card.name)" } }
        let loaded = try corpus.load(split)
        for problem in Self.problems(of: corpus, loaded, split) {
          Console.note("\(card.name): \(problem)")
          isWhole = false
        }
        let evaluation = Evaluation(
          on: loaded.examples, corpus: card.name, domain: card.domain, split: split,
          reader: reader, details: true)
        if let gap = Self.gap(in: evaluation.report, of: loaded.examples) {
          Console.note("\(card.name): \(gap)")
        }
        return evaluation
      }
      let report = EvaluationReport(
        model: reader.modelName, corpora: evaluations.map(\.report))
      try reportFolder?.write(report, mistakes: evaluations.map(\.mistakes))
      try Console.output((json ? try report.json() : report.table()) + "\n")
      if !isWhole { throw Status.rejected }
    }
  }

  private func chosen(_ split: Split) throws -> [Corpus] {
    if !corpora.isEmpty {
      let named = try options.corpora(corpora)
      for corpus in named { try corpus.require(split) }
      return named
    }
    let labelled = try options.folder().labelled(split)
    if labelled.isEmpty { throw NoCorpus(folder: options.dataFolder, split: split) }
    return labelled
  }

  /// Labels of a split that have no figure, or do not count.
  private static func gap(in report: CorpusReport, of examples: [Example]) -> String? {
    let ratings = examples.compactMap(\.stars)
    if Set(ratings).count == 1 {
      return "all its ratings are alike, so sentiment has no figure (\(ratings.count) texts)"
    }
    if !ratings.isEmpty {
      guard let counted = report.heads.first(where: { $0.head == "sentiment" })?.texts else {
        return "but for those between two stars all its ratings are alike, so sentiment has no"
          + " figure (\(ratings.count) texts)"
      }
      if counted < ratings.count {
        return "\(ratings.count - counted) of \(ratings.count) ratings lie between two stars and do"
          + " not count"
      }
    }
    let onlyPresent = examples.intentsOnlyPresent
    if !onlyPresent.isEmpty {
      return "known only where they are there, so without a figure: "
        + onlyPresent.joined(separator: ", ")
    }
    guard report.heads.isEmpty, !examples.isEmpty else { return nil }
    return "its \(report.split) split has no labels, so it has no figures"
  }

  /// What the figures of a split do not show.
  private static func problems(
    of corpus: Corpus, _ loaded: LoadedSplit, _ split: Split
  ) -> [String] {
    let groups = corpus.fileGroups.filter { $0.list == corpus.list(of: split) }
    var problems: [String] = []
    if loaded.rejected.count > groups.reduce(0, { $0 + ($1.rejected ?? 0) }) {
      problems.append(
        "\(loaded.rejected.count) rows cannot be used and do not count;"
          + " gloss corpora check \(corpus.card.name) says why")
    }
    if loaded.examples.isEmpty { problems.append("its \(split.rawValue) split holds no rows") }
    return problems
  }
}
