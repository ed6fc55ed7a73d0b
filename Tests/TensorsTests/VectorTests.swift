import TestSupport
import Testing

@testable import Tensors

@Suite struct VectorTests {
  @Test(arguments: oddWidths) func addAddsElementByElement(width: Int) {
    let workspace = Workspace()
    let (x, y) = (randomValues(3 * width, seed: 1), randomValues(3 * width, seed: 2))
    let output = workspace.matrix(y, rows: 3, columns: width)
    Kernels.add(workspace.matrix(x, rows: 3, columns: width), to: output)
    #expect(output.values == zip(x, y).map { $0 + $1 })
  }

  @Test(arguments: oddWidths) func addBiasAddsTheRowToEveryRow(width: Int) {
    let workspace = Workspace()
    let (x, bias) = (randomValues(3 * width, seed: 4), randomValues(width, seed: 5))
    let output = workspace.matrix(x, rows: 3, columns: width)
    Kernels.addBias(workspace.matrix(bias, rows: 1, columns: width), to: output)
    #expect(output.values == x.enumerated().map { $1 + bias[$0 % width] })
  }

  @Test(arguments: oddWidths) func addColumnSumsAddsToWhatIsThere(width: Int) {
    let workspace = Workspace()
    let x = randomValues(5 * width, seed: 6)
    let sums = workspace.matrix(rows: 1, columns: width)
    sums.fill(10)
    Kernels.addColumnSums(of: workspace.matrix(x, rows: 5, columns: width), to: sums)
    let expected = (0..<width).map { column in
      (0..<5).reduce(10.0) { $0 + Double(x[$1 * width + column]) }
    }
    #expect(relativeDifference(sums.values, expected) < 1e-6)
  }

  @Test(arguments: oddWidths + [4_095, 4_096, 4_097, 100_003])
  func sumOfSquaresEqualsDoubleLoop(width: Int) {
    let workspace = Workspace()
    let x = randomValues(width, seed: 7, scale: 1e3)
    let sum = Kernels.sumOfSquares(workspace.matrix(x, rows: 1, columns: width))
    let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    // 4,096 floats a block in sixteen lanes: 256 roundings of 6e-8, mostly cancelling.
    #expect(abs(sum - expected) <= 1e-6 * expected)
  }

  @Test(arguments: oddWidths) func gatherTakesRowsInAnyOrder(width: Int) {
    let workspace = Workspace()
    let table = workspace.matrix(randomValues(4 * width, seed: 8), rows: 4, columns: width)
    let indices: [Int32] = [3, 0, 3, 2]
    let output = workspace.matrix(rows: 4, columns: width)
    Kernels.gatherRows(indices, of: table, into: output)
    #expect(
      output.values == indices.flatMap { table.rows(Int($0)..<Int($0) + 1).values })
  }

  @Test(arguments: oddWidths) func scatterAddsUpRowsOfTheSameIndex(width: Int) {
    let workspace = Workspace()
    let x = randomValues(4 * width, seed: 9)
    let indices: [Int32] = [3, 0, 3, 2]
    let table = workspace.matrix(rows: 4, columns: width)
    table.fill(1)
    Kernels.scatterAddRows(workspace.matrix(x, rows: 4, columns: width), indices, to: table)
    var expected = Reference(rows: 4, columns: width, Array(repeating: 1, count: 4 * width))
    for (row, index) in indices.enumerated() {
      for column in 0..<width { expected[Int(index), column] += Double(x[row * width + column]) }
    }
    #expect(relativeDifference(table.values, expected.values) < 1e-6)
  }

  @Test func gatherAndScatterOfNothingChangeNothing() {
    let workspace = Workspace()
    let table = workspace.matrix([1, 2], rows: 1, columns: 2)
    let none = workspace.matrix(rows: 0, columns: 2)
    Kernels.gatherRows([], of: table, into: none)
    Kernels.scatterAddRows(none, [], to: table)
    #expect(table.values == [1, 2])
  }
}

@Suite struct DropoutKernelTests {
  private func dropped(_ count: Int, probability: Float, seed: UInt64) -> [Float] {
    let workspace = Workspace()
    let matrix = workspace.matrix(rows: 1, columns: count)
    matrix.fill(1)
    Kernels.dropout(matrix, probability: probability, seed: seed)
    return matrix.values
  }

  @Test(arguments: [0.01, 0.1, 0.5, 0.9] as [Float]) func dropsTheShareAskedFor(
    probability: Float
  ) {
    let count = 100_000
    let values = dropped(count, probability: probability, seed: 5)
    let share = Double(values.count { $0 == 0 }) / Double(count)
    // Five standard deviations of a share of 100,000 draws.
    let deviation = (Double(probability * (1 - probability)) / Double(count)).squareRoot()
    #expect(abs(share - Double(probability)) < 5 * deviation)
  }

  @Test func scalesWhatStays() {
    let values = dropped(1_000, probability: 0.75, seed: 6)
    #expect(Set(values) == [0, 4])
  }

  @Test(arguments: oddWidths) func samePlacesForTheSameSeedWhateverTheSize(count: Int) {
    let values = dropped(count, probability: 0.5, seed: 7)
    #expect(values == dropped(count, probability: 0.5, seed: 7))
    #expect(values == Array(dropped(100, probability: 0.5, seed: 7).prefix(count)))
  }

  @Test(arguments: [1, 1 << 32, 1 << 63] as [UInt64]) func everyBitOfTheSeedCounts(bit: UInt64) {
    let values = dropped(1_000, probability: 0.5, seed: 8)
    let others = dropped(1_000, probability: 0.5, seed: 8 ^ bit)
    // Independent draws agree in half of the places; five standard deviations are 79 of 1,000.
    let agreeing = zip(values, others).count { $0 == $1 }
    #expect(abs(agreeing - 500) < 79)
  }

  @Test func probabilityZeroKeepsEverything() {
    #expect(dropped(1_000, probability: 0, seed: 9) == Array(repeating: 1, count: 1_000))
  }
}
