public import Models
public import Reviews
public import Tensors
import Tokenization

/// Reads texts with a model: tokenizer, encoder and heads, on several threads.
///
/// A reader keeps its scratch memory between calls; each of its workers serves one caller at a time.
public final class TextReader {
  /// The model that reads.
  public let model: LoadedModel
  /// The model as records name it: what it says depends on the precision too.
  public let modelName: String
  let workers: Workers
  private let readers: [PassReader]

  /// Pieces of a pass through the encoder whose numbers stay in a core's cache.
  public static let defaultBatchTokens = 512
  /// UTF-8 bytes of the texts that a worker takes at once.
  private static let shareBytes = 1 << 14

  /// A reader that packs about `batchTokens` pieces into each pass through the encoder, does the work
  /// of `heads` only, and rounds the factors of products with weights to `precision`.
  public init(
    _ model: LoadedModel, threads: Int, batchTokens: Int = defaultBatchTokens,
    heads: Set<Head> = Head.all, precision: Precision = .float32
  ) {
    BLAS.warnOnce()
    self.model = model
    modelName =
      model.configuration.identifier + (precision == .float32 ? "" : "+\(precision.rawValue)")
    workers = Workers(count: threads)
    let weights = PackedParameters(model.weights, precision: precision)
    readers = (0..<workers.count).map { _ in
      PassReader(model, weights, batchTokens: max(1, batchTokens), heads: heads)
    }
  }

  /// How often scratch memory was asked of the system; constant once the largest batch was met.
  var allocationCount: Int { readers.reduce(0) { $0 + $1.allocationCount } }

  /// What the model says about each text, in their order; all workers share the work.
  ///
  /// `spans` are for each text UTF-8 byte ranges whose polarity is asked for, beside that of the
  /// aspects found; empty for none.
  public func read(_ texts: [String], polaritiesOf spans: [[Range<Int>]] = []) -> [Reading] {
    precondition(spans.isEmpty || spans.count == texts.count, "spans for other texts")
    let shares = runs(of: texts.lazy.map(\.utf8.count), limit: Self.shareBytes)
    return workers.map(shares) { share, worker in
      readers[worker].read(Array(texts[share]), spans.isEmpty ? [] : Array(spans[share]))
    }.flatMap { $0 }
  }

  /// What the model says about each text, in their order, by one worker alone.
  func read(_ texts: [String], worker: Int) -> [Reading] { readers[worker].read(texts, []) }
}
