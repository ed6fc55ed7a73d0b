public import Corpora
import Reviews
public import Tensors
public import Tokenization

/// Counts of one split of a corpus.
public struct CorpusStatistics: Codable, Equatable, Sendable {
  /// The corpus's name.
  public var corpus: String
  /// train, dev or test.
  public var split: String
  /// Rows that can be used.
  public var rows = 0
  /// Texts by language, as the rule by script tells it.
  public var languages: [String: Int] = [:]
  /// Texts by the stars that their label allows, as "4-5".
  public var stars: [String: Int] = [:]
  /// Texts by intent.
  public var intents: [String: Int] = [:]
  /// Texts of which the intent's presence or absence is known.
  public var supervisedIntents: [String: Int] = [:]
  /// Spans by type, and of aspects by polarity, as "ASPECT positive".
  public var spans: [String: Int] = [:]
  /// Different users that rows name.
  public var users = 0
  /// Different items that rows name.
  public var items = 0
  /// The first and last time that rows give, in ISO 8601.
  public var firstTime: String?
  /// The last one.
  public var lastTime: String?
  /// Lengths in pieces; nil where rows are no texts.
  public var pieces: Lengths?

  /// How long texts are.
  public struct Lengths: Codable, Equatable, Sendable {
    /// Half of the texts have at most as many pieces.
    public var median: Int
    /// Nineteen of twenty texts have at most as many.
    public var p95: Int
    /// The longest text has as many.
    public var longest: Int
    /// All texts together.
    public var total: Int
  }

  /// The counts of every split of every corpus, in their order.
  ///
  /// - Throws: `CorpusError` where a corpus cannot be read.
  public static func of(
    _ corpora: [Corpus], tokenizer: Tokenizer, workers: Workers
  ) throws(CorpusError) -> [CorpusStatistics] {
    let order = corpora.indices.sorted { corpora[$0].byteCount > corpora[$1].byteCount }
    let counted = workers.map(order) { index in
      Result { () throws(CorpusError) in try SplitCounts.of(corpora[index], tokenizer) }
    }
    var statistics: [Int: [CorpusStatistics]] = [:]
    for (index, counts) in zip(order, counted) { statistics[index] = try counts.get() }
    return corpora.indices.flatMap { statistics[$0] ?? [] }
  }
}

/// The counts of one split while rows come in.
private struct SplitCounts {
  private var result: CorpusStatistics
  private var users: Set<String> = []
  private var items: Set<String> = []
  /// Texts by their number of pieces.
  private var lengths: [Int: Int] = [:]

  static func of(
    _ corpus: Corpus, _ tokenizer: Tokenizer
  ) throws(CorpusError) -> [CorpusStatistics] {
    var counts: [Split: SplitCounts] = [:]
    for split in corpus.card.splits {
      counts[split] = SplitCounts(
        result: CorpusStatistics(corpus: corpus.card.name, split: split.rawValue))
    }
    for list in corpus.lists {
      try corpus.forEachRow(listedUnder: list) { row in
        switch row.outcome {
        case .example(let example): counts[row.split]?.add(example, tokenizer)
        case .record(let record): counts[row.split]?.add(record)
        default: break
        }
      }
    }
    return corpus.card.splits.compactMap { counts[$0]?.finished() }
  }

  private init(result: CorpusStatistics) { self.result = result }

  private mutating func add(_ example: Example, _ tokenizer: Tokenizer) {
    result.rows += 1
    result.languages[Language.code(of: example.text), default: 0] += 1
    lengths[tokenizer.encode(example.text).count, default: 0] += 1
    if let stars = example.stars?.stars {
      result.stars[stars.map(String.init).joined(separator: "-"), default: 0] += 1
    }
    for intent in example.intents?.positive ?? [] { result.intents[intent, default: 0] += 1 }
    for intent in example.intents?.supervised ?? [] {
      result.supervisedIntents[intent, default: 0] += 1
    }
    for span in (example.opinions?.spans ?? []) + (example.names?.spans ?? []) {
      let polarity = span.polarity.map { " \($0.rawValue)" } ?? ""
      result.spans[span.type + polarity, default: 0] += 1
    }
    add(user: example.user, items: example.item.map { [$0] } ?? [], time: example.time)
  }

  private mutating func add(_ record: CorpusRecord) {
    result.rows += 1
    add(user: record.user, items: record.items, time: record.time)
  }

  private mutating func add(user: String?, items: [String], time: String?) {
    if let user { users.insert(user) }
    self.items.formUnion(items)
    // Times with offsets sort once they are in UTC.
    guard let time = time.map({ ReviewTime.utc($0) ?? $0 }) else { return }
    result.firstTime = min(result.firstTime ?? time, time)
    result.lastTime = max(result.lastTime ?? time, time)
  }

  private func finished() -> CorpusStatistics {
    var finished = result
    finished.users = users.count
    finished.items = items.count
    let sorted = lengths.sorted { $0.key < $1.key }
    let count = lengths.values.reduce(0, +)
    guard count > 0 else { return finished }
    /// The least length that `share` percent of the texts do not exceed.
    func percentile(_ share: Int) -> Int {
      var sum = 0
      return sorted.first { length in
        sum += length.value
        return sum * 100 >= share * count
      }?.key ?? 0
    }
    finished.pieces = .init(
      median: percentile(50), p95: percentile(95), longest: sorted.last?.key ?? 0,
      total: sorted.reduce(0) { $0 + $1.key * $1.value })
    return finished
  }
}
