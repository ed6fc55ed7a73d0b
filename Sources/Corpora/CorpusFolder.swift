/// A folder of cards and the folder of the files they speak of.
public struct CorpusFolder: Sendable {
  /// Every corpus that has a card, in order of name.
  public let corpora: [Corpus]
  private let folder: String

  /// Reads all cards of `cards`; the corpora's files are looked for in `data`.
  ///
  /// - Throws: `CorpusError` for a folder or card that cannot be read.
  public init(cards: String, data: String) throws(CorpusError) {
    folder = cards
    corpora = try loadCards(in: cards).map { Corpus(card: $0, folder: data) }
  }

  /// The corpus of that name, with or without its files.
  ///
  /// - Throws: `CorpusError.unknownCorpus` without such a card.
  public func described(_ name: String) throws(CorpusError) -> Corpus {
    guard let corpus = corpora.first(where: { $0.card.name == name }) else {
      throw .unknownCorpus(name: name, folder: folder, known: corpora.map(\.card.name).sorted())
    }
    return corpus
  }

  /// The corpus of that name, with all its files there.
  ///
  /// - Throws: `CorpusError.unknownCorpus` without such a card, `.missingFile` without its files.
  public func corpus(named name: String) throws(CorpusError) -> Corpus {
    let corpus = try described(name)
    if let path = corpus.missingFiles.first {
      throw .missingFile(path: path, corpus: name)
    }
    return corpus
  }

  /// The corpora that have labels and the split, and whose files are all there.
  public func labelled(_ split: Split) -> [Corpus] {
    corpora.filter { corpus in
      corpus.card.splits.contains(split) && !corpus.card.heads.isEmpty
        && corpus.missingFiles.isEmpty
    }
  }
}
