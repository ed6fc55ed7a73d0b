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
      has one, that of its linear part alone. "95 %" is an interval from 1,000 resamples of the texts.
      """)

  @OptionGroup var model: ModelOptions
  @Argument(help: "Names of corpora. (default: every card with files and that split)")
  var corpora: [String] = []
  @Option(help: "The split to read: train, dev or test.") var split: String = "test"
  @Option(help: "The folder of corpus cards.") var cards: String = "corpora"
  @Option(
    name: .customLong("corpora"),
    help: "The folder of the corpora's files. (default: the cards' own folder)")
  var data: String?
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
  }

  func run() throws {
    try failing {
      let reportFolder = try report.map { try ReportFolder($0) }
      let loaded = try model.load()
      let reader = TextReader(
        loaded, threads: threads.count, precision: precision.value)
      let split = Split(rawValue: self.split) ?? .test
      let folder = try CorpusFolder(cards: cards, data: data ?? cards)
      let chosen =
        corpora.isEmpty
        ? folder.labelled(split) : try corpora.map { try folder.corpus(named: $0) }
      if chosen.isEmpty { throw NoCorpus(folder: data ?? cards) }
      let evaluations = try chosen.map { corpus in
        let card = corpus.card
        defer { Console.progress { "evaluated \(card.name)" } }
        return Evaluation(
          on: try corpus.examples(split), corpus: card.name, domain: card.domain, split: split,
          reader: reader, details: true)
      }
      let report = EvaluationReport(
        model: loaded.configuration.identifier, corpora: evaluations.map(\.report))
      try reportFolder?.write(report, mistakes: evaluations.map(\.mistakes))
      try Console.output((json ? try report.json() : report.table()) + "\n")
    }
  }
}
