import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct SoftmaxTests {
  /// Two units in the last place of a float.
  static let tolerance = 2 * Double(Float.ulpOfOne)

  /// Softmax of each row of `scale * values`, in double. Arguments of the exponential are rounded to
  /// floats as the kernel's are: near -100 that alone moves a probability by fifty units.
  private static func twin(_ values: [Float], columns: Int, scale: Float) -> [Double] {
    guard columns > 0 else { return [] }
    return stride(from: 0, to: values.count, by: columns).flatMap { start in
      let row = values[start..<start + columns]
      let maximum = row.max() ?? 0
      return Twin.softmax(row.map { Double(scale * ($0 - maximum)) })
    }
  }

  @Test(arguments: oddWidths) func equalsDoubleLoop(width: Int) {
    let workspace = Workspace()
    let values = randomValues(3 * width, seed: 1, scale: 30)
    let matrix = workspace.matrix(values, rows: 3, columns: width)
    Kernels.softmax(matrix, scale: 0.35)
    let expected = Self.twin(values, columns: width, scale: 0.35)
    #expect(largestRelativeError(matrix.values, expected) < Self.tolerance)
  }

  @Test func noRowsGiveNoRows() {
    let workspace = Workspace()
    let matrix = workspace.matrix(rows: 0, columns: 7)
    Kernels.softmax(matrix)
    #expect(matrix.values.isEmpty)
  }

  @Test(arguments: wideValues) func holdsOverTheWholeRange(largest: Float) {
    let workspace = Workspace()
    // Every magnitude beside every other, the largest of the row first, last and in the middle.
    let values = wideValues.filter { $0 <= largest } + [largest]
    let matrix = workspace.matrix(values, rows: 1, columns: values.count)
    Kernels.softmax(matrix)
    let expected = Self.twin(values, columns: values.count, scale: 1)
    #expect(largestRelativeError(matrix.values, expected) < Self.tolerance)
    let total = matrix.values.reduce(0, +)
    #expect(abs(total - 1) < 1e-6)
  }

  @Test func minusInfinityGetsNoProbability() {
    let workspace = Workspace()
    let matrix = workspace.matrix([-.infinity, 2, -.infinity, 2], rows: 1, columns: 4)
    Kernels.softmax(matrix)
    #expect(matrix.values == [0, 0.5, 0, 0.5])
  }

  @Test func notANumberStaysVisible() {
    let workspace = Workspace()
    let matrix = workspace.matrix([1, .nan, 3], rows: 1, columns: 3)
    Kernels.softmax(matrix)
    #expect(matrix.values.contains { $0.isNaN })
  }

  @Test(arguments: oddWidths) func backwardEqualsFiniteDifferences(width: Int) {
    let workspace = Workspace()
    let values = randomValues(width, seed: 2)
    let upstream = randomValues(width, seed: 3)
    let probabilities = workspace.matrix(values, rows: 1, columns: width)
    Kernels.softmax(probabilities, scale: 0.7)
    let gradient = workspace.matrix(upstream, rows: 1, columns: width)
    Kernels.softmaxBackward(probabilities, gradient: gradient, scale: 0.7)
    let expected = Twin.finiteDifferences(
      of: { point in
        zip(Twin.softmax(point.map { $0 * Double(0.7 as Float) }), upstream)
          .reduce(0) { $0 + $1.0 * Double($1.1) }
      }, at: values.map(Double.init))
    // Finite differences carry 1e-16 / 1e-5 of their own.
    #expect(relativeDifference(gradient.values, expected) < 1e-6)
  }

  @Test func backwardTreatsRowsOnTheirOwn() {
    let workspace = Workspace()
    let values = randomValues(2 * 7, seed: 4)
    let upstream = randomValues(2 * 7, seed: 5)
    func gradients(_ rows: Range<Int>) -> [Float] {
      let part = rows.lowerBound * 7..<rows.upperBound * 7
      let p = workspace.matrix(Array(values[part]), rows: rows.count, columns: 7)
      Kernels.softmax(p)
      let g = workspace.matrix(Array(upstream[part]), rows: rows.count, columns: 7)
      Kernels.softmaxBackward(p, gradient: g)
      return g.values
    }
    #expect(gradients(0..<2) == gradients(0..<1) + gradients(1..<2))
  }
}

@Suite struct CrossEntropyTests {
  /// Loss and gradient of each row against one class, in double.
  private static func twin(
    _ values: [Float], targets: [Int32], columns: Int, scale: Double
  ) -> (loss: Double, gradient: [Double]) {
    var loss = 0.0
    var gradient: [Double] = []
    for (row, target) in targets.enumerated() {
      let z = values[row * columns..<(row + 1) * columns].map(Double.init)
      let maximum = z.max() ?? 0
      loss += maximum + log(z.reduce(0) { $0 + exp($1 - maximum) }) - z[Int(target)]
      gradient += Twin.softmax(z).enumerated().map { column, probability in
        scale * (probability - (column == Int(target) ? 1 : 0))
      }
    }
    return (loss, gradient)
  }

  @Test(arguments: oddWidths.dropFirst()) func equalsDoubleLoop(width: Int) {
    let workspace = Workspace()
    let values = randomValues(4 * width, seed: 6, scale: 3)
    let targets = [0, width - 1, width / 2, 0].map(Int32.init)
    let logits = workspace.matrix(values, rows: 4, columns: width)
    let loss = Kernels.crossEntropy(logits, targets: targets, scale: 0.25)
    let expected = Self.twin(values, targets: targets, columns: width, scale: 0.25)
    // The loss is a difference of floats of magnitude ten.
    #expect(abs(loss - expected.loss) < 1e-5)
    #expect(relativeDifference(logits.values, expected.gradient) < 1e-6)
  }

  @Test(arguments: wideValues.indices) func holdsOverTheWholeRange(target: Int) {
    let workspace = Workspace()
    let targets = [Int32(target)]
    let logits = workspace.matrix(wideValues, rows: 1, columns: wideValues.count)
    let loss = Kernels.crossEntropy(logits, targets: targets, scale: 1)
    let expected = Self.twin(
      wideValues, targets: targets, columns: wideValues.count, scale: 1)
    #expect(abs(loss - expected.loss) <= 1e-6 * 400)
    #expect(relativeDifference(logits.values, expected.gradient) < 1e-6)
  }

  @Test func noRowsHaveNoLoss() {
    let workspace = Workspace()
    let logits = workspace.matrix(rows: 0, columns: 7)
    #expect(Kernels.crossEntropy(logits, targets: [], scale: 1) == 0)
  }
}
