import Files
public import Privacy
public import Reviews
import Tensors

/// Files of reviews through an annotator: in order, in bounded memory, no row lost.
public struct AnnotationRun {
  /// What became of the rows: `read` is always `glossed` plus `abstained` plus `passed` plus
  /// `rejected`, and `piecesRead` is `piecesUsed`.
  public struct Counts: Equatable, Sendable {
    /// Rows that were not blank, and whose outcome was delivered.
    public var read = 0
    /// Rows with a record.
    public var glossed = 0
    /// Rows with a record that says that the model abstains.
    public var abstained = 0
    /// Rows that needed no reading.
    public var passed = 0
    /// Rows that were no review.
    public var rejected = 0
    /// Pieces of the texts.
    public var piecesRead = 0
    /// Pieces whose hidden states came to the heads.
    public var piecesUsed = 0
    /// Rows in which U+FFFD stands for something that was no UTF-8.
    public var replaced = 0
    /// Pieces of personal data, by kind, that were replaced in the texts of these records.
    public var redacted: [PersonalData.Kind: Int] = [:]
    /// Lines without anything in them.
    public var blank = 0
    /// Files in which there was no row at all.
    public var emptyFiles: [String] = []
    /// Files that were read as plain text, but begin as JSON or like a table.
    public var likelyRows: [String] = []

    /// All zero.
    public init() {}

    mutating func count(isAbstained: Bool, tokens: Int, used: Int) {
      if isAbstained { abstained += 1 } else { glossed += 1 }
      piecesRead += tokens
      piecesUsed += used
    }

    mutating func add(_ other: Counts) {
      read += other.read
      glossed += other.glossed
      abstained += other.abstained
      piecesRead += other.piecesRead
      piecesUsed += other.piecesUsed
      replaced += other.replaced
      redacted.merge(other.redacted, uniquingKeysWith: +)
    }
  }

  /// Who takes what comes out; each call comes after the one before it, on any thread.
  public protocol Receiver {
    /// Records in the order of the rows.
    ///
    /// - Throws: `PartlyWritten` when only the first of them were taken, or any error for none.
    func glossed(_ annotations: [Annotation]) throws
    /// Reviews that needed no reading, before the records of the rows around them.
    func passed(_ reviews: [Review]) throws
    /// A row that is no review, in order among its like.
    func rejected(_ row: RejectedRow) throws
    /// How far the run has come, after each chunk: `bytesRead` of the files, packed or not.
    func advanced(_ counts: Counts, bytesRead: Int)
  }

  /// A row that is no review ended the run, as was asked for.
  public struct StoppedAtRow: Error, CustomStringConvertible {
    /// Where and why.
    public let description: String
  }

  /// What to read, and how.
  public struct Settings: Sendable {
    /// How rows are read.
    public var options: ReviewReader.Options
    /// Rows to read at most; nil for all.
    public var limit: Int?
    /// Whether the first row that is no review ends the run.
    public var stopsAtBadRow: Bool
    /// Says of each review whether it needs no reading; called on any thread.
    public var passes: (@Sendable ([Review]) throws -> [Bool])?

    /// Reads everything unless told otherwise.
    public init(
      options: ReviewReader.Options = .init(), limit: Int? = nil, stopsAtBadRow: Bool = false,
      passes: (@Sendable ([Review]) throws -> [Bool])? = nil
    ) {
      self.options = options
      self.limit = limit
      self.stopsAtBadRow = stopsAtBadRow
      self.passes = passes
    }
  }

  /// Chunks under way for each worker: enough that none waits for a slow one; of records, which are
  /// soon read, enough that none waits for those who write them.
  private static let (chunksPerWorker, recordChunksPerWorker) = (4, 32)
  /// Bytes of rows under way from which on no other chunk is read: one row may have far more.
  private static let mostBytes = 1 << 25

  /// Nil where the rows are records already.
  private let annotator: Annotator?
  private let workers: Workers
  private let settings: Settings

  /// A run over reviews with one annotator.
  public init(_ annotator: Annotator, settings: Settings = Settings()) {
    self.annotator = annotator
    self.settings = settings
    workers = annotator.workers
  }

  /// A run over records as `Gloss.jsonLine` writes them, which are taken as they are.
  public init(recordsWithThreads threads: Int, settings: Settings = Settings()) {
    annotator = nil
    self.settings = settings
    workers = Workers(count: threads)
  }

  /// Annotates `files` one after the other.
  ///
  /// - Parameters:
  ///   - files: paths; `-` is standard input.
  ///   - written: records of an earlier run, whose rows are passed over but count.
  ///   - counts: kept up to date, also when an error ends the run.
  ///   - receiver: takes records and rejected rows.
  ///   - isCancelled: asked after every row and while input is awaited; true ends the run once the
  ///     rows read are delivered.
  /// - Throws: `FileError` for a file that cannot be read, `StoppedAtRow`, and what the receiver
  ///   throws.
  public func run(
    _ files: [String], resuming written: WrittenRecords? = nil, counts: inout Counts,
    to receiver: some Receiver, isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    var chunks = RowChunks(
      files, limit: settings.limit, written: written, options: settings.options,
      pieceCount: annotator.map { $0.pieceCount }, isCancelled: isCancelled)
    try OrderedPipeline(
      workers: workers,
      limit: (annotator == nil ? Self.recordChunksPerWorker : Self.chunksPerWorker) * workers.count,
      weightLimit: Self.mostBytes
    ).run {
      try chunks.next()
    } weight: {
      $0.byteCount
    } work: { chunk, worker in
      outcome(of: chunk, worker)
    } deliver: { outcome in
      try deliver(outcome, &counts, receiver)
    }
  }

  /// What became of a chunk.
  private struct Outcome {
    let chunk: RowChunks.Chunk
    var annotations: [Annotation] = []
    var passed: [Review] = []
    var rejected: [RejectedRow] = []
    /// What kept rows from being asked about.
    var error: (any Error)?
  }

  private func outcome(of chunk: RowChunks.Chunk, _ worker: Int) -> Outcome {
    var outcome = Outcome(chunk: chunk)
    var reviews: [Review] = []
    for row in chunk.rows {
      if annotator == nil {
        switch row.record {
        case .gloss(let gloss):
          outcome.annotations.append(
            Annotation(gloss: gloss, row: row.bytes, usedPieces: gloss.tokens))
        case .rejected(let row): outcome.rejected.append(row)
        }
      } else {
        switch row.row {
        case .review(let review): reviews.append(review)
        case .rejected(let row): outcome.rejected.append(row)
        }
      }
      if settings.stopsAtBadRow, !outcome.rejected.isEmpty { break }
    }
    guard let annotator else { return outcome }
    do {
      if var passes = try settings.passes?(reviews) {
        // A review that comes again in this chunk may change what the others of its id stand for.
        let times = Dictionary(reviews.map { ($0.id, 1) }, uniquingKeysWith: +)
        for (index, review) in reviews.enumerated() where times[review.id] != 1 {
          passes[index] = false
        }
        outcome.passed = zip(reviews, passes).filter(\.1).map(\.0)
        reviews = zip(reviews, passes).filter { !$0.1 }.map(\.0)
      }
      outcome.annotations = annotator.annotate(reviews, worker: worker)
    } catch {
      outcome.error = error
    }
    return outcome
  }

  private func deliver(
    _ outcome: Outcome, _ counts: inout Counts, _ receiver: some Receiver
  ) throws {
    counts.add(outcome.chunk.known)
    counts.blank = outcome.chunk.blank
    counts.emptyFiles += outcome.chunk.emptyFiles
    counts.likelyRows += outcome.chunk.likelyRows
    if let error = outcome.error { throw error }
    if !outcome.passed.isEmpty { try receiver.passed(outcome.passed) }
    counts.passed += outcome.passed.count
    counts.read += outcome.passed.count
    do {
      if !outcome.annotations.isEmpty { try receiver.glossed(outcome.annotations) }
    } catch let partly as PartlyWritten {
      Self.count(outcome.annotations.prefix(partly.count), &counts)
      counts.read += partly.count
      throw partly.error
    }
    Self.count(outcome.annotations[...], &counts)
    for (index, row) in outcome.rejected.enumerated() {
      do {
        try receiver.rejected(row)
      } catch {
        counts.read += outcome.annotations.count + index
        throw error
      }
      counts.rejected += 1
    }
    counts.read += outcome.annotations.count + outcome.rejected.count
    receiver.advanced(counts, bytesRead: outcome.chunk.bytesRead)
    if settings.stopsAtBadRow, let row = outcome.rejected.first {
      throw StoppedAtRow(description: "\(row.file):\(row.line): \(row.reason)")
    }
  }

  private static func count(_ annotations: ArraySlice<Annotation>, _ counts: inout Counts) {
    for annotation in annotations {
      let gloss = annotation.gloss
      counts.count(
        isAbstained: gloss.abstained == true, tokens: gloss.tokens, used: annotation.usedPieces)
      if gloss.replaced != nil { counts.replaced += 1 }
      counts.redacted.merge(annotation.redacted, uniquingKeysWith: +)
    }
  }
}
