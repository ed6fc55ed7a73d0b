import Corpora
import Files
import Foundation

/// Reads every row of one corpus once and compares what it finds with the card.
struct CorpusCheck {
  private(set) var findings: CorpusFindings
  /// Hashes of the training texts, in their order.
  private(set) var training: [UInt64] = []
  /// Hashes of the texts of the development split.
  private(set) var development: Set<UInt64> = []
  /// The same of each of its rows.
  private var developmentRows: [UInt64] = []
  /// Hashes of the texts of the test split.
  private(set) var test: Set<UInt64> = []

  private let corpus: Corpus
  private let fit: SpanFit?
  private let rejectionLimit: Int
  private var seen: Set<UInt64> = []
  /// By the split that the file is listed under and its path.
  private var rowsByFile: [[String]: (rows: Int, rejected: Int)] = [:]
  private var oddities: [OddText: (count: Int, first: String)] = [:]
  private var remarks = RemarkCounts()

  /// `fit` counts spans that fit no piece boundary; at most `rejectionLimit` rejections are kept.
  init(_ corpus: Corpus, fit: SpanFit?, rejectionLimit: Int) {
    self.corpus = corpus
    self.fit = fit
    self.rejectionLimit = rejectionLimit
    findings = CorpusFindings(corpus: corpus.card.name)
    let missing = corpus.missingFiles
    if !missing.isEmpty, missing.count == corpus.paths.count {
      findings.isAbsent = true
      return
    }
    findings.problems = missing.map {
      "\($0): no such file; put it there or remove it from the card"
    }
    if !missing.isEmpty { return }
    do {
      try compareChecksums()
      for list in corpus.lists { try corpus.forEachRow(listedUnder: list) { add($0, list) } }
      compareRows()
    } catch {
      findings.problems.append(String(describing: error))
    }
    conclude()
  }

  private mutating func compareChecksums() throws(FileError) {
    for file in corpus.listedFiles {
      guard let expected = file.sha256 else { continue }
      let actual = try FileHash.sha256(ofFile: file.path)
      if actual != expected {
        findings.problems.append(
          "\(file.path): SHA-256 is \(actual), the card says \(expected);"
            + " get the file again or correct the card")
      }
    }
  }

  private mutating func add(_ row: CorpusRow, _ list: Split) {
    findings.rows += 1
    let file = [list.rawValue, row.file]
    rowsByFile[file, default: (0, 0)].rows += 1
    remarks.add(row)
    switch row.outcome {
    case .rejected(let reason):
      findings.rejected += 1
      rowsByFile[file]?.rejected += 1
      if findings.rejections.count < rejectionLimit {
        findings.rejections.append(RejectedExample(file: row.file, line: row.line, reason: reason))
      }
    case .excluded: findings.excluded += 1
    case .merged: break
    case .duplicate:
      findings.duplicates += 1
      findings.dropped += 1
    case .record: count(row)
    case .example(let example): add(example, row)
    }
  }

  private mutating func count(_ row: CorpusRow) {
    let isNew =
      switch row.split {
      case .train: seen.insert(row.hash).inserted
      case .dev: development.insert(row.hash).inserted
      case .test: test.insert(row.hash).inserted
      }
    if !isNew { findings.duplicates += 1 }
  }

  private mutating func add(_ example: Example, _ row: CorpusRow) {
    count(row)
    switch row.split {
    case .train: training.append(row.hash)
    case .dev: developmentRows.append(row.hash)
    case .test: break
    }
    if let fit {
      let (spans, unfitted) = fit.count(example)
      findings.spans += spans
      findings.unfitted += unfitted
    }
    if let odd = OddText(example.text) {
      findings.odd += 1
      oddities[odd, default: (0, "\(row.file):\(row.line)")].count += 1
    }
  }

  /// Rows and rejected rows of each file, or of each group of files that is read as one.
  private mutating func compareRows() {
    for group in corpus.fileGroups {
      let found = group.paths.compactMap { rowsByFile[[group.list.rawValue, $0]] }
      let (rows, rejected) = found.reduce((0, 0)) { ($0.0 + $1.rows, $0.1 + $1.rejected) }
      let name = group.paths[0]
      if rows == 0, group.rows != 0 {
        findings.problems.append(
          "\(name): holds no rows; get the file again, correct the card, or say 'rows: 0' under files"
        )
      } else if let expected = group.rows, expected != rows {
        findings.problems.append(
          "\(name): \(rows) rows, the card says \(expected); get the file again or correct the card"
        )
      }
      if let expected = group.rejected, expected != rejected {
        findings.problems.append(
          "\(name): \(rejected) rows cannot be used, the card says \(expected);"
            + " correct the rows, or say 'rejected: \(rejected)' under files")
      } else if group.rejected == nil, rejected > 0 {
        findings.problems.append("\(name): \(rejected) rows cannot be used; correct them")
      }
    }
  }

  private mutating func conclude() {
    findings.acrossSplits =
      development.count { seen.contains($0) } + test.count { seen.contains($0) }
      + test.count { development.contains($0) }
    findings.notes = remarks.notes
    findings.notes += OddText.allCases.compactMap { odd in
      oddities[odd].map { "\($0.count) texts \(odd.rawValue), the first at \($0.first)" }
    }
    // Only the list of training texts is needed on.
    seen = []
  }

  /// Counts the training texts that a held-out split of any corpus has, and the development texts
  /// that a test split has.
  mutating func countLeaks(test heldOutTest: Set<UInt64>, development heldOutDev: Set<UInt64>) {
    for hash in training {
      if heldOutTest.contains(hash) {
        findings.inTest += 1
      } else if heldOutDev.contains(hash) {
        findings.inDev += 1
      }
    }
    findings.devInTest = developmentRows.count { heldOutTest.contains($0) }
  }
}
