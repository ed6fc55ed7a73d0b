import Foundation

/// A linear model over n-grams: logits of one head's labels for a text.
///
/// It knows a list of features and passes over all others, so that what was never learned adds
/// nothing. A feature's value is (1 + log count) times its inverse document frequency, and a text's
/// values have the Euclidean length 1.
/// Source: Salton and Buckley, Term-weighting Approaches in Automatic Text Retrieval, 1988.
public struct NGramModel: Equatable, Sendable {
  /// The features that it knows, rising: [F].
  public let features: [UInt32]
  /// Number of logits, L.
  public let labelCount: Int
  /// Inverse document frequency of every feature: [F].
  public var rarity: [Float]
  /// [F, L], row-major.
  public var weights: [Float]
  /// [L]
  public var bias: [Float]
  /// Where the features with given upper 16 bits begin, and the end of the last: [65,537].
  private let starts: [Int32]

  /// A model that has learned nothing: every logit is zero.
  ///
  /// - Parameters:
  ///   - features: what it knows, rising.
  ///   - rarity: inverse document frequencies, as many.
  ///   - labelCount: number of logits.
  public init(features: [UInt32], rarity: [Float], labelCount: Int) {
    precondition(features.count == rarity.count, "a rarity for every feature")
    self.features = features
    self.rarity = rarity
    self.labelCount = labelCount
    weights = Array(repeating: 0, count: features.count * labelCount)
    bias = Array(repeating: 0, count: labelCount)
    var starts = [Int32](repeating: 0, count: 1 << 16 + 1)
    for feature in features { starts[Int(feature >> 16) + 1] += 1 }
    for group in 1..<starts.count { starts[group] += starts[group - 1] }
    self.starts = starts
  }

  /// The known features of a text: their places, rising, and their values.
  public func values(of counts: [NGrams.Count]) -> [(index: Int32, value: Float)] {
    var values: [(index: Int32, value: Float)] = []
    for (feature, count) in counts {
      guard let index = index(of: feature) else { continue }
      values.append((Int32(index), (1 + log(Float(count))) * rarity[index]))
    }
    let length = values.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
    guard length > 0 else { return [] }
    for index in values.indices { values[index].value /= length }
    return values
  }

  /// The place of a feature; nil for one that is not known.
  private func index(of feature: UInt32) -> Int? {
    // Hashes spread evenly, so few share their upper half.
    let group = Int(feature >> 16)
    for index in Int(starts[group])..<Int(starts[group + 1]) where features[index] == feature {
      return index
    }
    return nil
  }

  /// The logits of a text by its n-grams: [L].
  public func logits(of counts: [NGrams.Count]) -> [Float] {
    logits(of: values(of: counts))
  }

  /// The logits of a text by the values of its known features: [L].
  public func logits(of values: [(index: Int32, value: Float)]) -> [Float] {
    var logits = bias
    for (index, value) in values {
      let row = Int(index) * labelCount
      for label in 0..<labelCount { logits[label] += value * weights[row + label] }
    }
    return logits
  }
}

extension NGramModel {
  private static let prefix = "ngrams."

  /// How a model file holds the model of a head.
  func tensors(of head: String) -> [Safetensors.Tensor] {
    let count = features.count
    let bytes = features.flatMap { feature in
      [0, 8, 16, 24].map { (shift: UInt32) in Float(feature >> shift & 0xFF) }
    }
    return [
      .init(
        name: "\(Self.prefix)\(head).features", shape: [count, 4], values: bytes, isBytes: true),
      .init(name: "\(Self.prefix)\(head).weight", shape: [count, labelCount], values: weights),
      .init(name: "\(Self.prefix)\(head).bias", shape: [labelCount], values: bias),
      .init(name: "\(Self.prefix)\(head).rarity", shape: [count], values: rarity),
    ]
  }

  /// The models by head that `tensors` hold, and the tensors that are no part of one.
  ///
  /// `labelCounts` says how many logits each head has. Throws `mismatch` where shapes do not fit.
  static func models(
    in tensors: [Safetensors.Tensor], labelCounts: [String: Int], file: String
  ) throws(ModelError) -> (models: [String: NGramModel], others: [Safetensors.Tensor]) {
    var others = tensors
    var models: [String: NGramModel] = [:]
    for (head, count) in labelCounts {
      func take(_ part: String) -> Safetensors.Tensor? {
        others.firstIndex { $0.name == "\(prefix)\(head).\(part)" }.map { others.remove(at: $0) }
      }
      guard let rarity = take("rarity") else { continue }
      guard others.contains(where: { $0.name == "\(prefix)\(head).features" }) else {
        throw .mismatch(
          file: file,
          problem: "\(prefix)\(head) is a linear part of format version 2, which is not read any"
            + " more; train the model anew")
      }
      let weight = take("weight")
      let bias = take("bias")
      let known = rarity.values.count
      guard rarity.shape == [known], known <= Int(Int32.max),
        let features = take("features"), features.isBytes, features.shape == [known, 4],
        let weight, weight.shape == [known, count], let bias, bias.shape == [count],
        (rarity.values + weight.values + bias.values).allSatisfy({ abs($0) < 1e6 }),
        let rising = rising(features.values)
      else {
        throw .mismatch(
          file: file,
          problem: "\(prefix)\(head) is no whole linear model of \(count) labels;"
            + " copy the file again or retrain the model")
      }
      var model = NGramModel(features: rising, rarity: rarity.values, labelCount: count)
      (model.weights, model.bias) = (weight.values, bias.values)
      models[head] = model
    }
    return (models, others)
  }

  /// The features that `bytes` hold, four each, the lowest first; nil where they do not rise.
  private static func rising(_ bytes: [Float]) -> [UInt32]? {
    var features: [UInt32] = []
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let parts = bytes[start..<start + 4].reversed()
      features.append(parts.reduce(0) { $0 << 8 | UInt32($1) })
    }
    return zip(features, features.dropFirst()).allSatisfy(<) ? features : nil
  }
}
