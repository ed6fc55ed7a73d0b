import Foundation
import Tensors
import TestSupport
import Testing

@testable import Layers

@Suite struct LossTests {
  /// The losses are computed in double from float logits.
  static let tolerance = 1e-6

  private func logits(_ values: [Double], columns: Int, _ workspace: Workspace) -> Matrix {
    let matrix = workspace.matrix(rows: values.count / columns, columns: columns)
    matrix.copy(from: values.map(Float.init))
    return matrix
  }

  @Test func partialCrossEntropyEqualsTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(15, seed: 1).map(Double.init)
    // Two of five classes allowed; one of three possible; nothing allowed.
    let allowed: [UInt32] = [0b11000, 0b00010, 0]
    let possible: [UInt32] = [0b11111, 0b00111, 0b11111]
    func twin(_ z: [Double]) -> Double {
      Twin.partialCrossEntropy(Array(z[0..<5]), allowed: [3, 4], possible: [0, 1, 2, 3, 4])
        + Twin.partialCrossEntropy(Array(z[5..<10]), allowed: [1], possible: [0, 1, 2])
    }
    let matrix = logits(values, columns: 5, workspace)
    let loss = PartialCrossEntropy.lossAndGradient(
      matrix, allowed: allowed, possible: possible, scale: 0.5)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 0.5 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }

  @Test func partialCrossEntropyStaysFiniteFarOff() {
    let workspace = Workspace()
    let matrix = logits([900, -900, -900, 900, 0], columns: 5, workspace)
    let loss = PartialCrossEntropy.lossAndGradient(
      matrix, allowed: [0b00010], possible: [0b11111], scale: 1)
    #expect(loss.isFinite && loss > 500)
    #expect(matrix.values.allSatisfy { $0.isFinite })
  }

  @Test func rangeCrossEntropyEqualsTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(14, seed: 6).map(Double.init)
    // Among the first three of seven classes, and among the others.
    func twin(_ z: [Double]) -> Double {
      Twin.partialCrossEntropy(Array(z[0..<7]), allowed: [2], possible: [0, 1, 2])
        + Twin.partialCrossEntropy(Array(z[7..<14]), allowed: [3], possible: [3, 4, 5, 6])
    }
    let matrix = logits(values, columns: 7, workspace)
    let loss = RangeCrossEntropy.lossAndGradient(
      matrix, targets: [(2, 0..<3), (3, 3..<7)], scale: 0.5)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 0.5 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }

  @Test func rangeCrossEntropyStaysFiniteFarOff() {
    let workspace = Workspace()
    let matrix = logits([900, -900, 0], columns: 3, workspace)
    let loss = RangeCrossEntropy.lossAndGradient(matrix, targets: [(1, 0..<2)], scale: 1)
    #expect(loss == 1_800 && matrix.values == [1, -1, 0])
  }

  @Test func binaryCrossEntropyEqualsTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(6, seed: 2).map(Double.init)
    func twin(_ z: [Double]) -> Double {
      // Row 0: label 0 positive, label 2 negative, label 1 unknown; row 1: label 1 negative.
      func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
      return -log(sigmoid(z[0])) - log(1 - sigmoid(z[2]))
        - log(1 - sigmoid(z[4]))
    }
    let matrix = logits(values, columns: 3, workspace)
    let loss = BinaryCrossEntropy.lossAndGradient(
      matrix, positive: [0b001, 0], known: [0b101, 0b010], scale: 2)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 2 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }

  @Test func crossEntropyOverTheVocabularyEqualsTwinAndItsDifferences() {
    let workspace = Workspace()
    let vocabulary = 37
    let values = randomValues(3 * vocabulary, seed: 3).map(Double.init)
    let targets: [Int32] = [36, 0, 17]
    func twin(_ z: [Double]) -> Double {
      targets.enumerated().reduce(0) { sum, row in
        sum
          + Twin.partialCrossEntropy(
            Array(z[row.offset * vocabulary..<(row.offset + 1) * vocabulary]),
            allowed: [Int(row.element)], possible: Array(0..<vocabulary))
      }
    }
    let matrix = logits(values, columns: vocabulary, workspace)
    let loss = Kernels.crossEntropy(matrix, targets: targets, scale: 0.25)
    // The kernel works in float.
    #expect(abs(loss - twin(values)) < 1e-5 * twin(values))
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 0.25 * $0 }
    #expect(relativeDifference(matrix.values, expected) < 1e-5)
  }

  @Test func smoothingAndClassWeightsEqualTheTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(10, seed: 4).map(Double.init)
    let weights = [0.5, 2, 1, 4, 3]
    let smoothing = 0.2
    /// -log p of a set of classes among all of `possible`.
    func cost(_ z: [Double], _ allowed: [Int], _ possible: [Int]) -> Double {
      Twin.partialCrossEntropy(z, allowed: allowed, possible: possible)
    }
    func row(_ z: [Double], _ allowed: [Int], _ possible: [Int], weight: Double) -> Double {
      let spread = possible.reduce(0) { $0 + cost(z, [$1], possible) } / Double(possible.count)
      return weight * ((1 - smoothing) * cost(z, allowed, possible) + smoothing * spread)
    }
    func twin(_ z: [Double]) -> Double {
      // The mean of 4 and 3; then class 1 alone.
      row(Array(z[0..<5]), [3, 4], [0, 1, 2, 3, 4], weight: 3.5)
        + row(Array(z[5..<10]), [1], [0, 1, 2], weight: 2)
    }
    let matrix = logits(values, columns: 5, workspace)
    let loss = PartialCrossEntropy.lossAndGradient(
      matrix, allowed: [0b11000, 0b00010], possible: [0b11111, 0b00111], classWeights: weights,
      smoothing: smoothing, scale: 0.5)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 0.5 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
    #expect(PartialCrossEntropy.weight(of: 0b11000, weights) == 3.5)
    #expect(PartialCrossEntropy.weight(of: 0, weights) == 0)
    #expect(PartialCrossEntropy.weight(of: 0b11000, []) == 1)
  }

  @Test func smoothedBinaryCrossEntropyWithWeightsEqualsTheTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(6, seed: 5).map(Double.init)
    let weights = [3.0, 1, 0.25]
    func twin(_ z: [Double]) -> Double {
      func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
      func cost(_ z: Double, _ target: Double, _ weight: Double) -> Double {
        weight * (-target * log(sigmoid(z)) - (1 - target) * log(1 - sigmoid(z)))
      }
      // With smoothing 0.1, yes is 0.95 and no is 0.05; only a yes is weighed.
      return cost(z[0], 0.95, 3) + cost(z[2], 0.05, 1) + cost(z[4], 0.95, 1)
    }
    let matrix = logits(values, columns: 3, workspace)
    let loss = BinaryCrossEntropy.lossAndGradient(
      matrix, positive: [0b001, 0b010], known: [0b101, 0b010], positiveWeights: weights,
      smoothing: 0.1, scale: 2)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 2 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }

  @Test func crossEntropyWithADistributionEqualsTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(6, seed: 7).map(Double.init)
    let targets = [[0.5, 0.5, 0], [0.1, 0.2, 0.7]]
    func twin(_ z: [Double]) -> Double {
      (0..<6).reduce(0) { sum, index in
        let row = Array(z[index / 3 * 3..<index / 3 * 3 + 3])
        let cost = Twin.partialCrossEntropy(row, allowed: [index % 3], possible: [0, 1, 2])
        return sum + targets[index / 3][index % 3] * cost
      }
    }
    let matrix = logits(values, columns: 3, workspace)
    let loss = SoftCrossEntropy.lossAndGradient(matrix, targets: targets, scale: 0.5)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 0.5 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }

  @Test func crossEntropyWithADistributionStaysFiniteFarOff() {
    let workspace = Workspace()
    let matrix = logits([900, -900], columns: 2, workspace)
    let loss = SoftCrossEntropy.lossAndGradient(matrix, targets: [[0.25, 0.75]], scale: 1)
    #expect(loss == 1_350 && matrix.values == [0.75, -0.75])
  }

  @Test func binaryCrossEntropyWithProbabilitiesEqualsTheTwinAndItsDifferences() {
    let workspace = Workspace()
    let values = randomValues(6, seed: 8).map(Double.init)
    func twin(_ z: [Double]) -> Double {
      func cost(_ z: Double, _ target: Double) -> Double {
        target * log(1 + exp(-z)) + (1 - target) * log(1 + exp(z))
      }
      // Of row 0 the second label is unknown, of row 1 all but the second.
      return cost(z[0], 0.3) + cost(z[2], 1) + cost(z[4], 0.8)
    }
    let matrix = logits(values, columns: 3, workspace)
    let loss = BinaryCrossEntropy.lossAndGradient(
      matrix, targets: [[0.3, 0.9, 1], [0.5, 0.8, 0]], known: [0b101, 0b010], scale: 2)
    #expect(abs(loss - twin(values)) < Self.tolerance)
    let expected = Twin.finiteDifferences(of: twin, at: values).map { 2 * $0 }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }
}
