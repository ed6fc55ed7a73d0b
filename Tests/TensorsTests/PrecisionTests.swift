import CKernels
import TestSupport
import Testing

@testable import Tensors

@Suite struct PrecisionTests {
  /// Sums of at most 300 products of floats.
  static let tolerance = 2e-6

  typealias Case = MultiplyTests.Case

  /// Sizes below, at and above a tile's rows, a panel's columns and a block's pairs.
  static let cases = Case.of([
    (1, 1, 1), (12, 2, 32), (13, 17, 33), (25, 300, 31), (200, 257, 64), (11, 256, 600),
    (600, 3, 5), (0, 7, 3), (3, 7, 0), (3, 0, 7),
  ])

  /// To the nearest number of 8 bits of mantissa, ties to even: by hand, not by bits.
  private func rounded(_ value: Float) -> Double {
    guard value != 0 else { return 0 }
    let unit = Double(Float(value.binade)) / 128
    return (Double(value) / unit).rounded(.toNearestOrEven) * unit
  }

  /// A matrix amid a larger one, so that its stride exceeds its columns.
  private func strided(_ rows: Int, _ columns: Int, seed: UInt64, _ workspace: Workspace) -> Matrix
  {
    let parent = workspace.matrix(
      randomValues(rows * (columns + 5), seed: seed), rows: rows, columns: columns + 5)
    return parent.columns(2..<2 + columns)
  }

  private func expected(_ test: Case, _ left: Matrix, _ right: Matrix, start: [Float]) -> [Double] {
    (0..<test.m * test.n).map { index in
      let (row, column) = (index / test.n, index % test.n)
      return (0..<test.k).reduce(Double(start[index])) { sum, inner in
        let a = test.leftTransposed ? left[inner, row] : left[row, inner]
        let b = test.rightTransposed ? right[column, inner] : right[inner, column]
        return sum + rounded(a) * rounded(b)
      }
    }
  }

  /// Every product with the CPU's instruction, where it has one, and without.
  @Test(arguments: cases, [true, false]) func sumsProductsOfRoundedFactors(
    _ test: Case, accumulating: Bool
  ) {
    let workspace = Workspace(precision: .bfloat16)
    let left =
      test.leftTransposed
      ? strided(test.k, test.m, seed: 1, workspace) : strided(test.m, test.k, seed: 1, workspace)
    let right =
      test.rightTransposed
      ? strided(test.n, test.k, seed: 2, workspace) : strided(test.k, test.n, seed: 2, workspace)
    var products: Set<[UInt32]> = []
    for hasInstruction in Set([false, kernel_has_bf16() != 0]) {
      let parent = workspace.matrix(
        randomValues(test.m * (test.n + 2), seed: 3), rows: test.m, columns: test.n + 2)
      let output = parent.columns(1..<1 + test.n)
      let (before, start) = (parent.values, output.values)
      func multiply(_ left: some Factor, _ right: some Factor) {
        workspace.multiply(
          left, right, into: output, accumulating: accumulating, hasInstruction: hasInstruction)
      }
      switch (test.leftTransposed, test.rightTransposed) {
      case (false, false): multiply(left, right)
      case (false, true): multiply(left, right.transposed)
      case (true, false): multiply(left.transposed, right)
      case (true, true): multiply(left.transposed, right.transposed)
      }
      let expected = expected(
        test, left, right, start: accumulating ? start : start.map { _ in 0 })
      #expect(relativeDifference(output.values, expected) < Self.tolerance)
      products.insert(output.values.map(\.bitPattern))
      // The columns beside it stay as they are.
      let after = parent.values
      for row in 0..<test.m {
        for column in [row * (test.n + 2), row * (test.n + 2) + test.n + 1] {
          #expect(after[column] == before[column])
        }
      }
    }
    #expect(products.count == 1, "the instruction gives other bits")
  }

  @Test func tiesGoToTheEvenNumber() {
    let workspace = Workspace(precision: .bfloat16)
    // Half way between 1 and the next number, and between that and the one after it.
    let values: [Float] = [1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1.01p-8, -1 - 0x1p-8]
    let output = workspace.matrix(rows: 4, columns: 1)
    workspace.multiply(
      workspace.matrix(values, rows: 4, columns: 1), workspace.matrix([1], rows: 1, columns: 1),
      into: output)
    #expect(output.values == [1, 1 + 0x4p-8, 1 + 0x2p-8, -1])
  }

  @Test func whatIsNoNumberStaysNone() {
    let workspace = Workspace(precision: .bfloat16)
    let left = workspace.matrix(
      [.nan, 1, .infinity, 2, .greatestFiniteMagnitude, 0], rows: 3, columns: 2)
    let right = workspace.matrix([1, 1], rows: 2, columns: 1)
    let output = workspace.matrix(rows: 3, columns: 1)
    workspace.multiply(left, right, into: output)
    #expect(output[0, 0].isNaN)
    #expect(output[1, 0] == .infinity)
    // The largest float is nearer to what comes after bfloat16's largest number.
    #expect(output[2, 0] == .infinity)
  }

  @Test func singlePrecisionIsTheProductOfTheBLAS() {
    let workspace = Workspace()
    let left = workspace.matrix(randomValues(7 * 5, seed: 1), rows: 7, columns: 5)
    let right = workspace.matrix(randomValues(5 * 9, seed: 2), rows: 5, columns: 9)
    let (one, other) = (workspace.zeros(rows: 7, columns: 9), workspace.zeros(rows: 7, columns: 9))
    workspace.multiply(left, right, into: one)
    multiply(left, right, into: other)
    #expect(one.values == other.values)
  }

  @Test func whatAProductTakesItGivesBack() {
    let workspace = Workspace(precision: .bfloat16)
    let matrix = workspace.matrix(randomValues(64 * 64, seed: 1), rows: 64, columns: 64)
    let output = workspace.zeros(rows: 64, columns: 64)
    let first = workspace.allocationCount
    for _ in 0..<100 { workspace.multiply(matrix, matrix, into: output) }
    #expect(workspace.allocationCount <= first + 1)
  }
}
