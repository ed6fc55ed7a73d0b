public import Foundation

/// Trains the unigram model of a tokenizer.
///
/// Normalisation is nmt_nfkc with case kept; each digit and each Han character is a piece of its own,
/// no piece has more than 16 Unicode scalars, and rare characters become bytes;
/// `<mask>` is the only control symbol, and `<unk>` has id 0. The same texts and settings give the
/// same bytes.
/// Source: Kudo, Subword Regularization (2018), section 3.2; SentencePiece.
public enum TokenizerTrainer {
  /// What to train; the defaults suit reviews in English and Chinese.
  public struct Settings: Sendable, Equatable {
    /// Number of pieces, control symbols and bytes included.
    public var vocabularySize: Int
    /// Share of all characters that get a piece of their own, 0.98...1; the rest become bytes.
    public var characterCoverage: Double
    /// Threads, 1...128. Sums are rounded per thread, so another number gives other last digits.
    public var threadCount: Int

    /// All but the vocabulary size have defaults.
    public init(
      vocabularySize: Int, characterCoverage: Double = 0.9995, threadCount: Int = 2
    ) {
      self.vocabularySize = vocabularySize
      self.characterCoverage = characterCoverage
      self.threadCount = threadCount
    }
  }

  /// Trains on texts: each line of each text is a sentence, long lines are cut.
  ///
  /// Returns the serialized model and the vocabulary for people. Throws `badSetting`, `noText`,
  /// `vocabularyTooSmall` or `vocabularyTooLarge` when the texts and settings cannot give the
  /// vocabulary asked for.
  public static func train(
    texts: some Sequence<String>, settings: Settings
  ) throws(TokenizationError) -> (model: Data, vocabulary: String) {
    try check(settings)
    var sentences = TrainingSentences()
    for text in texts { sentences.add(text) }
    guard sentences.hasWords else { throw .noText }
    let data: Data
    do {
      data = try SentencePiece.train(
        sentences.lines,
        wholePieces: sentences.hanCharacters(coverage: settings.characterCoverage),
        settings: settings)
    } catch .trainingFailed(let reason) {
      throw readable(reason, settings)
    }
    let tokenizer = try Tokenizer(modelData: data, name: "the trained model")
    guard tokenizer.vocabularySize == settings.vocabularySize else {
      throw .vocabularyTooLarge(
        asked: settings.vocabularySize, largest: tokenizer.vocabularySize)
    }
    return (data, tokenizer.vocabulary)
  }

  private static func check(_ settings: Settings) throws(TokenizationError) {
    func require(
      _ name: String, _ value: some Comparable, _ isGood: Bool, _ expected: String
    ) throws(TokenizationError) {
      guard !isGood else { return }
      throw .badSetting(name: name, value: "\(value)", expected: expected)
    }
    let size = settings.vocabularySize
    try require(
      "vocabulary size", size, (1...1_000_000).contains(size), "1 to 1000000")
    let coverage = settings.characterCoverage
    try require("character coverage", coverage, (0.98...1).contains(coverage), "0.98 to 1")
    let threads = settings.threadCount
    try require("thread count", threads, (1...128).contains(threads), "1 to 128")
  }

  /// The library's refusal in Gloss's words. It says "... [condition] Vocabulary size is smaller
  /// than required_chars. ASKED vs SMALLEST. ...".
  private static func readable(_ reason: String, _ settings: Settings) -> TokenizationError {
    if let numbers = reason.firstMatch(of: /required_chars\. \d+ vs (\d+)/),
      let smallest = Int(numbers.1)
    {
      return .vocabularyTooSmall(asked: settings.vocabularySize, smallest: smallest)
    }
    if reason.contains("sentences_.empty()") { return .noText }
    return .trainingFailed(reason: reason)
  }
}
