import Foundation
public import Models

/// What the encoder and the linear model say of a text, before they are weighed together.
public struct HeadLogits: Equatable, Sendable {
  /// One for each label of the head.
  public var encoder: [Double]
  /// As many; empty where the head has no linear model.
  public var ngrams: [Double]

  /// Logits of one head; none from a linear model unless given.
  public init(encoder: [Double], ngrams: [Double] = []) {
    self.encoder = encoder
    self.ngrams = ngrams
  }

  /// One logit a label: both, weighed.
  public func weighed(_ calibration: HeadCalibration) -> [Double] {
    encoder.indices.map {
      calibration.encoder * encoder[$0] + (ngrams.isEmpty ? 0 : calibration.ngrams * ngrams[$0])
    }
  }

  /// Probabilities of labels that exclude each other: the softmax of `logits`.
  public static func choice(_ logits: [Double]) -> [Double] {
    let highest = logits.max() ?? 0
    let terms = logits.map { exp($0 - highest) }
    let total = terms.reduce(0, +)
    return terms.map { $0 / total }
  }

  /// Probabilities of labels that stand each for itself: the sigmoid of `logits`.
  public static func each(_ logits: [Double]) -> [Double] {
    logits.map { 1 / (1 + exp(-$0)) }
  }
}
