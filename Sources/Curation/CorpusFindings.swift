public import Corpora

/// What reading all of one corpus showed.
public struct CorpusFindings: Codable, Equatable, Sendable {
  /// The corpus's name.
  public var corpus: String
  /// Its files are not there; nothing was read.
  public var isAbsent = false
  /// Rows read.
  public var rows = 0
  /// Rows that cannot be used.
  public var rejected = 0
  /// Rows that the card leaves out.
  public var excluded = 0
  /// Rows whose text, or whose record, an earlier row of the same split has.
  public var duplicates = 0
  /// Different texts that two splits of the corpus have, once for each pair of splits.
  public var acrossSplits = 0
  /// Training rows whose text is in a test split of any corpus; training leaves them out.
  public var inTest = 0
  /// Training rows whose text is in a development split of any corpus and in no test split;
  /// training leaves them out.
  public var inDev = 0
  /// Development rows whose text is in a test split of any corpus; nothing is tuned on them.
  public var devInTest = 0
  /// Training rows that the card's `deduplicate` leaves out.
  public var dropped = 0
  /// Labelled spans.
  public var spans = 0
  /// Spans that begin or end inside a piece, or overlap another of their layer.
  public var unfitted = 0
  /// Texts that are hardly texts.
  public var odd = 0
  /// Where card and data disagree, a line each with a remedy.
  public var problems: [String] = []
  /// The first rejected rows.
  public var rejections: [RejectedExample] = []
  /// What was odd and settled while reading, a line each with counts.
  public var notes: [String] = []

  /// Nothing was read yet.
  init(corpus: String) { self.corpus = corpus }
}
