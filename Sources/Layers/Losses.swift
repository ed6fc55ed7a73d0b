import Foundation
public import Tensors

/// Cross-entropy when a label names several classes, and when some classes are not in question.
///
/// A row's loss is log(sum over `possible` of exp z) - log(sum over `allowed` of exp z): the log
/// of the probability that the label allows, among the classes that the corpus annotates. One
/// allowed class of all is plain cross-entropy; a row that allows nothing has no loss.
/// Shapes: logits [N, L], L <= 32; allowed and possible are N bit sets, bit c for class c.
/// Source: Jin and Ghahramani, Learning with Multiple Labels, 2002 (partial labels).
public enum PartialCrossEntropy {
  /// The sum of the rows' losses; the logits become `scale` times their gradient.
  public static func lossAndGradient(
    _ logits: Matrix, allowed: [UInt32], possible: [UInt32], scale: Float
  ) -> Double {
    precondition(
      logits.rows == allowed.count && logits.rows == possible.count && logits.columns <= 32,
      "\(allowed.count) labels and \(possible.count) masks for logits of \(logits.shape)")
    var loss = 0.0
    for row in 0..<logits.rows {
      let (allowed, possible) = (allowed[row] & possible[row], possible[row])
      guard allowed != 0 else {
        for column in 0..<logits.columns { logits[row, column] = 0 }
        continue
      }
      let maximum = (0..<logits.columns).reduce(-Double.infinity) {
        possible >> $1 & 1 == 1 ? max($0, Double(logits[row, $1])) : $0
      }
      var (allowedSum, possibleSum) = (0.0, 0.0)
      for column in 0..<logits.columns where possible >> column & 1 == 1 {
        let exponential = exp(Double(logits[row, column]) - maximum)
        possibleSum += exponential
        if allowed >> column & 1 == 1 { allowedSum += exponential }
      }
      // An allowed sum that underflowed still has a finite, steep loss.
      allowedSum = max(allowedSum, .leastNormalMagnitude)
      loss += log(possibleSum) - log(allowedSum)
      // dz = softmax over possible - softmax over allowed
      for column in 0..<logits.columns {
        guard possible >> column & 1 == 1 else {
          logits[row, column] = 0
          continue
        }
        let exponential = exp(Double(logits[row, column]) - maximum)
        let isAllowed = allowed >> column & 1 == 1
        let gradient =
          exponential / possibleSum - (isAllowed ? exponential / allowedSum : 0)
        logits[row, column] = scale * Float(gradient)
      }
    }
    return loss
  }
}

/// Cross-entropy of independent yes-or-no labels of which only some are known.
///
/// Shapes: logits [N, L], L <= 32; positive and known are N bit sets, bit l for label l.
/// Source: Bishop, Pattern Recognition and Machine Learning, equation 4.90.
public enum BinaryCrossEntropy {
  /// The sum of the known labels' losses; the logits become `scale` times their gradient.
  public static func lossAndGradient(
    _ logits: Matrix, positive: [UInt32], known: [UInt32], scale: Float
  ) -> Double {
    precondition(
      logits.rows == positive.count && logits.rows == known.count && logits.columns <= 32,
      "\(positive.count) labels and \(known.count) masks for logits of \(logits.shape)")
    var loss = 0.0
    for row in 0..<logits.rows {
      for column in 0..<logits.columns {
        guard known[row] >> column & 1 == 1 else {
          logits[row, column] = 0
          continue
        }
        let z = Double(logits[row, column])
        let label: Double = positive[row] >> column & 1 == 1 ? 1 : 0
        // log(1 + e^z) - label z, without overflow
        loss += max(z, 0) - label * z + log1p(exp(-abs(z)))
        logits[row, column] = scale * Float(1 / (1 + exp(-z)) - label)
      }
    }
    return loss
  }
}
