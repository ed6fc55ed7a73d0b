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

  /// One logit a label: both, weighed alike for all labels.
  public func weighed(_ calibration: HeadCalibration) -> [Double] {
    encoder.indices.map { weighed($0, calibration) }
  }

  /// One logit a label: both, each label weighed by its own of `calibrations`.
  public func weighed(_ calibrations: [HeadCalibration]) -> [Double] {
    encoder.indices.map { weighed($0, calibrations[$0]) }
  }

  private func weighed(_ label: Int, _ calibration: HeadCalibration) -> Double {
    calibration.encoder * encoder[label]
      + (ngrams.isEmpty ? 0 : calibration.ngrams * ngrams[label])
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
