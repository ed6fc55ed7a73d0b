public import Models
public import Tensors

/// What a benchmark times.
public enum BenchmarkSubject: String, CaseIterable, Sendable {
  /// Pieces to hidden states, on random weights.
  case encoder
  /// Steps of masked language modelling, on random weights.
  case train
  /// Text to pieces, with a model's tokenizer.
  case tokenizer
  /// Reviews to records, with a model.
  case classify
  /// A model folder to a model that is ready.
  case load
}

/// What is timed, and for how long.
public struct BenchmarkSettings: Sendable {
  /// The encoder of `encoder` and `train`; its windows hold the longest sequence.
  public var shape: ModelShape
  /// Pieces of the vocabulary of `encoder` and `train`.
  public var vocabularySize: Int
  /// Sequences of one batch.
  public var batchSize: Int
  /// The length of every sequence, in order; batches are cut in this order.
  public var lengths: [Int]
  /// About how many pieces go through the encoder at once, by thread.
  public var batchTokens: Int
  /// Threads that work at once.
  public var threads: Int
  /// Of the products of `encoder` and `classify`.
  public var precision: Precision
  /// Seconds that each subject is repeated for.
  public var seconds: Double
  /// The model folder of `tokenizer`, `classify` and `load`.
  public var modelFolder: String
  /// The texts of `tokenizer` and `classify`.
  public var texts: [String]

  /// Settings; every value is given.
  public init(
    shape: ModelShape, vocabularySize: Int, batchSize: Int, lengths: [Int],
    batchTokens: Int, threads: Int, precision: Precision, seconds: Double, modelFolder: String,
    texts: [String]
  ) {
    self.shape = shape
    self.vocabularySize = vocabularySize
    self.batchSize = batchSize
    self.lengths = lengths
    self.batchTokens = batchTokens
    self.threads = threads
    self.precision = precision
    self.seconds = seconds
    self.modelFolder = modelFolder
    self.texts = texts
  }
}

/// What one subject took.
public struct BenchmarkResult: Codable, Equatable, Sendable {
  /// The subject's name.
  public var subject: String
  /// What was timed, for people: sizes and lengths.
  public var shape: String
  /// Threads that worked at once.
  public var threads: Int
  /// The kernels of the matrix products.
  public var blasCore: String
  /// The middle of the times of one repetition.
  public var medianSeconds: Double
  /// The time that 95 of 100 repetitions stayed below.
  public var p95Seconds: Double
  /// Pieces of one repetition by the median; nil where none are counted.
  public var tokensPerSecond: Double?
  /// Thousand million operations a second, a multiplication and an addition counted as two; nil
  /// where they are not counted.
  public var gflops: Double?
  /// `gflops` as a share of what OpenBLAS's products in single precision alone reach on as many
  /// threads in the same run; our own products may pass it.
  public var peakShare: Double?
  /// The most memory that the process has had so far, also for subjects before, in bytes.
  public var peakRSSBytes: Int

  enum CodingKeys: String, CodingKey {
    case subject, shape, threads, gflops
    case blasCore = "blas_core"
    case medianSeconds = "median_seconds"
    case p95Seconds = "p95_seconds"
    case tokensPerSecond = "tokens_per_second"
    case peakShare = "peak_share"
    case peakRSSBytes = "peak_rss_bytes"
  }
}

/// Times the parts of Gloss.
public enum Benchmark {
  /// Repeats a subject for some seconds.
  ///
  /// - Throws: `ModelError` when the model folder cannot be loaded.
  public static func run(
    _ subject: BenchmarkSubject, _ settings: BenchmarkSettings
  ) throws(ModelError) -> BenchmarkResult {
    switch subject {
    case .encoder: encoderResult(settings)
    case .train: trainResult(settings)
    case .tokenizer: try tokenizerResult(settings)
    case .classify: try classifyResult(settings)
    case .load: try loadResult(settings)
    }
  }
}
