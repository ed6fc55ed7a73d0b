import Corpora
import Files

/// The training texts of a run's corpora, without any that a development or test split holds.
struct TrainingCorpora {
  /// The training examples of each corpus, by its name.
  private(set) var examples: [String: [Example]] = [:]
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
          for example in try corpus.examples(split) {
            heldOut.insert(normalisedTextHash(example.text))
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
}
