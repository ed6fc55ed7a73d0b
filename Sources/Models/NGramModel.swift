import Foundation

/// A linear model over hashed n-grams: logits of one head's labels for a text.
///
/// A feature's value is (1 + log count) times its inverse document frequency, and a text's values
/// have the Euclidean length 1.
/// Source: Salton and Buckley, Term-weighting Approaches in Automatic Text Retrieval, 1988.
public struct NGramModel: Equatable, Sendable {
  /// What the features are.
  public var ngrams: NGrams
  /// Number of logits, L.
  public var labelCount: Int
  /// Inverse document frequency of every bucket: [buckets].
  public var rarity: [Float]
  /// [buckets, L], row-major.
  public var weights: [Float]
  /// [L]
  public var bias: [Float]

  /// A model without knowledge: every logit is zero.
  public init(bucketCount: Int, labelCount: Int) {
    ngrams = NGrams(bucketCount: bucketCount)
    self.labelCount = labelCount
    rarity = Array(repeating: 0, count: bucketCount)
    weights = Array(repeating: 0, count: bucketCount * labelCount)
    bias = Array(repeating: 0, count: labelCount)
  }

  /// The features of a text: buckets, rising, and their values.
  public func features(of text: String) -> [(bucket: Int32, value: Float)] {
    var features = ngrams.counts(in: text).map { bucket, count in
      (bucket: bucket, value: (1 + log(Float(count))) * rarity[Int(bucket)])
    }
    let length = features.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
    guard length > 0 else { return [] }
    for index in features.indices { features[index].value /= length }
    return features
  }

  /// The logits of a text: [L].
  public func logits(of text: String) -> [Float] {
    logits(of: features(of: text))
  }

  /// The logits of a text by its features: [L].
  public func logits(of features: [(bucket: Int32, value: Float)]) -> [Float] {
    var logits = bias
    for (bucket, value) in features {
      let row = Int(bucket) * labelCount
      for label in 0..<labelCount { logits[label] += value * weights[row + label] }
    }
    return logits
  }
}

extension NGramModel {
  private static let prefix = "ngrams."

  /// How a model file holds the model of a head.
  func tensors(of head: String) -> [Safetensors.Tensor] {
    let buckets = ngrams.bucketCount
    return [
      .init(name: "\(Self.prefix)\(head).weight", shape: [buckets, labelCount], values: weights),
      .init(name: "\(Self.prefix)\(head).bias", shape: [labelCount], values: bias),
      .init(name: "\(Self.prefix)\(head).rarity", shape: [buckets], values: rarity),
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
      let weight = take("weight")
      let bias = take("bias")
      let buckets = rarity.values.count
      guard buckets > 0, buckets & (buckets - 1) == 0, rarity.shape == [buckets],
        let weight, weight.shape == [buckets, count], let bias, bias.shape == [count],
        (rarity.values + weight.values + bias.values).allSatisfy(\.isFinite)
      else {
        throw .mismatch(
          file: file,
          problem: "\(prefix)\(head) is no whole linear model of \(count) labels;"
            + " copy the file again or retrain the model")
      }
      var model = NGramModel(bucketCount: buckets, labelCount: count)
      (model.rarity, model.weights, model.bias) = (rarity.values, weight.values, bias.values)
      models[head] = model
    }
    return (models, others)
  }
}
