import TestSupport
import Testing

@testable import Tensors

@Suite struct NormTests {
  /// Two units in the last place of a float.
  static let tolerance = 2 * Double(Float.ulpOfOne)

  @Test(arguments: oddWidths, [1e-4, 1, 1e4] as [Float])
  func equalsTwin(width: Int, magnitude: Float) {
    let workspace = Workspace()
    let x = randomValues(3 * width, seed: 1, scale: magnitude)
    let gain = randomValues(width, seed: 2)
    let output = workspace.matrix(rows: 3, columns: width)
    let inverse = workspace.matrix(rows: 1, columns: 3)
    Kernels.rmsNorm(
      workspace.matrix(x, rows: 3, columns: width),
      gain: workspace.matrix(gain, rows: 1, columns: width), epsilon: 1e-6, into: output,
      inverseRMS: inverse)
    let twin = Twin.rmsNorm(
      Reference(rows: 3, columns: width, x.map(Double.init)), gain: gain.map(Double.init),
      epsilon: Double(1e-6 as Float))
    #expect(relativeDifference(output.values, twin.values) < Self.tolerance)
    if width > 0 {
      let expected = (0..<3).map { row in
        let squares = x[row * width..<(row + 1) * width].reduce(0.0) {
          $0 + Double($1) * Double($1)
        }
        return 1 / (squares / Double(width) + Double(1e-6 as Float)).squareRoot()
      }
      #expect(largestRelativeError(inverse.values, expected) < Self.tolerance)
    }
  }

  @Test func zerosStayZeros() {
    let workspace = Workspace()
    let x = workspace.zeros(rows: 2, columns: 7)
    let gain = workspace.matrix(rows: 1, columns: 7)
    gain.fill(3)
    let output = workspace.matrix(rows: 2, columns: 7)
    let inverse = workspace.matrix(rows: 1, columns: 2)
    Kernels.rmsNorm(x, gain: gain, epsilon: 1e-6, into: output, inverseRMS: inverse)
    #expect(output.values == Array(repeating: 0, count: 14))
  }

  @Test(arguments: oddWidths) func backwardEqualsFiniteDifferencesAndAddsToGain(width: Int) {
    let workspace = Workspace()
    let x = randomValues(3 * width, seed: 3)
    let gain = randomValues(width, seed: 4)
    let upstream = randomValues(3 * width, seed: 5)
    let input = workspace.matrix(x, rows: 3, columns: width)
    let gainRow = workspace.matrix(gain, rows: 1, columns: width)
    let inverse = workspace.matrix(rows: 1, columns: 3)
    Kernels.rmsNorm(
      input, gain: gainRow, epsilon: 1e-6,
      into: workspace.matrix(rows: 3, columns: width), inverseRMS: inverse)
    let dx = workspace.matrix(rows: 3, columns: width)
    dx.fill(.nan)
    let gainGradient = workspace.matrix(rows: 1, columns: width)
    gainGradient.fill(100)
    Kernels.rmsNormBackward(
      workspace.matrix(upstream, rows: 3, columns: width), input: input, gain: gainRow,
      inverseRMS: inverse, into: dx, gainGradient: gainGradient)

    func scalar(_ x: [Double], _ gain: [Double]) -> Double {
      let y = Twin.rmsNorm(
        Reference(rows: 3, columns: width, x), gain: gain, epsilon: Double(1e-6 as Float))
      return zip(y.values, upstream).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let (point, gains) = (x.map(Double.init), gain.map(Double.init))
    let expectedInput = Twin.finiteDifferences(of: { scalar($0, gains) }, at: point)
    // One column: the gradient is x * epsilon, the difference of two floats near one.
    let tolerance = width == 1 ? 1e-3 : 1e-6
    #expect(relativeDifference(dx.values, expectedInput) < tolerance)
    let expectedGain = Twin.finiteDifferences(of: { scalar(point, $0) }, at: gains)
      .map { 100 + $0 }
    #expect(relativeDifference(gainGradient.values, expectedGain) < 1e-6)
  }
}
