import Files
import Reviews

/// The rows of several files in chunks that are worked on at once, in the memory of one chunk.
struct RowChunks {
  /// Neighbouring rows, not yet understood, and where the reading stands after them.
  struct Chunk {
    var rows: [RawRow] = []
    var byteCount = 0
    /// Rows of which an earlier run has written the records.
    var known = AnnotationRun.Counts()
    /// Files that ended here without a row.
    var emptyFiles: [String] = []
    /// Files that ended here and were read as plain text, but begin as JSON or like a table.
    var likelyRows: [String] = []
    /// Blank lines passed over since the start.
    var blank = 0
    /// Bytes of the files, packed or not, that were read since the start.
    var bytesRead = 0
  }

  /// Rows of a chunk, and bytes of them after which it is closed sooner.
  private static let (mostRows, mostBytes, mostKnown) = (512, 1 << 16, 1 << 13)

  private let options: ReviewReader.Options
  private let pieceCount: ((String) -> Int)?
  private let isCancelled: @Sendable () -> Bool
  private var files: ArraySlice<String>
  private var left: Int
  private var written: WrittenRecords?
  private var reader: ReviewReader?
  private var isEmpty = true
  private var blankBefore = 0
  private var bytesBefore = 0
  private var isDone = false
  private var error: (any Error)?

  /// The first `limit` rows of `files`; those that `written` has records of are known, where id and
  /// `pieceCount` are those of the record.
  init(
    _ files: [String], limit: Int?, written: WrittenRecords?, options: ReviewReader.Options,
    pieceCount: ((String) -> Int)? = nil, isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.files = files[...]
    self.options = options
    self.pieceCount = pieceCount
    self.isCancelled = isCancelled
    self.written = written
    left = limit ?? .max
  }

  /// The next chunk; nil at the end, and once the run is cancelled.
  ///
  /// - Throws: what ended the reading, after the rows before it.
  mutating func next() throws -> Chunk? {
    if isDone {
      // A signal ends a waiting read with an error, too.
      if let error, !isCancelled() { throw error }
      return nil
    }
    var chunk = Chunk()
    do {
      try fill(&chunk)
    } catch {
      self.error = error
      isDone = true
    }
    chunk.blank = blankBefore + (reader?.blankCount ?? 0)
    chunk.bytesRead = bytesBefore + (reader?.fileOffset ?? 0)
    return chunk
  }

  private mutating func fill(_ chunk: inout Chunk) throws {
    while chunk.rows.count < Self.mostRows, chunk.byteCount < Self.mostBytes,
      chunk.known.read < Self.mostKnown
    {
      // Rows that are here are not kept waiting for those that are not.
      if !chunk.rows.isEmpty, reader?.waits == true { return }
      guard left > 0, !isCancelled() else {
        isDone = true
        return
      }
      guard let row = try nextRow(&chunk) else {
        isDone = true
        if let record = try written?.next(), !isCancelled() {
          throw Self.changed(record, "the input has no row of it")
        }
        return
      }
      left -= 1
      if try isKnown(row, &chunk) { continue }
      chunk.rows.append(row)
      chunk.byteCount += row.byteCount
    }
  }

  private mutating func nextRow(_ chunk: inout Chunk) throws -> RawRow? {
    while true {
      if reader == nil {
        guard let file = files.popFirst() else { return nil }
        reader = try ReviewReader(path: file, options: options, isCancelled: isCancelled)
        isEmpty = true
        if let reader, reader.hasLikelyRows { chunk.likelyRows.append(reader.name) }
      }
      if let row = try reader?.nextRaw() {
        isEmpty = false
        return row
      }
      if isEmpty, let reader { chunk.emptyFiles.append(reader.name) }
      blankBefore += reader?.blankCount ?? 0
      bytesBefore += reader?.fileOffset ?? 0
      reader = nil
    }
  }

  private static func changed(_ record: WrittenRecords.Record, _ what: String) -> FileError {
    .malformed(
      path: record.file, line: nil,
      problem: "its record \(record.number) is of '\(oneLine(record.id))', \(what)",
      remedy: "the input has changed; remove the file and begin anew")
  }

  /// Whether the row's record is written already; a rejected row has none and is rejected anew.
  private mutating func isKnown(_ row: RawRow, _ chunk: inout Chunk) throws -> Bool {
    guard written != nil, case .review(let review) = row.row else { return false }
    guard let record = try written?.next() else {
      written = nil
      return false
    }
    guard record.id == review.id else {
      throw Self.changed(record, "the row's id is '\(oneLine(review.id))'")
    }
    if let pieces = pieceCount?(review.text), pieces != record.tokens {
      throw Self.changed(record, "which has \(record.tokens) pieces and now \(pieces)")
    }
    chunk.known.count(isAbstained: record.isAbstained, tokens: record.tokens, used: record.tokens)
    chunk.known.read += 1
    if review.replaced != nil { chunk.known.replaced += 1 }
    chunk.known.redacted.merge(review.redacted ?? [:], uniquingKeysWith: +)
    return true
  }
}
