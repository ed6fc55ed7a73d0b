import ArgumentParser
import Corpora
import Curation
import Files
import Foundation
import Tensors
import Tokenization

/// `gloss corpora`: what there is to learn from, and whether it is as its cards say.
struct CorporaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpora",
    abstract: "List, check, count, show and import the corpora that cards describe.",
    subcommands: [
      ListCorpora.self, CheckCorpora.self, CountCorpora.self, ShowCorpus.self, ImportCorpora.self,
    ])
}

/// Where cards and files are.
struct CorporaOptions: ParsableArguments {
  @Option(help: "The folder of corpus cards.") var cards: String = "corpora"
  @Option(
    name: .customLong("corpora"),
    help: "The folder of the corpora's files. (default: the cards' own folder)")
  var data: String?

  /// Where the corpora's files are.
  var dataFolder: String { data ?? cards }

  /// Every card, and where the files are.
  func folder() throws -> CorpusFolder { try CorpusFolder(cards: cards, data: dataFolder) }

  /// The corpora of these names, each once, or all where there are none.
  func corpora(_ names: [String]) throws -> [Corpus] {
    let folder = try folder()
    var named: Set<String> = []
    let once = names.filter { named.insert($0).inserted }
    return names.isEmpty ? folder.corpora : try once.map { try folder.corpus(named: $0) }
  }

  /// The corpora of these names, or all whose files are there.
  func present(_ names: [String]) throws -> [Corpus] {
    let corpora = try corpora(names).filter { $0.missingFiles.isEmpty }
    if corpora.isEmpty { throw NoCorpus(folder: dataFolder) }
    return corpora
  }
}

/// None of the corpora's files is there, or none that is labelled and has a split.
struct NoCorpus: Error, CustomStringConvertible {
  let folder: String
  var split: Split?

  var description: String {
    guard let split else {
      return "\(folder): the files of no corpus are there; name their folder with --corpora"
    }
    return "\(folder): the files of no labelled corpus with a \(split.rawValue) split are there;"
      + " name their folder with --corpora, another --split, or give the card one (hash)"
  }
}

struct ListCorpora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List every corpus that has a card.")

  @OptionGroup var options: CorporaOptions
  @Flag(help: "Write one JSON object instead of a table.") var json = false

  func run() throws {
    try failing {
      let list = CorpusList(try options.corpora([]))
      try Console.output(json ? list.json() : list.text())
    }
  }
}

struct CheckCorpora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read every row and compare it with its card.",
    discussion: """
      Exits with 1 where a card and its data disagree. With --card, checks data files of your own:
      gloss corpora check my.csv --card my.yaml
      """)

  @Argument(help: "Names of corpora, or data files where --card is given. (default: all)")
  var names: [String] = []
  @Option(help: "The card of the data files.") var card: String?
  @OptionGroup var options: CorporaOptions
  @OptionGroup var model: ModelOptions
  @Option(help: "How many rejected rows of a corpus to show. (default: 3, of own files all)")
  var show: Int?
  @Flag(help: "Write one JSON object instead of a table.") var json = false
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if let show, show < 0 { throw ValidationError("--show is \(show); it has to be 0 or more") }
  }

  func run() throws {
    try failing {
      let corpora = try chosen()
      if corpora.allSatisfy({ $0.missingFiles.count == $0.paths.count }) {
        throw NoCorpus(folder: card == nil ? options.dataFolder : corpora[0].folder)
      }
      let tokenizer = try Tokenizer(path: model.path() + "/tokenizer.model")
      let report = CheckReport(
        corpora, tokenizer: tokenizer, workers: Workers(count: threads.count),
        rejectionLimit: show ?? (card == nil ? 3 : Int.max))
      try Console.output(json ? report.json() : report.text())
      if !report.isClean { throw Status.rejected }
    }
  }

  private func chosen() throws -> [Corpus] {
    guard let card else { return try options.corpora(names) }
    let own = try CorpusCard(path: card)
    let parent = Folder.parent(of: card)
    return [
      Corpus(
        card: names.isEmpty ? own : try own.reading(names),
        folder: options.data ?? (parent.isEmpty ? "." : parent))
    ]
  }
}

struct CountCorpora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Count labels, languages, users and lengths in pieces.")

  @Argument(help: "Names of corpora. (default: all whose files are there)") var names: [String] = []
  @OptionGroup var options: CorporaOptions
  @OptionGroup var model: ModelOptions
  @Flag(help: "Write one JSON object instead of a table.") var json = false
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    try failing {
      let corpora = try options.present(names)
      let tokenizer = try Tokenizer(path: model.path() + "/tokenizer.model")
      let statistics = try CorpusStatistics.of(
        corpora, tokenizer: tokenizer, workers: Workers(count: threads.count))
      let report = StatisticsReport(corpora: statistics)
      try Console.output(json ? report.json() : report.text())
    }
  }
}

struct ShowCorpus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a card for people, and its first rows.")

  @Argument(help: "The corpus's name.") var name: String
  @OptionGroup var options: CorporaOptions
  @Option(help: "How many rows of each split to show, where the files are there.") var rows = 2

  func validate() throws {
    if rows < 0 { throw ValidationError("--rows is \(rows); it has to be 0 or more") }
  }

  func run() throws {
    try failing {
      try Console.output(try CardText(options.folder().described(name), rows: rows).text())
    }
  }
}

struct ImportCorpora: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Write corpora as canonical JSON lines, with cards.",
    discussion: """
      OUT/NAME/SPLIT.jsonl holds the rows in our own labels, OUT/NAME.yaml reads them:
      a recipe with 'cards: OUT' needs no raw file. Exits with 1 where more or fewer rows cannot be
      used than the card says.
      """)

  @Argument(help: "Names of corpora. (default: all whose files are there)") var names: [String] = []
  @OptionGroup var options: CorporaOptions
  @Option(help: "The folder to write.") var out: String

  func run() throws {
    try failing {
      // Rows that the card knows to be unusable are no surprise.
      var hasRejects = false
      let corpora = try options.present(names)
      try checkPlace(of: corpora)
      for corpus in corpora {
        let result = try CorpusImport.write(corpus, to: out)
        Console.note(result.line)
        hasRejects = hasRejects || result.rejected != result.expectedRejected
      }
      if hasRejects { throw Status.rejected }
    }
  }

  /// No card and no file that is read may be replaced by what is written.
  private func checkPlace(of corpora: [Corpus]) throws {
    let all = try options.corpora([])
    let read = Set(
      (all.flatMap(\.paths) + all.map { "\(options.cards)/\($0.card.name).yaml" })
        .map(ReadingOptions.place))
    for corpus in corpora {
      let name = corpus.card.name
      let written = corpus.card.splits.map { "\(out)/\(name)/\($0.rawValue).jsonl" }
      if let path = (written + ["\(out)/\(name).yaml"]).first(where: {
        read.contains(ReadingOptions.place(of: $0))
      }) {
        throw ValidationError("\(path) is read from and would be replaced; name another --out")
      }
    }
  }
}
