import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct RotaryTests {
  /// Two units in the last place of a float.
  static let tolerance = 2 * Double(Float.ulpOfOne)

  private static func tables(_ positions: Int, _ size: Int) -> (cosines: [Float], sines: [Float]) {
    let angles = (0..<positions).flatMap { position in
      (0..<size / 2).map { Double(position) / pow(10_000, 2 * Double($0) / Double(size)) }
    }
    return (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
  }

  /// Rotates `values` of 9 rows.
  private func rotate(_ values: Matrix, size: Int, forward: Bool = true) {
    let (cosines, sines) = Self.tables(9, size)
    Kernels.rotary(values, headSize: size, cosines: cosines, sines: sines, forward: forward)
  }

  @Test(arguments: [2, 6, 16, 34], [1, 3]) func equalsTwin(size: Int, heads: Int) {
    let workspace = Workspace()
    let x = randomValues(9 * heads * size, seed: 1)
    let matrix = workspace.matrix(x, rows: 9, columns: heads * size)
    rotate(matrix, size: size)
    let expected = (0..<9 * heads).flatMap { part in
      Twin.rotated(
        x[part * size..<(part + 1) * size].map(Double.init), position: part / heads)
    }
    #expect(relativeDifference(matrix.values, expected) < Self.tolerance)
  }

  @Test(arguments: [2, 6, 16, 34]) func keepsTheNormOfEveryHead(size: Int) {
    let workspace = Workspace()
    let x = randomValues(9 * 2 * size, seed: 2)
    let matrix = workspace.matrix(x, rows: 9, columns: 2 * size)
    rotate(matrix, size: size)
    func norms(_ values: [Float]) -> [Double] {
      stride(from: 0, to: values.count, by: size).map { start in
        values[start..<start + size].reduce(0) { $0 + Double($1) * Double($1) }
      }
    }
    #expect(matrix.values != x)
    #expect(largestRelativeError(norms(matrix.values).map(Float.init), norms(x)) < Self.tolerance)
  }

  @Test(arguments: [2, 6, 16, 34]) func backwardUndoesForward(size: Int) {
    let workspace = Workspace()
    let x = randomValues(9 * 2 * size, seed: 3)
    let matrix = workspace.matrix(x, rows: 9, columns: 2 * size)
    rotate(matrix, size: size)
    rotate(matrix, size: size, forward: false)
    #expect(relativeDifference(matrix.values, x.map(Double.init)) < Self.tolerance)
  }

  @Test func productsDependOnTheDistanceOfPositionsOnly() {
    let workspace = Workspace()
    let (query, key) = (randomValues(6, seed: 4), randomValues(6, seed: 5))
    func rotated(_ vector: [Float]) -> Matrix {
      let matrix = workspace.matrix(rows: 9, columns: 6)
      for row in 0..<9 { matrix.rows(row..<row + 1).copy(from: vector) }
      rotate(matrix, size: 6)
      return matrix
    }
    let products = workspace.matrix(rows: 9, columns: 9)
    multiply(rotated(query), rotated(key).transposed, into: products)
    for distance in -5...5 {
      let along = (0..<9).filter { (0..<9).contains($0 + distance) }
        .map { products[$0, $0 + distance] }
      let first = Array(repeating: Double(along[0]), count: along.count)
      #expect(relativeDifference(along, first) < 1e-5)
    }
  }

  @Test func columnsBesideTheSliceStayAsTheyAre() {
    let workspace = Workspace()
    let x = randomValues(9 * 20, seed: 6)
    let matrix = workspace.matrix(x, rows: 9, columns: 20)
    let alone = workspace.matrix(rows: 9, columns: 12)
    alone.copy(from: matrix.columns(4..<16))
    rotate(matrix.columns(4..<16), size: 6)
    rotate(alone, size: 6)
    #expect(matrix.columns(4..<16).values == alone.values)
    let before = workspace.matrix(x, rows: 9, columns: 20)
    #expect(matrix.columns(0..<4).values == before.columns(0..<4).values)
    #expect(matrix.columns(16..<20).values == before.columns(16..<20).values)
  }

  @Test func positionZeroAndNoRowsChangeNothing() {
    let workspace = Workspace()
    let x = randomValues(8, seed: 7)
    let matrix = workspace.matrix(x, rows: 1, columns: 8)
    rotate(matrix, size: 4)
    #expect(matrix.values == x)
    rotate(matrix.rows(0..<0), size: 4)
    #expect(matrix.values == x)
  }
}
