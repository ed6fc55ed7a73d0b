import ArgumentParser
import Corpora
import Evaluation
import Foundation
import Inference
import Models

/// `gloss evaluate`: how right a model is, beside the majority baseline.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a model's output with labelled corpora.",
    discussion: "Every figure stands beside that of always giving the commonest answer.")

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
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if Split(rawValue: split) == nil {
      throw ValidationError("--split is '\(split)'; choose train, dev or test")
    }
  }

  func run() throws {
    try failing {
      let loaded = try model.load()
      let reader = TextReader(loaded, threads: threads.count)
      let split = Split(rawValue: self.split) ?? .test
      let folder = try CorpusFolder(cards: cards, data: data ?? cards)
      let chosen =
        corpora.isEmpty
        ? folder.labelled(split) : try corpora.map { try folder.corpus(named: $0) }
      var reports: [CorpusReport] = []
      for corpus in chosen {
        let examples = try corpus.examples(split)
        reports.append(
          Evaluation.report(
            on: examples, corpus: corpus.card.name, split: split, reader: reader))
        Console.progress { "evaluated \(corpus.card.name)" }
      }
      let report = EvaluationReport(
        model: loaded.configuration.identifier, corpora: reports)
      try Console.output((json ? try report.json() : report.table()) + "\n")
    }
  }
}
