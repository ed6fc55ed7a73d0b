import Corpora
import Files
import Foundation
import Reviews
import Tensors

/// The training texts of a run's corpora, without any that a development or test split holds, unless
/// a corpus is to be read as it was published, and the development texts that no test split holds.
struct TrainingCorpora {
  /// The training examples of each corpus, by its name.
  private(set) var examples: [String: [Example]] = [:]
  /// The development examples of each corpus that has such a split, by its name.
  private(set) var development: [String: [Example]] = [:]
  /// The names of the corpora that were asked for, but not read for their licence.
  private(set) var leftOut: Set<String> = []
  private var cards: [String: CorpusCard] = [:]

  /// Reads the corpora called `names` whose licence begins as one of `licences`, all where that is
  /// nil, and of all others that are there what they hold out, on `workers`. Those that are `learned`
  /// need a training split, all where that is nil; those `asPublished` keep texts that are held out.
  /// `report` is told what was read and what was left out.
  init(
    names: [String], learned: Set<String>? = nil, licences: [String]? = nil,
    asPublished: [String] = [],
    cards folder: String, data: String, workers: Workers, report: (String) -> Void
  ) throws(TrainingError) {
    do {
      let corpusFolder = try CorpusFolder(cards: folder, data: data)
      let asked = try names.map { try corpusFolder.corpus(named: $0) }
      let own = asked.filter { $0.card.isLicensed(as: licences) }
      leftOut = Set(names).subtracting(own.map(\.card.name))
      if let licences, !leftOut.isEmpty {
        report(
          "left out, of another licence than \(licences.joined(separator: ", ")): "
            + leftOut.sorted().joined(separator: ", "))
      }
      for corpus in own where learned?.contains(corpus.card.name) != false {
        try corpus.require(.train)
      }
      // Every corpus that is there counts, not the run's own alone: any may be evaluated on.
      let others = corpusFolder.corpora.filter { corpus in
        !own.contains { $0.card.name == corpus.card.name } && corpus.card.kind == .texts
          && corpus.card.splits.contains { $0 != .train } && corpus.missingFiles.isEmpty
      }
      let readings = workers.map(own + others) { corpus in
        Result { () throws(CorpusError) in
          try CorpusReading(
            corpus, keepsExamples: own.contains { $0.card.name == corpus.card.name })
        }
      }
      var (development, test): (Set<UInt64>, Set<UInt64>) = ([], [])
      for reading in readings {
        development.formUnion(try reading.get().developmentTexts)
        test.formUnion(try reading.get().testTexts)
      }
      for (corpus, reading) in zip(own, readings) {
        let isPublished = asPublished.contains(corpus.card.name)
        try add(
          corpus.card, reading.get(), development: development, test: test, keepsAll: isPublished,
          report)
      }
    } catch {
      throw .input(String(describing: error))
    }
  }

  private mutating func add(
    _ card: CorpusCard, _ reading: CorpusReading, development heldOut: Set<UInt64>,
    test: Set<UInt64>, keepsAll: Bool, _ report: (String) -> Void
  ) {
    let kept = reading.training.filter { !heldOut.contains($0.hash) && !test.contains($0.hash) }
    let found = reading.training.count - kept.count
    examples[card.name] = (keepsAll ? reading.training : kept).map(\.example)
    let tuned = reading.development.filter { keepsAll || !test.contains($0.hash) }
    let tested = reading.development.count - tuned.count
    if card.splits.contains(.dev) { development[card.name] = tuned.map(\.example) }
    cards[card.name] = card
    let outcome = keepsAll ? "kept as published, though" : "left out,"
    report(
      "\(card.name): \(self[card.name].count) training texts"
        + (found == 0 ? "" : "; \(found) \(outcome) they are in a dev or test split")
        + (tested == 0 ? "" : "; \(tested) dev texts left out, they are in a test split")
        + (reading.rejected == 0 ? "" : "; \(reading.rejected) rows rejected"))
  }

  /// The training examples of one corpus; none for a name that was not read.
  subscript(name: String) -> [Example] { examples[name] ?? [] }

  /// The languages in which a corpus annotates a label.
  func languages(of name: String, for label: String) -> [String] {
    cards[name]?.languages(of: label) ?? []
  }

  /// CRC-32 of all examples with their labels.
  var checksum: String {
    var checksum = Checksum()
    for split in [examples, development] {
      for (name, examples) in split.sorted(by: { $0.key < $1.key }) {
        checksum.update(Data("\(name) \(examples.count) \(cards[name]?.languages ?? [])\n".utf8))
        for example in examples {
          checksum.update(Data((example.line + (example.corpusIntent ?? "")).utf8))
        }
      }
    }
    return checksum.hexadecimal
  }
}

/// What a run needs of one corpus, each file read once.
private struct CorpusReading {
  /// Hashes of the texts of the development and of the test split.
  var developmentTexts: Set<UInt64> = []
  var testTexts: Set<UInt64> = []
  var training: [(example: Example, hash: UInt64)] = []
  var development: [(example: Example, hash: UInt64)] = []
  /// Rows of the training files that cannot be used.
  var rejected = 0

  /// Keeps the hashes alone where `keepsExamples` is false.
  init(_ corpus: Corpus, keepsExamples: Bool) throws(CorpusError) {
    let needed = Set(corpus.card.splits.filter { keepsExamples || $0 != .train })
    for list in Set(needed.map(corpus.list)) {
      try corpus.forEachRow(listedUnder: list) { row in
        switch row.outcome {
        case .example(let example): add(example, row, keepsExamples)
        case .rejected where list == .train: rejected += 1
        default: break
        }
      }
    }
  }

  private mutating func add(_ example: Example, _ row: CorpusRow, _ keepsExamples: Bool) {
    switch row.split {
    case .train:
      if keepsExamples { training.append((example, row.hash)) }
    case .dev:
      developmentTexts.insert(row.hash)
      if keepsExamples { development.append((example, row.hash)) }
    case .test: testTexts.insert(row.hash)
    }
  }
}

extension CorpusCard {
  /// Whether the licence begins as one of `licences`, or any will do.
  fileprivate func isLicensed(as licences: [String]?) -> Bool {
    licences?.contains { licence?.hasPrefix($0) ?? false } ?? true
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
