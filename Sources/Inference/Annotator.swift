public import Models
public import Privacy
public import Reviews
public import Tensors
import Tokenization

/// What the offsets of entities count.
public enum OffsetUnit: String, CaseIterable, Sendable {
  /// Unicode scalars: Python string indices.
  case scalar
  /// Bytes of UTF-8.
  case utf8
  /// Units of UTF-16: JavaScript and Java string indices.
  case utf16
}

/// A review's record, and what goes with it.
public struct Annotation: Equatable, Sendable {
  /// The record.
  public var gloss: Gloss
  /// What was read; nil where the row was a record already.
  public var review: Review?
  /// The bytes of such a row; nil for others.
  public var row: [UInt8]?
  /// Pieces whose hidden states came to the heads; `gloss.tokens` unless something was lost.
  public var usedPieces: Int
  /// Pieces of personal data, by kind, that were replaced in the text.
  public var redacted: [PersonalData.Kind: Int] = [:]
}

/// Reviews in, records out. One serves one caller at a time; it shares the work out to its threads.
public final class Annotator {
  private let reader: TextReader
  private let offsets: OffsetUnit
  private let heads: Set<Head>
  private let minimumConfidence: Double

  /// An annotator with a model.
  ///
  /// - Parameters:
  ///   - model: what reads.
  ///   - threads: how many threads read at once.
  ///   - batchTokens: about how many pieces go through the encoder at once.
  ///   - offsets: what `start` and `end` of entities count.
  ///   - heads: what records say; the work for the others is not done.
  ///   - minimumConfidence: entities and intents less certain are left out, and a record whose
  ///     sentiment is less certain abstains; 0...1.
  ///   - precision: to what the factors of products with weights are rounded.
  public init(
    _ model: LoadedModel, threads: Int, batchTokens: Int = TextReader.defaultBatchTokens,
    offsets: OffsetUnit = .scalar, heads: Set<Head> = Head.all, minimumConfidence: Double = 0,
    precision: Precision = .float32
  ) {
    reader = TextReader(
      model, threads: threads, batchTokens: batchTokens, heads: heads, precision: precision)
    self.offsets = offsets
    self.heads = heads
    self.minimumConfidence = minimumConfidence
  }

  /// The model as records name it.
  public var modelName: String { reader.modelName }

  /// Who share the work; each can annotate for one caller at a time.
  var workers: Workers { reader.workers }

  /// How many pieces a text has.
  func pieceCount(of text: String) -> Int { reader.model.tokenizer.encode(text).ids.count }

  /// The record of each review, in order; all workers share the work.
  public func annotate(_ reviews: [Review]) -> [Gloss] {
    zip(reviews, reader.read(reviews.map(\.text))).map { gloss(of: $0, $1) }
  }

  /// The annotation of each review, in order, by one of the workers alone.
  func annotate(_ reviews: [Review], worker: Int) -> [Annotation] {
    zip(reviews, reader.read(reviews.map(\.text), worker: worker)).map { review, reading in
      Annotation(
        gloss: gloss(of: review, reading), review: review, usedPieces: reading.usedTokens,
        redacted: review.redacted ?? [:])
    }
  }

  private func gloss(of review: Review, _ reading: Reading) -> Gloss {
    let sentiment = heads.contains(.sentiment) ? Self.sentiment(reading.stars) : .none
    let isCertain = sentiment.probabilities.isEmpty || sentiment.confidence >= minimumConfidence
    return Gloss(
      id: review.id, user: review.user, item: review.item, time: review.time,
      language: reading.language, sentiment: sentiment,
      entities: entities(reading, in: review.text), intents: intents(reading),
      tokens: reading.tokens, windows: reading.windows,
      abstained: reading.tokens > 0 && isCertain ? nil : true, replaced: review.replaced,
      offsets: offsets == .scalar ? nil : offsets.rawValue,
      model: reader.modelName)
  }

  static func sentiment(_ stars: [Double]) -> Gloss.Sentiment {
    let byLabel: [(label: Gloss.Polarity, probability: Double)] = [
      (.negative, stars[0] + stars[1]), (.neutral, stars[2]), (.positive, stars[3] + stars[4]),
    ]
    let best = byLabel.reduce(byLabel[0]) { $1.probability > $0.probability ? $1 : $0 }
    let mean = zip(1..., stars).reduce(0) { $0 + Double($1.0) * $1.1 }
    return Gloss.Sentiment(
      label: best.label, stars: rounded(mean), confidence: rounded(best.probability),
      probabilities: stars.map(rounded))
  }

  private func intents(_ reading: Reading) -> [Gloss.Intent] {
    let configuration = reader.model.configuration
    return zip(configuration.intents, zip(reading.intents, configuration.intentThresholds))
      .filter { $0.1.0 >= $0.1.1 && configuration.knows($0.0, in: reading.language) }
      .map { Gloss.Intent(label: $0, confidence: Self.rounded($1.0)) }
      .filter { $0.confidence >= minimumConfidence }
      .sorted { ($1.confidence, $0.label) < ($0.confidence, $1.label) }
  }

  private func entities(_ reading: Reading, in text: String) -> [Gloss.Entity] {
    guard !reading.entities.isEmpty else { return [] }
    let utf8 = Array(text.utf8)
    let counts = TextOffsets(text)
    func offset(_ byte: Int) -> Int {
      switch offsets {
      case .scalar: counts.scalars(atByte: byte)
      case .utf8: byte
      case .utf16: counts.utf16Units(atByte: byte)
      }
    }
    return reading.entities.map { entity in
      Gloss.Entity(
        layer: entity.layer, type: entity.type,
        text: String(decoding: utf8[entity.bytes], as: UTF8.self),
        start: offset(entity.bytes.lowerBound), end: offset(entity.bytes.upperBound),
        confidence: Self.rounded(entity.confidence), polarity: entity.polarity)
    }.filter { $0.confidence >= minimumConfidence }
  }

  /// Four decimals, so that records are short and the same on paper and in the store.
  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}

extension Gloss.Sentiment {
  /// What a record has where the sentiment was not asked for.
  fileprivate static let none = Self(label: .neutral, stars: 0, confidence: 0, probabilities: [])
}
