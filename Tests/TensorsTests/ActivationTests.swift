import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct ActivationTests {
  /// Two units in the last place of a float.
  static let tolerance = 2 * Double(Float.ulpOfOne)

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  @Test(arguments: oddWidths) func swigluEqualsDoubleLoop(width: Int) {
    let workspace = Workspace()
    let input = workspace.matrix(
      randomValues(3 * 2 * width, seed: 2, scale: 3), rows: 3, columns: 2 * width)
    let output = workspace.matrix(rows: 3, columns: width)
    Kernels.swiglu(input, into: output)
    let expected = (0..<3).flatMap { row in
      (0..<width).map { column in
        let gate = Double(input[row, column])
        return gate * Self.sigmoid(gate) * Double(input[row, width + column])
      }
    }
    #expect(largestRelativeError(output.values, expected) < Self.tolerance)
  }

  @Test(arguments: [0, 1, -3.5] as [Float]) func swigluHoldsOverTheWholeRange(up: Float) {
    let workspace = Workspace()
    let width = wideValues.count
    let input = workspace.matrix(
      wideValues + Array(repeating: up, count: width), rows: 1, columns: 2 * width)
    let output = workspace.matrix(rows: 1, columns: width)
    Kernels.swiglu(input, into: output)
    let expected = wideValues.map { Double($0) * Self.sigmoid(Double($0)) * Double(up) }
    #expect(largestRelativeError(output.values, expected) < Self.tolerance)
  }

  /// The gradient of gate and up for one value, in double.
  private static func swigluGradient(
    _ dy: Double, gate: Double, up: Double
  ) -> (gate: Double, up: Double) {
    let s = sigmoid(gate)
    return (dy * up * (s + gate * s * (1 - s)), dy * gate * s)
  }

  @Test(arguments: oddWidths) func swigluBackwardEqualsDoubleLoop(width: Int) {
    let workspace = Workspace()
    let input = workspace.matrix(
      randomValues(3 * 2 * width, seed: 3), rows: 3, columns: 2 * width)
    let dy = workspace.matrix(randomValues(3 * width, seed: 4), rows: 3, columns: width)
    let dx = workspace.matrix(rows: 3, columns: 2 * width)
    dx.fill(.nan)
    Kernels.swigluBackward(dy, input: input, into: dx)
    var expected = Reference(rows: 3, columns: 2 * width)
    for row in 0..<3 {
      for column in 0..<width {
        let gradient = Self.swigluGradient(
          Double(dy[row, column]), gate: Double(input[row, column]),
          up: Double(input[row, width + column]))
        expected[row, column] = gradient.gate
        expected[row, width + column] = gradient.up
      }
    }
    #expect(relativeDifference(dx.values, expected.values) < Self.tolerance)
  }

  @Test func swigluBackwardHoldsOverTheWholeRange() {
    let workspace = Workspace()
    let width = wideValues.count
    let input = workspace.matrix(
      wideValues + Array(repeating: 1.5, count: width), rows: 1, columns: 2 * width)
    let dy = workspace.matrix(rows: 1, columns: width)
    dy.fill(-0.5)
    let dx = workspace.matrix(rows: 1, columns: 2 * width)
    Kernels.swigluBackward(dy, input: input, into: dx)
    let expected = wideValues.map { Self.swigluGradient(-0.5, gate: Double($0), up: 1.5) }
    #expect(
      largestRelativeError(dx.values, expected.map(\.gate) + expected.map(\.up)) < Self.tolerance)
  }
}
