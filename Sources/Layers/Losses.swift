import Foundation
public import Tensors

/// Cross-entropy when a label names several classes, and when some classes are not in question.
///
/// A row's loss is log(sum over `possible` of exp z) - log(sum over `allowed` of exp z): the log
/// of the probability that the label allows, among the classes that the corpus annotates. One
/// allowed class of all is plain cross-entropy; a row that allows nothing has no loss.
/// With smoothing e the loss is 1 - e parts of that and e parts of the mean of -log p over the
/// possible classes. Either is multiplied by the mean weight of the allowed classes.
/// Shapes: logits [N, L], L <= 32; allowed and possible are N bit sets, bit c for class c;
/// class weights [L], or none for all ones.
/// Source: Jin and Ghahramani, Learning with Multiple Labels, 2002 (partial labels); Szegedy et
/// al., Rethinking the Inception Architecture, 2016, section 7 (smoothing).
public enum PartialCrossEntropy {
  /// The sum of the rows' losses; the logits become `scale` times their gradient.
  public static func lossAndGradient(
    _ logits: Matrix, allowed: [UInt32], possible: [UInt32], classWeights: [Double] = [],
    smoothing: Double = 0, scale: Float
  ) -> Double {
    precondition(
      logits.rows == allowed.count && logits.rows == possible.count && logits.columns <= 32
        && [0, logits.columns].contains(classWeights.count),
      "\(allowed.count) labels, \(possible.count) masks and \(classWeights.count) weights"
        + " for logits of \(logits.shape)")
    var loss = 0.0
    for row in 0..<logits.rows {
      let (allowed, possible) = (allowed[row] & possible[row], possible[row])
      guard allowed != 0 else {
        for column in 0..<logits.columns { logits[row, column] = 0 }
        continue
      }
      let weight = weight(of: allowed, classWeights)
      let spread = smoothing / Double(possible.nonzeroBitCount)
      let maximum = (0..<logits.columns).reduce(-Double.infinity) {
        possible >> $1 & 1 == 1 ? max($0, Double(logits[row, $1])) : $0
      }
      var (allowedSum, possibleSum, smoothedSum) = (0.0, 0.0, 0.0)
      for column in 0..<logits.columns where possible >> column & 1 == 1 {
        let z = Double(logits[row, column]) - maximum
        let exponential = exp(z)
        possibleSum += exponential
        smoothedSum += spread * z
        if allowed >> column & 1 == 1 { allowedSum += exponential }
      }
      // An allowed sum that underflowed still has a finite, steep loss.
      allowedSum = max(allowedSum, .leastNormalMagnitude)
      loss += weight * (log(possibleSum) - (1 - smoothing) * log(allowedSum) - smoothedSum)
      // dz = softmax over possible - (1 - e) softmax over allowed - e / possible classes
      for column in 0..<logits.columns {
        guard possible >> column & 1 == 1 else {
          logits[row, column] = 0
          continue
        }
        let exponential = exp(Double(logits[row, column]) - maximum)
        let isAllowed = allowed >> column & 1 == 1
        let target = spread + (isAllowed ? (1 - smoothing) * exponential / allowedSum : 0)
        logits[row, column] = scale * Float(weight * (exponential / possibleSum - target))
      }
    }
    return loss
  }

  /// What a row counts: the mean weight of the classes that its label allows; 0 when it allows none.
  public static func weight(of allowed: UInt32, _ classWeights: [Double]) -> Double {
    guard allowed != 0 else { return 0 }
    if classWeights.isEmpty { return 1 }
    let sum = classWeights.indices.reduce(0) {
      allowed >> $1 & 1 == 1 ? $0 + classWeights[$1] : $0
    }
    return sum / Double(allowed.nonzeroBitCount)
  }
}

/// Cross-entropy with a distribution as target: what another model says, say.
///
/// A row's loss is the sum over its classes of -t log p, with p the softmax of its logits.
/// Shapes: logits [N, L]; targets N rows of L, each summing to 1.
/// Source: Hinton et al., Distilling the Knowledge in a Neural Network, 2015, section 2.
public enum SoftCrossEntropy {
  /// The sum of the rows' losses; the logits become `scale` times their gradient.
  public static func lossAndGradient(
    _ logits: Matrix, targets: [[Double]], scale: Float
  ) -> Double {
    precondition(
      logits.rows == targets.count && targets.allSatisfy { $0.count == logits.columns },
      "\(targets.count) targets for logits of \(logits.shape)")
    var loss = 0.0
    for (row, target) in targets.enumerated() {
      let maximum = target.indices.reduce(-Double.infinity) { max($0, Double(logits[row, $1])) }
      let sum = target.indices.reduce(0) { $0 + exp(Double(logits[row, $1]) - maximum) }
      for (column, target) in target.enumerated() {
        let logProbability = Double(logits[row, column]) - maximum - log(sum)
        loss -= target * logProbability
        logits[row, column] = scale * Float(exp(logProbability) - target)
      }
    }
    return loss
  }
}

/// Cross-entropy over some neighbouring classes of many: the softmax goes over these alone.
///
/// Shapes: logits [N, L]; a row's target lies in its range of possible classes.
/// Source: Bishop, Pattern Recognition and Machine Learning, equation 4.108.
public enum RangeCrossEntropy {
  /// The sum of the rows' losses; the logits become `scale` times their gradient.
  public static func lossAndGradient(
    _ logits: Matrix, targets: [(index: Int, possible: Range<Int>)], scale: Float
  ) -> Double {
    precondition(
      logits.rows == targets.count
        && targets.allSatisfy {
          $0.possible.contains($0.index) && $0.possible.upperBound <= logits.columns
        },
      "\(targets.count) targets for logits of \(logits.shape)")
    var loss = 0.0
    for (row, (target, possible)) in targets.enumerated() {
      let maximum = possible.reduce(-Double.infinity) { max($0, Double(logits[row, $1])) }
      let sum = possible.reduce(0) { $0 + exp(Double(logits[row, $1]) - maximum) }
      loss += log(sum) + maximum - Double(logits[row, target])
      for column in 0..<logits.columns {
        guard possible.contains(column) else {
          logits[row, column] = 0
          continue
        }
        let probability = exp(Double(logits[row, column]) - maximum) / sum
        logits[row, column] = scale * Float(probability - (column == target ? 1 : 0))
      }
    }
    return loss
  }
}

/// Cross-entropy of independent yes-or-no labels of which only some are known.
///
/// Shapes: logits [N, L], L <= 32; known are N bit sets, bit l for label l.
/// Source: Bishop, Pattern Recognition and Machine Learning, equation 4.90.
public enum BinaryCrossEntropy {
  /// The sum of the known labels' losses; the logits become `scale` times their gradient.
  ///
  /// `positive` are N bit sets. With smoothing e, the target is 1 - e / 2 for yes and e / 2 for no. A
  /// row whose label is yes counts that label's weight; positive weights [L], or none for all ones.
  public static func lossAndGradient(
    _ logits: Matrix, positive: [UInt32], known: [UInt32], positiveWeights: [Double] = [],
    smoothing: Double = 0, scale: Float
  ) -> Double {
    precondition(
      logits.rows == positive.count && [0, logits.columns].contains(positiveWeights.count),
      "\(positive.count) labels and \(positiveWeights.count) weights for logits of"
        + " \(logits.shape)")
    return lossAndGradient(logits, known: known, scale: scale) { row, column in
      let isYes = positive[row] >> column & 1 == 1
      let weight = isYes && !positiveWeights.isEmpty ? positiveWeights[column] : 1
      return ((isYes ? 1 - smoothing : 0) + smoothing / 2, weight)
    }
  }

  /// The same with a probability as target of every label: `targets` are N rows of L.
  public static func lossAndGradient(
    _ logits: Matrix, targets: [[Double]], known: [UInt32], scale: Float
  ) -> Double {
    precondition(
      logits.rows == targets.count && targets.allSatisfy { $0.count == logits.columns },
      "\(targets.count) targets for logits of \(logits.shape)")
    return lossAndGradient(logits, known: known, scale: scale) { (targets[$0][$1], 1) }
  }

  private static func lossAndGradient(
    _ logits: Matrix, known: [UInt32], scale: Float,
    _ label: (_ row: Int, _ column: Int) -> (target: Double, weight: Double)
  ) -> Double {
    precondition(
      logits.rows == known.count && logits.columns <= 32,
      "\(known.count) masks for logits of \(logits.shape)")
    var loss = 0.0
    for row in 0..<logits.rows {
      for column in 0..<logits.columns {
        guard known[row] >> column & 1 == 1 else {
          logits[row, column] = 0
          continue
        }
        let z = Double(logits[row, column])
        let (target, weight) = label(row, column)
        // log(1 + e^z) - target z, without overflow
        loss += weight * (max(z, 0) - target * z + log1p(exp(-abs(z))))
        logits[row, column] = scale * Float(weight * (1 / (1 + exp(-z)) - target))
      }
    }
    return loss
  }
}
