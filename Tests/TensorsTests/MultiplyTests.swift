import TestSupport
import Testing

@testable import Tensors

@Suite struct MultiplyTests {
  /// Sums of at most 33 products of floats.
  static let tolerance = 1e-6

  struct Case: CustomTestStringConvertible, Sendable {
    var m: Int
    var k: Int
    var n: Int
    var leftTransposed: Bool
    var rightTransposed: Bool

    var testDescription: String {
      "[\(m), \(k)]\(leftTransposed ? "ᵀ" : "") × [\(k), \(n)]\(rightTransposed ? "ᵀ" : "")"
    }

    static let all = of([
      (1, 1, 1), (7, 16, 33), (33, 7, 1), (1, 33, 16), (16, 1, 7), (0, 7, 3), (3, 7, 0), (3, 0, 7),
      (0, 0, 0),
    ])

    /// Each size [M, K, N] with either factor as it is and transposed.
    static func of(_ sizes: [(m: Int, k: Int, n: Int)]) -> [Case] {
      sizes.flatMap { m, k, n in
        [(false, false), (false, true), (true, false), (true, true)].map {
          Case(m: m, k: k, n: n, leftTransposed: $0, rightTransposed: $1)
        }
      }
    }
  }

  /// A matrix of `rows` × `columns` amid a larger one, so that its stride exceeds its columns.
  private func strided(
    _ rows: Int, _ columns: Int, seed: UInt64, _ workspace: Workspace
  ) -> Matrix {
    let parent = workspace.matrix(
      randomValues(rows * (columns + 5), seed: seed), rows: rows, columns: columns + 5)
    return parent.columns(2..<2 + columns)
  }

  /// [M, K] and [K, N] as the case lays them out.
  private func factors(_ test: Case, _ workspace: Workspace) -> (left: Matrix, right: Matrix) {
    (
      test.leftTransposed
        ? strided(test.k, test.m, seed: 1, workspace)
        : strided(test.m, test.k, seed: 1, workspace),
      test.rightTransposed
        ? strided(test.n, test.k, seed: 2, workspace)
        : strided(test.k, test.n, seed: 2, workspace)
    )
  }

  private func product(
    _ test: Case, _ left: Matrix, _ right: Matrix, scale: Float, into output: Matrix,
    accumulating: Bool
  ) {
    switch (test.leftTransposed, test.rightTransposed) {
    case (false, false):
      multiply(left, right, scale: scale, into: output, accumulating: accumulating)
    case (false, true):
      multiply(left, right.transposed, scale: scale, into: output, accumulating: accumulating)
    case (true, false):
      multiply(left.transposed, right, scale: scale, into: output, accumulating: accumulating)
    case (true, true):
      multiply(
        left.transposed, right.transposed, scale: scale, into: output, accumulating: accumulating)
    }
  }

  private func expected(
    _ test: Case, _ left: Matrix, _ right: Matrix, scale: Double, start: [Float]
  ) -> [Double] {
    (0..<test.m * test.n).map { index in
      let (row, column) = (index / test.n, index % test.n)
      return (0..<test.k).reduce(Double(start[index])) { sum, inner in
        let a = test.leftTransposed ? left[inner, row] : left[row, inner]
        let b = test.rightTransposed ? right[column, inner] : right[inner, column]
        return sum + scale * Double(a) * Double(b)
      }
    }
  }

  @Test(arguments: Case.all) func equalsDoubleLoop(_ test: Case) {
    let workspace = Workspace()
    let (left, right) = factors(test, workspace)
    let output = strided(test.m, test.n, seed: 3, workspace)
    // What was there is overwritten, whatever it was.
    output.fill(.nan)
    product(test, left, right, scale: 1, into: output, accumulating: false)
    let zeros = Array(repeating: Float(0), count: test.m * test.n)
    let expected = expected(test, left, right, scale: 1, start: zeros)
    #expect(relativeDifference(output.values, expected) < Self.tolerance)
  }

  @Test(arguments: Case.all) func accumulatingAddsTheScaledProduct(_ test: Case) {
    let workspace = Workspace()
    let (left, right) = factors(test, workspace)
    let output = strided(test.m, test.n, seed: 4, workspace)
    let start = output.values
    product(test, left, right, scale: -0.25, into: output, accumulating: true)
    let expected = expected(test, left, right, scale: -0.25, start: start)
    #expect(relativeDifference(output.values, expected) < Self.tolerance)
  }

  @Test func columnsBesideTheOutputStayAsTheyAre() {
    let workspace = Workspace()
    let parent = workspace.matrix(rows: 3, columns: 9)
    parent.fill(5)
    let (left, right) = (workspace.zeros(rows: 3, columns: 2), workspace.zeros(rows: 2, columns: 4))
    multiply(left, right, into: parent.columns(2..<6))
    #expect(parent.values == [0, 1, 2].flatMap { _ in [5, 5, 0, 0, 0, 0, 5, 5, 5] as [Float] })
  }
}

@Suite struct MatrixTests {
  /// [3, 4] holding its own indices.
  private func numbered(_ workspace: Workspace) -> Matrix {
    workspace.matrix((0..<12).map(Float.init), rows: 3, columns: 4)
  }

  @Test func slicesShareTheNumbers() {
    let workspace = Workspace()
    let matrix = numbered(workspace)
    #expect(matrix.rows(1..<3).values == [4, 5, 6, 7, 8, 9, 10, 11])
    #expect(matrix.columns(1..<3).values == [1, 2, 5, 6, 9, 10])
    #expect(matrix.rows(1..<3).columns(2..<4).values == [6, 7, 10, 11])
    #expect(matrix.slice(at: 5, rows: 2, columns: 3).values == [5, 6, 7, 8, 9, 10])
    matrix.rows(1..<3).columns(2..<4)[1, 0] = -1
    #expect(matrix[2, 2] == -1)
  }

  @Test func emptySlicesAtTheEndHoldNothing() {
    let workspace = Workspace()
    let matrix = numbered(workspace)
    #expect(matrix.rows(3..<3).values.isEmpty)
    #expect(matrix.columns(4..<4).values.isEmpty)
    #expect(matrix.slice(at: 12, rows: 0, columns: 4).values.isEmpty)
  }

  @Test func fillAndCopyTouchTheirOwnColumnsOnly() {
    let workspace = Workspace()
    let matrix = numbered(workspace)
    matrix.columns(0..<2).fill(9)
    #expect(matrix.values == [9, 9, 2, 3, 9, 9, 6, 7, 9, 9, 10, 11])
    matrix.columns(1..<3).copy(from: numbered(workspace).columns(0..<2))
    #expect(matrix.values == [9, 0, 1, 3, 9, 4, 5, 7, 9, 8, 9, 11])
    matrix.columns(3..<4).copy(from: [-1, -2, -3])
    #expect(matrix.columns(3..<4).values == [-1, -2, -3])
  }

  @Test func contiguousMeansNoGapBetweenRows() {
    let workspace = Workspace()
    let matrix = numbered(workspace)
    #expect(matrix.isContiguous && matrix.rows(1..<3).isContiguous)
    #expect(!matrix.columns(0..<3).isContiguous)
    #expect(matrix.columns(0..<3).rows(1..<2).isContiguous)
  }
}
