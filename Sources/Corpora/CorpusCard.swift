import Files
import Foundation
import Reviews

/// What Gloss knows about one corpus: where it is from, how to read it, what its labels mean.
///
/// A card is a YAML file of the keys below, named after the corpus.
public struct CorpusCard: Sendable {
  /// Where a corpus was taken from.
  public struct Source: Sendable {
    /// `owner/name`, or the project it is part of.
    public let repository: String
    /// The file or folder in the repository.
    public let path: String
    /// The version that was taken, where one is known.
    public let commit: String?
  }

  /// Short name, also of the card's file.
  public let name: String
  /// What the corpus is, for people.
  public let title: String
  /// `en`, `zh`, or `mul` for several.
  public let language: String
  /// What its texts are about, in one or a few words such as `films`; nil where it does not say.
  public let domain: String?
  /// What its rows are.
  public let kind: CorpusKind
  /// What may be done with it.
  public let licence: String?
  /// Whom to cite.
  public let citation: String?
  /// Where it was taken from.
  public let sources: [Source]
  /// What to know before training on it: traps, and what the mapping decided.
  public let notes: [String]
  /// What to know before quoting a score.
  public let evaluation: [String]
  /// What other systems reached on it.
  public let scores: [PublishedScore]

  let reader: ReaderSettings
  let fields: FieldNames?
  /// Files by split.
  var files: [Split: [CorpusFile]]
  let hash: HashSplit?
  /// Only the first of equal texts stays in the training split.
  let deduplicate: Bool
  let excluded: Exclusions
  let excludedIDs: ExcludedIDs?
  let labels: LabelMapping
  /// The folder of the card.
  private(set) var folder = ""

  /// The splits the corpus offers.
  public var splits: [Split] {
    Split.allCases.filter { files[$0] != nil || (hash?.percent(of: $0) ?? 0) > 0 }
  }

  /// The languages of its texts: both of Gloss's where the card says `mul`.
  public var languages: [String] { language == "mul" ? ["en", "zh"] : [language] }

  /// The heads that the corpus trains: any of `sentiment`, `opinions`, `names`, `intents`.
  public var heads: [String] { kind == .texts ? labels.heads : [] }

  /// The format of its files.
  public var format: String { reader.format.rawValue }

  /// Labels of ours that the corpus says everything about: a line for each language, and one of intents.
  public var completeness: [String] {
    var lines: [String] = []
    if let complete = labels.spans?.complete {
      let byLanguage = complete.byLanguage?.sorted { $0.key < $1.key }
      lines +=
        byLanguage?.map { "\($0.value.joined(separator: ", ")) in \($0.key)" }
        ?? [complete.all.joined(separator: ", ")]
      if labels.spans?.isOutsideUnknown == true {
        lines.append("(tokens outside spans are unknown)")
      }
    }
    let intents = labels.supervisedIntents
    return intents.isEmpty ? lines : lines + [intents.joined(separator: ", ")]
  }

  /// Labels of ours that the corpus says nothing about: training learns nothing from their absence.
  public var masked: [String] {
    let types = EntityLayer.allCases.flatMap(\.types).filter {
      labels.spans?.complete.all.contains($0) != true
    }
    let intents = LabelSchema.intents.filter { !labels.supervisedIntents.contains($0) }
    let sentiment = heads.contains("sentiment") ? [] : ["sentiment"]
    return [sentiment, types, intents].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }
  }

  /// The languages in which the corpus annotates a type or intent.
  public func languages(of label: String) -> [String] {
    labels.spans?.complete.languages(of: label) ?? languages
  }

  /// The same card for other files: all of them are listed under train. Of them is known what is
  /// true of all rows of the card's first files, as many as are read together.
  ///
  /// - Throws: `CorpusError` for a file that is not there, or where files are missing of those that
  ///   are read together.
  public func reading(_ paths: [String]) throws(CorpusError) -> CorpusCard {
    let group = reader.filesAtOnce
    guard paths.count.isMultiple(of: group) else {
      throw .card(
        file: "\(name).yaml",
        problem: "its format reads \(group) files together, of \(paths.count)",
        remedy: "name all of them")
    }
    if let missing = paths.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
      throw .missingFile(path: missing, corpus: name)
    }
    let known = (Split.allCases.compactMap { files[$0] }.first ?? []).prefix(group)
    var card = self
    card.files = [
      .train: paths.enumerated().map { index, path in
        let path = URL(fileURLWithPath: path).path
        let place = index % group
        return place < known.count ? CorpusFile(known[place], at: path) : CorpusFile(path: path)
      }
    ]
    return card
  }

  /// Reads the card at `path`; throws where it is not a card or says what cannot be.
  public init(path: String) throws(CorpusError) {
    do {
      self = try StrictYAML.decode(CorpusCard.self, fromFile: path)
    } catch {
      throw .file(error)
    }
    let url = URL(fileURLWithPath: path)
    folder = url.deletingLastPathComponent().path
    if let fault = faults(fileName: url.deletingPathExtension().lastPathComponent).first {
      throw .card(file: path, problem: fault.problem, remedy: fault.remedy)
    }
  }
}

/// Reads every card (`*.yaml`) of `folder`, by name.
public func loadCards(in folder: String) throws(CorpusError) -> [CorpusCard] {
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    throw .card(
      file: folder, problem: "no such folder of corpus cards",
      remedy: "name one that exists, with --cards or in the recipe")
  }
  var cards: [CorpusCard] = []
  for name in names where name.hasSuffix(".yaml") {
    cards.append(
      try CorpusCard(path: URL(fileURLWithPath: folder).appendingPathComponent(name).path))
  }
  return cards.sorted { $0.name < $1.name }
}
