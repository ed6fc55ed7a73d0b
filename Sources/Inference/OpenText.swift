internal import Foundation
import Models
import Reviews
import Tokenization

/// A text on its way through the encoder: its pieces and windows, and what is known so far.
struct OpenText {
  let text: String
  let bytes: [UInt8]
  let language: String
  let pieces: EncodedText
  /// Which pieces go on with the word before them.
  let continuesWord: [Bool]
  /// What the encoder reads: the pieces, or an unknown one where normalisation leaves none.
  let ids: [Int32]
  let windows: [TextWindow]
  /// The pieces of the spans whose polarity is asked for; nil for a span that has none.
  let asked: [Range<Int>?]

  /// Pieces before this one are done with; the hidden states from it on are those of `tail`.
  var base = 0
  var tail: [Float] = []
  /// Pieces whose hidden states came to the heads.
  var usedPieces = 0
  var sentiment = PooledMean()
  /// The heads' logits of the whole text; empty where a head was not asked.
  var starLogits: [Double] = []
  var intentLogits: [Double] = []
  var entities: [Reading.Entity] = []
  var polarities: [Gloss.Polarity?]

  init(_ text: String, asked spans: [Range<Int>], model: LoadedModel) {
    self.text = text
    bytes = Array(text.utf8)
    language = Language.code(of: text)
    pieces = model.tokenizer.encode(text)
    continuesWord = pieces.continuesWord(in: text)
    ids = pieces.ids.isEmpty ? [model.tokenizer.unknownID] : pieces.ids
    let shape = model.configuration.shape
    let isLong = ids.count > shape.windowSize
    windows = TextWindow.windows(
      of: ids.count, shape: shape, breaks: isLong ? pieces.sentenceStarts(in: bytes) : [])
    let encoded = pieces
    asked = spans.map { encoded.pieces(covering: $0) }
    polarities = spans.map { _ in nil }
  }

  /// All that is known, once every window was read.
  func reading(_ model: LoadedModel) -> Reading {
    let configuration = model.configuration
    let isWeighed = !model.ngrams.isEmpty && !(starLogits.isEmpty && intentLogits.isEmpty)
    let counts = isWeighed ? NGrams.counts(in: text) : []
    func logits(_ head: String, _ encoder: [Double]) -> HeadLogits {
      let ngrams = encoder.isEmpty ? nil : model.ngrams[head]
      return HeadLogits(
        encoder: encoder, ngrams: ngrams.map { $0.logits(of: counts).map(Double.init) } ?? [])
    }
    let stars = logits("sentiment", starLogits)
    let intents = logits("intents", intentLogits)
    let probabilities = HeadLogits.each(
      intents.weighed(configuration.intents.map(configuration.calibration(ofIntent:))))
    return Reading(
      language: language,
      stars: HeadLogits.choice(stars.weighed(configuration.calibration(of: "sentiment"))),
      intents: zip(configuration.intents, probabilities).map { name, probability in
        configuration.knows(name, in: language) ? probability : 0
      },
      starLogits: stars, intentLogits: intents, entities: entities,
      polarities: polarities.map { $0 ?? .neutral }, tokens: pieces.count,
      usedTokens: pieces.ids.isEmpty ? 0 : usedPieces, windows: windows.count)
  }
}

/// The mean hidden state of a text, put together from those of its windows, each with the weight
/// that attention gives to all its pieces: the mean over the whole text, but for rounding.
struct PooledMean {
  private var maximum = -Double.infinity
  private var weight = 0.0
  private var sum: [Double] = []

  /// Takes one window's mean and the log of the sum of its pieces' weights.
  mutating func add(_ mean: [Float], logSum: Double) {
    if sum.isEmpty { sum = mean.map { _ in 0 } }
    // Weights count from the largest so far, so that none overflows.
    let largest = max(maximum, logSum)
    let (past, present) = (exp(maximum - largest), exp(logSum - largest))
    weight = weight * past + present
    for index in sum.indices { sum[index] = sum[index] * past + Double(mean[index]) * present }
    maximum = largest
  }

  /// The mean of everything taken.
  var mean: [Float] { sum.map { Float($0 / weight) } }
}
