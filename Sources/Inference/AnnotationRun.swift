import Files
public import Reviews

/// Files of reviews through an annotator: in order, in the memory of one chunk, no row lost.
public struct AnnotationRun {
  /// What became of the rows: `read` is always `glossed` plus `rejected`.
  public struct Counts: Equatable, Sendable {
    /// Rows that were not blank.
    public var read = 0
    /// Rows with a record.
    public var glossed = 0
    /// Rows that were no review.
    public var rejected = 0
    /// Files in which there was no row at all.
    public var emptyFiles: [String] = []

    /// All zero.
    public init() {}
  }

  /// Reviews read before they are annotated together.
  private static let chunkRows = 512
  /// UTF-8 bytes of text after which a chunk is closed sooner.
  private static let chunkBytes = 1 << 20

  private let annotator: Annotator
  private let options: ReviewReader.Options

  /// A run with one annotator; `options` say how rows are read.
  public init(_ annotator: Annotator, options: ReviewReader.Options) {
    self.annotator = annotator
    self.options = options
  }

  /// Annotates `files` one after the other.
  ///
  /// - Parameters:
  ///   - files: paths; `-` is standard input.
  ///   - counts: kept up to date, also when an error ends the run.
  ///   - isCancelled: asked after every row; true ends the run once the rows read are glossed.
  ///   - rejected: is given each row that is no review, as it is met.
  ///   - glossed: is given each chunk's records, in the order of the rows.
  /// - Throws: `FileError` for a file that cannot be read, and what the receivers throw.
  public func run(
    _ files: [String], counts: inout Counts, isCancelled: () -> Bool,
    rejected: (RejectedRow) throws -> Void, glossed: ([Gloss]) throws -> Void
  ) throws {
    var chunk: [Review] = []
    var bytes = 0
    func flush(_ counts: inout Counts) throws {
      guard !chunk.isEmpty else { return }
      let reviews = chunk
      // Emptied first: a chunk that a receiver refuses is not offered again.
      chunk = []
      bytes = 0
      try glossed(annotator.annotate(reviews))
      counts.glossed += reviews.count
      counts.read += reviews.count
    }
    for file in files {
      do {
        var reader = try ReviewReader(path: file, options: options)
        var isEmpty = true
        while let row = try reader.next() {
          isEmpty = false
          switch row {
          case .review(let review):
            chunk.append(review)
            bytes += review.text.utf8.count
          case .rejected(let row):
            counts.read += 1
            counts.rejected += 1
            try rejected(row)
          }
          if chunk.count >= Self.chunkRows || bytes >= Self.chunkBytes { try flush(&counts) }
          if isCancelled() { return try flush(&counts) }
        }
        if isEmpty { counts.emptyFiles.append(reader.name) }
      } catch let error as FileError {
        // The rows before the damage are good. A signal ends a waiting read with an error, too.
        try flush(&counts)
        if isCancelled() { return }
        throw error
      }
    }
    try flush(&counts)
  }
}
