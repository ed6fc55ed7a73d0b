import Corpora

/// The intents that corpora themselves name: the classes of a head that only training has.
///
/// Ours unite what corpora part (five labels of one corpus may all be `payment_billing`) and leave
/// out what no review asks for. To tell the corpus's own apart teaches the encoder more.
struct CorpusIntents: Equatable, Sendable {
  /// What a text has, and what it could have: the classes of its corpus.
  struct Target: Equatable, Sendable {
    var index: Int
    var possible: Range<Int>
  }

  /// The classes of all corpora.
  private(set) var count = 0
  private var targets: [String: [String: Target]] = [:]

  /// Those that the examples of each corpus have, by its name; of a corpus with fewer than two none,
  /// as there is nothing to tell apart.
  init(_ corpora: [(name: String, examples: [Example])] = []) {
    for (name, examples) in corpora where targets[name] == nil {
      let labels = Set(examples.compactMap(\.corpusIntent)).sorted()
      guard labels.count >= 2 else { continue }
      let possible = count..<count + labels.count
      targets[name] = Dictionary(
        uniqueKeysWithValues: zip(labels, possible).map {
          ($0, Target(index: $1, possible: possible))
        })
      count += labels.count
    }
  }

  /// The target of an example of `corpus`; nil where it has none.
  func target(of example: Example, corpus: String) -> Target? {
    example.corpusIntent.flatMap { targets[corpus]?[$0] }
  }
}
