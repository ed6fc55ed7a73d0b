public import Models
public import Reviews
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

/// Reviews in, records out.
public final class Annotator {
  private let reader: TextReader
  private let offsets: OffsetUnit

  /// An annotator with a model; it serves one caller at a time.
  ///
  /// - Parameters:
  ///   - model: what reads.
  ///   - threads: how many threads read at once.
  ///   - batchTokens: about how many pieces go through the encoder at once.
  ///   - offsets: what `start` and `end` of entities count.
  public init(
    _ model: LoadedModel, threads: Int, batchTokens: Int = TextReader.defaultBatchTokens,
    offsets: OffsetUnit = .scalar
  ) {
    reader = TextReader(model, threads: threads, batchTokens: batchTokens)
    self.offsets = offsets
  }

  /// The record of each review, in order.
  public func annotate(_ reviews: [Review]) -> [Gloss] {
    zip(reviews, reader.read(reviews.map(\.text))).map { gloss(of: $0, $1) }
  }

  private func gloss(of review: Review, _ reading: Reading) -> Gloss {
    Gloss(
      id: review.id, user: review.user, item: review.item, time: review.time,
      language: reading.language, sentiment: Self.sentiment(reading.stars),
      entities: entities(reading, in: review.text), intents: intents(reading),
      tokens: reading.tokens, windows: reading.windows,
      model: reader.model.configuration.identifier)
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
      .filter { $0.1.0 >= $0.1.1 }
      .map { Gloss.Intent(label: $0, confidence: Self.rounded($1.0)) }
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
    }
  }

  /// Four decimals, so that records are short and the same on paper and in the store.
  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
