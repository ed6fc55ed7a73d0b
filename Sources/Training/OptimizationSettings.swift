import Files
public import Tensors

/// How a stage steps.
public struct OptimizationSettings: Decodable, Equatable, Sendable {
  /// What turns gradients into steps.
  public enum Optimizer: String, CaseIterable, Sendable {
    /// AdamW for every parameter.
    case adamw
    /// Muon for the hidden matrices of the encoder, AdamW for all others.
    case muon
  }

  /// About how many pieces one batch holds.
  public var batchTokens: Int
  /// How many batches one step adds up; a step's losses are means over all of them.
  public var gradientAccumulation: Int
  /// What turns gradients into steps.
  public var optimizer: Optimizer
  /// To what products of matrices round their factors, but for those of pooling and of the intents'
  /// attention.
  public var precision: Precision
  /// The highest learning rate, reached after the warm-up.
  public var learningRate: Double
  /// The learning rate of the embedding's table as a share of `learningRate`, 0...1.
  public var embeddingRate: Double
  /// Share of the steps over which the learning rate rises from zero, 0...1.
  public var warmup: Double
  /// Decay of matrices per step, times the learning rate.
  public var weightDecay: Double
  /// Probability that a value is dropped, 0..<1.
  public var dropout: Double
  /// The gradient's norm is cut to this.
  public var gradientClip: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case batchTokens = "batch_tokens"
    case gradientAccumulation = "gradient_accumulation"
    case optimizer
    case precision
    case learningRate = "learning_rate"
    case embeddingRate = "embedding_rate"
    case warmup
    case weightDecay = "weight_decay"
    case dropout
    case gradientClip = "gradient_clip"
  }

  /// Settings with every default.
  init(learningRate: Double) {
    batchTokens = 8_192
    gradientAccumulation = 1
    optimizer = .adamw
    precision = .float32
    self.learningRate = learningRate
    embeddingRate = 1
    warmup = 0.06
    weightDecay = 0.01
    dropout = 0.1
    gradientClip = 1
  }

  /// Reads the settings; an unknown key, optimizer or precision or a number out of range is an
  /// error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    self.init(learningRate: try values.number(.learningRate, in: 0...10))
    batchTokens = try values.number(.batchTokens, in: 1...1 << 24, default: batchTokens)
    gradientAccumulation = try values.number(
      .gradientAccumulation, in: 1...1 << 20, default: gradientAccumulation)
    optimizer = try values.choice(.optimizer, default: optimizer)
    precision = try values.choice(.precision, default: precision)
    embeddingRate = try values.number(.embeddingRate, in: 0...1, default: embeddingRate)
    warmup = try values.number(.warmup, in: 0...1, default: warmup)
    weightDecay = try values.number(.weightDecay, in: 0...10, default: weightDecay)
    dropout = try values.number(.dropout, in: 0...0.95, default: dropout)
    gradientClip = try values.number(.gradientClip, in: 1e-6...1e6, default: gradientClip)
  }
}

extension KeyedDecodingContainer {
  /// A number that lies in `range`, or `defaultValue` where the key is absent.
  func number<Value: Comparable & Decodable>(
    _ key: Key, in range: ClosedRange<Value>, default defaultValue: Value? = nil
  ) throws -> Value {
    if let defaultValue, !contains(key) { return defaultValue }
    let value = try decode(Value.self, forKey: key)
    guard range.contains(value) else {
      throw problem(
        key, "is \(value); it has to be \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// One of the cases of `Value`, or `defaultValue` where the key is absent.
  func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ key: Key, default defaultValue: Value
  ) throws -> Value {
    guard let name = try decodeIfPresent(String.self, forKey: key) else { return defaultValue }
    guard let value = Value(rawValue: name) else {
      let names = Value.allCases.map(\.rawValue).joined(separator: " or ")
      throw problem(key, "is \(name); it has to be \(names)")
    }
    return value
  }

  /// Throws where a list of corpora names one twice, whose texts would then count twice.
  func requireOnce(_ names: [String], _ key: Key) throws {
    if let name = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) }) {
      throw problem(key, "names \(name.element) twice; name it once")
    }
  }

  /// An error about the value of a key.
  func problem(_ key: Key, _ description: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath + [key], debugDescription: description))
  }
}
