import Foundation

/// One split of a corpus, read and mapped.
///
/// Every row that was read is accounted for: `rowsRead` is the sum of `examples`, `rejected`,
/// `duplicatesDropped`, `excluded` and `inOtherSplits`.
public struct LoadedSplit: Equatable, Sendable {
  /// In the order of the files.
  public var examples: [Example] = []
  /// Rows of the files that the split is read from.
  public var rowsRead = 0
  /// Rows that could not be used. Splits made of one file by hash all report them.
  public var rejected: [RejectedExample] = []
  /// Training rows that repeat the text of an earlier one, where the card says `deduplicate`.
  public var duplicatesDropped = 0
  /// Training rows that the card leaves out by id.
  public var excluded = 0
  /// Rows that belong to another split made of the same files by hash.
  public var inOtherSplits = 0
  /// What was odd about the annotations, a line each, with counts.
  public var notes: [String] = []
}

/// A corpus on disk: a card, and the folder its files are in.
public struct Corpus: Sendable {
  /// What the corpus is and how to read it.
  public let card: CorpusCard
  /// The folder that the card's file names are relative to.
  public let folder: String

  /// The corpus that `card` describes, with its files in `folder`.
  public init(card: CorpusCard, folder: String) {
    self.card = card
    self.folder = folder
  }

  /// Paths of the card's files that are not there.
  public var missingFiles: [String] {
    (Split.allCases.flatMap { card.files[$0] ?? [] } + [card.excludedIDs?.file].compactMap(\.self))
      .map { dataFile($0).path }.filter { !FileManager.default.fileExists(atPath: $0) }
  }

  /// The examples of a split, in the order of the files.
  public func examples(_ split: Split) throws(CorpusError) -> [Example] {
    try load(split).examples
  }

  /// Reads a split. Throws where the corpus has none, a file is missing or is not what the card
  /// says; a row that cannot be used is reported in the result.
  public func load(_ split: Split) throws(CorpusError) -> LoadedSplit {
    guard card.splits.contains(split) else {
      throw .noSplit(corpus: card.name, split: split, splits: card.splits)
    }
    let files = (card.files[split] ?? card.files[.train] ?? []).map(dataFile)
    for file in files where !FileManager.default.fileExists(atPath: file.path) {
      throw .missingFile(path: file.path, corpus: card.name)
    }
    let isTraining = split == .train
    var loading = Loading(
      card: card, split: split,
      isShared: card.hash != nil && (isTraining || card.files[split] == nil),
      excludedIDs: isTraining ? try excludedIDs() : [])
    let reader = card.reader.corpusReader(fields: card.fields ?? FieldNames())
    try reader.read(files) { loading.add($0, paths: files) }
    return loading.finished()
  }

  private func dataFile(_ name: String) -> DataFile {
    let path = name.hasPrefix("./") ? "\(card.folder)/\(name.dropFirst(2))" : "\(folder)/\(name)"
    return DataFile(path: path, name: name, isLossy: card.reader.encoding == .lossyUTF8)
  }

  private func excludedIDs() throws(CorpusError) -> Set<String> {
    guard let excluded = card.excludedIDs else { return [] }
    let file = dataFile(excluded.file)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw .missingFile(path: file.path, corpus: card.name)
    }
    let object = try? JSONSerialization.jsonObject(with: file.contents()) as? [String: Any]
    guard let ids = object?[excluded.key] as? [String] else {
      throw .format(
        file: file.path, line: nil, problem: "no list of ids under '\(excluded.key)'",
        remedy: "correct exclude_ids on the card")
    }
    return Set(ids)
  }
}

/// A split while its rows come in.
private struct Loading {
  let card: CorpusCard
  let split: Split
  /// The files also hold rows of other splits.
  let isShared: Bool
  let excludedIDs: Set<String>
  private var result = LoadedSplit()
  private var remarks: [Remark: Int] = [:]
  /// Text hashes of the rows kept, with their labels.
  private var labelByText: [UInt64: String?] = [:]

  init(card: CorpusCard, split: Split, isShared: Bool, excludedIDs: Set<String>) {
    self.card = card
    self.split = split
    self.isShared = isShared
    self.excludedIDs = excludedIDs
  }

  mutating func add(_ entry: SourceEntry, paths: [DataFile]) {
    result.rowsRead += 1
    switch entry {
    case .rejected(let rejection):
      result.rejected.append(rejection)
    case .row(let row):
      if let reason = place(row) {
        let path = paths.first { $0.name == row.file }?.path ?? row.file
        result.rejected.append(RejectedExample(file: path, line: row.line, reason: reason))
      }
    }
  }

  /// Puts a row where it belongs; returns the reason where it cannot be used.
  private mutating func place(_ source: SourceRow) -> String? {
    var row = source
    if card.reader.htmlBreaks { row.text = row.text.replacingHTMLBreaks() }
    if card.reader.stripQuotes { row.text = row.text.strippingQuotes() }
    guard row.text.hasContent else { return "empty text" }
    if let id = row.id, excludedIDs.contains(id) {
      result.excluded += 1
      return nil
    }
    let deduplicates = card.deduplicate && split == .train
    let hash = isShared || deduplicates ? normalisedTextHash(row.text) : 0
    if isShared, let hashSplit = card.hash,
      hashSplit.split(textHash: hash, id: row.id ?? "\(row.file):\(row.line)") != split
    {
      result.inOtherSplits += 1
      return nil
    }
    if deduplicates, let label = labelByText[hash] {
      result.duplicatesDropped += 1
      if label != row.label { remarks[.otherLabel, default: 0] += 1 }
      return nil
    }
    do {
      result.examples.append(try card.labels.example(of: &row))
    } catch {
      return error.reason
    }
    if deduplicates { labelByText[hash] = .some(row.label) }
    for remark in row.remarks { remarks[remark, default: 0] += 1 }
    return nil
  }

  func finished() -> LoadedSplit {
    var finished = result
    finished.notes = Remark.allCases.compactMap { remark in
      remarks[remark].map { "\($0) \(remark.rawValue)" }
    }
    return finished
  }
}
