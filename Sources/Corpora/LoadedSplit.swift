/// One split of a corpus, read and mapped.
///
/// Every row that was read is accounted for: `rowsRead` is the sum of `examples`, `rejected`,
/// `duplicatesDropped`, `excluded`, `merged` and `inOtherSplits`.
public struct LoadedSplit: Equatable, Sendable {
  /// In the order of the files.
  public var examples: [Example] = []
  /// Rows of the files that the split is read from.
  public var rowsRead = 0
  /// Rows that could not be used. Splits made of one file by hash all report them.
  public var rejected: [RejectedExample] = []
  /// Training rows that repeat the text of an earlier one, where the card says `deduplicate`.
  public var duplicatesDropped = 0
  /// Rows that the card leaves out by what they say or, of training rows, by id.
  public var excluded = 0
  /// Records whose labels went to the row of an earlier one, of whatever split.
  public var merged = 0
  /// Rows that belong to another split made of the same files by hash.
  public var inOtherSplits = 0
  private var remarks = RemarkCounts()

  /// What was odd about the annotations, a line each, with counts.
  public var notes: [String] { remarks.notes }

  /// Counts one row of the files that `split` is read from.
  mutating func add(_ row: CorpusRow, of split: Split) {
    rowsRead += 1
    if case .rejected(let reason) = row.outcome {
      rejected.append(RejectedExample(file: row.file, line: row.line, reason: reason))
    } else if row.outcome == .merged {
      merged += 1
      remarks.add(row)
    } else if row.split != split {
      inOtherSplits += 1
    } else {
      remarks.add(row)
      switch row.outcome {
      case .example(let example): examples.append(example)
      case .duplicate: duplicatesDropped += 1
      case .excluded: excluded += 1
      case .record, .rejected, .merged: break
      }
    }
  }
}

/// How often each oddity was met.
public struct RemarkCounts: Equatable, Sendable {
  private var counts: [Remark: Int] = [:]

  /// None so far.
  public init() {}

  /// Counts the oddities of one row.
  public mutating func add(_ row: CorpusRow) {
    for remark in row.remarks { counts[remark, default: 0] += 1 }
  }

  /// A line for each that was met, with its count.
  public var notes: [String] {
    Remark.allCases.compactMap { remark in counts[remark].map { "\($0) \(remark.rawValue)" } }
  }
}
