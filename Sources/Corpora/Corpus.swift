import Foundation

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
    paths.filter { !FileManager.default.fileExists(atPath: $0) }
  }

  /// Paths of all files that the card names.
  public var paths: [String] {
    Split.allCases.flatMap { files($0) }.map(\.path)
      + [card.excludedIDs.map { path($0.file) }].compactMap(\.self)
  }

  /// The splits under which the card lists files.
  public var lists: [Split] { Split.allCases.filter { card.files[$0] != nil } }

  /// The list of files that holds a split: its own, or that of train, which is divided by hash.
  public func list(of split: Split) -> Split { card.files[split] == nil ? .train : split }

  /// Throws where the corpus has no such split.
  public func require(_ split: Split) throws(CorpusError) {
    guard card.splits.contains(split) else {
      throw .noSplit(corpus: card.name, split: split, splits: card.splits)
    }
  }

  /// The examples of a split, in the order of the files.
  public func examples(_ split: Split) throws(CorpusError) -> [Example] {
    try load(split).examples
  }

  /// Reads a split into memory. Throws where the corpus has none, a file is missing or is not what
  /// the card says; a row that cannot be used is reported in the result.
  public func load(_ split: Split) throws(CorpusError) -> LoadedSplit {
    try require(split)
    var loaded = LoadedSplit()
    try forEachRow(listedUnder: list(of: split)) { loaded.add($0, of: split) }
    return loaded
  }

  /// Reads the files listed under a split once and calls `body` with every row in their order,
  /// whatever split it is part of.
  ///
  /// Memory is that of one row, but for formats that are read whole (`json-members`, `seg`,
  /// `zhijiang`); where the card says `deduplicate` it grows by some forty bytes for each training
  /// row.
  ///
  /// - Throws: `CorpusError` where a file is missing or is not what the card says; a row that cannot
  ///   be used is a rejected one.
  public func forEachRow(
    listedUnder list: Split, _ body: (CorpusRow) -> Void
  ) throws(CorpusError) {
    let files = files(list)
    for file in files where !FileManager.default.fileExists(atPath: file.path) {
      throw .missingFile(path: file.path, corpus: card.name)
    }
    var placing = RowPlacing(
      card: card, list: list, excludedIDs: list == .train ? try excludedIDs() : [])
    let reader = card.reader.corpusReader(card)
    try reader.read(files) { body(placing.row($0)) }
  }

  /// The files listed under a split, with where they are.
  func files(_ list: Split) -> [DataFile] {
    (card.files[list] ?? []).map { file in
      DataFile(path: path(file.path), card: file, encoding: card.reader.encoding)
    }
  }

  private func path(_ name: String) -> String {
    if name.hasPrefix("./") { return "\(card.folder)/\(name.dropFirst(2))" }
    return name.hasPrefix("/") ? name : "\(folder)/\(name)"
  }

  private func excludedIDs() throws(CorpusError) -> Set<String> {
    guard let excluded = card.excludedIDs else { return [] }
    let file = DataFile(path: path(excluded.file), card: CorpusFile(path: excluded.file))
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
