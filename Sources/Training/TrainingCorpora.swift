import Corpora
import Files
import Foundation
import Reviews

/// The training texts of a run's corpora, without any that a development or test split holds.
struct TrainingCorpora {
  /// The training examples of each corpus, by its name.
  private(set) var examples: [String: [Example]] = [:]
  /// The development examples of each corpus that has such a split, by its name.
  private(set) var development: [String: [Example]] = [:]
  private var languages: [String: [String]] = [:]

  /// Reads the corpora called `names`; `report` is told what was read and what was left out.
  init(
    names: [String], cards folder: String, data: String, report: (String) -> Void
  ) throws(TrainingError) {
    do {
      let corpusFolder = try CorpusFolder(cards: folder, data: data)
      let corpora = try names.map { try corpusFolder.corpus(named: $0) }
      var heldOut: Set<UInt64> = []
      // Every corpus that is there counts, not the run's own alone: any may be evaluated on.
      for corpus in corpusFolder.corpora where corpus.missingFiles.isEmpty {
        for split in corpus.card.splits where split != .train {
          let examples = try corpus.examples(split)
          for example in examples { heldOut.insert(normalisedTextHash(example.text)) }
          if split == .dev, names.contains(corpus.card.name) {
            development[corpus.card.name] = examples
          }
        }
      }
      for corpus in corpora {
        let all = try corpus.load(.train)
        let kept = all.examples.filter { !heldOut.contains(normalisedTextHash($0.text)) }
        examples[corpus.card.name] = kept
        languages[corpus.card.name] = corpus.card.languages
        let dropped = all.examples.count - kept.count
        report(
          "\(corpus.card.name): \(kept.count) training texts"
            + (dropped == 0 ? "" : "; \(dropped) left out, they are in a dev or test split")
            + (all.rejected.isEmpty ? "" : "; \(all.rejected.count) rows rejected"))
      }
    } catch {
      throw .input(String(describing: error))
    }
  }

  /// The training examples of one corpus; none for a name that was not read.
  subscript(name: String) -> [Example] { examples[name] ?? [] }

  /// The languages of one corpus.
  func languages(of name: String) -> [String] { languages[name] ?? [] }

  /// CRC-32 of all examples with their labels.
  var checksum: String {
    var checksum = Checksum()
    for split in [examples, development] {
      for (name, examples) in split.sorted(by: { $0.key < $1.key }) {
        checksum.update(Data("\(name) \(examples.count) \(languages(of: name))\n".utf8))
        for example in examples { checksum.update(Data(example.line.utf8)) }
      }
    }
    return checksum.hexadecimal
  }
}

extension Example {
  /// Everything the example says, on a line.
  fileprivate var line: String {
    func text(_ labels: SpanLabels?) -> String {
      guard let labels else { return "-" }
      let spans = labels.spans.map { "\($0.range) \($0.type) \($0.polarity?.rawValue ?? "-")" }
      return "\(labels.completeTypes) \(spans) \(labels.unknown)"
    }
    let intents = self.intents.map { "\($0.positive) \($0.supervised)" } ?? "-"
    return "\(id)\t\(self.text)\t\(stars?.rawValue ?? 0)\t\(text(opinions))\t\(text(names))"
      + "\t\(intents)\n"
  }
}
