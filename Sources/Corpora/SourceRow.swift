import Reviews

/// One row as a reader found it, before the card's mapping.
struct SourceRow {
  /// The file, of a group of files the first.
  var file: DataFile
  /// Where the row starts, from 1.
  var line: Int
  var id: String?
  var text: String
  /// The value of the label field; empty where the row has the field without a value.
  var label: String?
  /// What else the card names under `fields`, as written.
  var parts: [FieldNames.Field: String] = [:]
  /// The items of a basket, or the one item.
  var items: [String] = []
  /// Spans in the corpus's own types; nil where the row says nothing about spans.
  var spans: [SourceSpan]?
  /// The corpus's own polarity of everything the row judges, spans or not.
  var polarities: [String] = []
  /// Stars given outright.
  var stars: [Int]?
  /// Intents given outright, by our names.
  var intents: [String]?
  /// Intents that the row itself says are known; the card's where it says nothing.
  var supervised: [String]?
  /// UTF-8 byte ranges whose tags the row says are unknown, by layer.
  var unknown: [EntityLayer: [Range<Int>]] = [:]
  var remarks: [Remark] = []

  init(file: DataFile, line: Int, id: String? = nil, text: String, label: String? = nil) {
    self.file = file
    self.line = line
    self.id = id
    self.text = text
    self.label = label
  }

  /// The row's own id, or where it stands.
  var givenID: String { id ?? "\(file.name):\(line)" }
}

/// Why a row cannot be used.
struct BadRow: Error {
  let reason: String
}

/// A span in the corpus's own words.
struct SourceSpan: Equatable {
  /// UTF-8 bytes of the row's text.
  var range: Range<Int>
  var type: String
  var polarity: String?
  /// What it is about, in the corpus's own words.
  var category: String?
  /// Groups of aspects given outright, by our names.
  var groups: [String] = []
}

/// Something odd about an annotation that was settled while reading.
enum Remark: String, CaseIterable {
  case realigned = "spans moved to where their words are"
  case notFound = "spans left out: outside the text or their words are not in it"
  case contradictory = "spans annotated with two polarities: kept without"
  case malformedTags = "spans whose tags do not fit together: kept as far as they reach"
  case emptyToken = "tokens without text: left out"
  case ambiguousTarget = "targets that stand several times or inside a word: tokens unknown"
  case targetNotFound = "targets whose words are not in the text: all its tokens unknown"
  case mergedRecord = "records whose labels went to the text of an earlier one"
  case badTime = "times that are no date: left out"
  case otherLabel = "dropped duplicates had another label than the row kept"
}

/// What a reader hands over for each row.
enum SourceEntry {
  case row(SourceRow)
  case rejected(RejectedExample)
  /// A record whose labels went to the row of an earlier one; the path that was read, and where.
  case merged(file: String, line: Int)
}

/// A row that could not be used.
public struct RejectedExample: Codable, Equatable, Sendable, CustomStringConvertible {
  /// The path that was read.
  public var file: String
  /// Where the row starts, from 1.
  public var line: Int
  /// What is wrong with it and what to do, in a few words.
  public var reason: String

  /// A rejection of the row of `file` that starts on `line`.
  public init(file: String, line: Int, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  /// The rejection for people: one line.
  public var description: String { "\(file):\(line): \(reason)" }
}

/// Reads the rows of one format, front to back, one row in memory at a time where the format
/// allows it.
protocol CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError)
}
