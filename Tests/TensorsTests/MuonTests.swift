import TestSupport
import Testing

@testable import Tensors

@Suite struct MuonTests {
  /// Parameters, moments and gradients of some matrices.
  private struct Run {
    let layout: ParameterLayout
    let parameters: ParameterBuffer
    let moments: ParameterBuffer
    let gradients: ParameterBuffer
    let optimizer: Muon
    let workspace = Workspace()

    init(
      _ shapes: [(Int, Int)], use: MatrixUse = .product, weightDecay: Float = 0.1
    ) {
      var layout = ParameterLayout()
      for (index, (rows, columns)) in shapes.enumerated() {
        _ = layout.addMatrix(
          "weight.\(index)", rows: rows, columns: columns, use: use,
          initialization: .zeros)
      }
      self.layout = layout
      parameters = ParameterBuffer(layout)
      moments = ParameterBuffer(layout)
      gradients = ParameterBuffer(layout)
      optimizer = Muon(weightDecay: weightDecay)
      parameters.all.copy(from: randomValues(layout.count, seed: 1))
    }

    func step(gradient: [Float], learningRate: Float, scale: Float = 1) {
      gradients.all.copy(from: gradient)
      for slot in layout.slots {
        optimizer.update(
          parameters, slot: slot, gradients: gradients, firstMoments: moments,
          learningRate: learningRate, gradientScale: scale, workspace: workspace)
      }
    }
  }

  /// The paper's iteration in double, with plain loops.
  private func twin(_ update: Reference) -> Reference {
    let isTall = update.rows > update.columns
    var x = isTall ? update.transposed : update
    x = x.scaled(by: 1 / (norm(x) + 1e-7))
    for _ in 0..<5 {
      let gram = x.timesTransposed(x)
      // The product of a symmetric matrix with itself needs no transposition.
      let polynomial = gram.scaled(by: -4.7750) + gram.timesTransposed(gram).scaled(by: 2.0315)
      x = x.scaled(by: 3.4445) + polynomial.timesTransposed(x.transposed)
    }
    return isTall ? x.transposed : x
  }

  private func norm(_ x: Reference) -> Double {
    let sum = x.values.reduce(0.0) { $0 + $1 * $1 }
    return sum.squareRoot()
  }

  private func reference(_ values: [Float], rows: Int, columns: Int) -> Reference {
    Reference(rows: rows, columns: columns, values.map { Double($0) })
  }

  /// The largest eigenvalue of a symmetric matrix without negative ones.
  private func largestEigenvalue(_ matrix: Reference) -> Double {
    var vector = Reference(
      rows: 1, columns: matrix.rows, (0..<matrix.rows).map { 1 + Double($0) / 7 })
    var length = 0.0
    for _ in 0..<2_000 {
      vector = vector.timesTransposed(matrix)
      length = norm(vector)
      vector = vector.scaled(by: 1 / max(length, 1e-300))
    }
    return length
  }

  @Test(arguments: [(8, 20), (20, 8), (8, 8), (1, 5)])
  func theOrthogonalUpdateEqualsTwin(rows: Int, columns: Int) {
    let workspace = Workspace()
    let values = randomValues(rows * columns, seed: 2)
    let result = Muon.orthogonalized(
      workspace.matrix(values, rows: rows, columns: columns), workspace)
    let expected = twin(reference(values, rows: rows, columns: columns))
    #expect(result.shape == [rows, columns])
    // Fifteen products; the iteration enlarges a small singular value's rounding with the value.
    #expect(relativeDifference(result.values, expected.values) < 1e-4)
  }

  @Test(arguments: [(8, 20), (20, 8)])
  func singularValuesEndNearOne(rows: Int, columns: Int) {
    let workspace = Workspace()
    let result = Muon.orthogonalized(
      workspace.matrix(
        randomValues(rows * columns, seed: 3, scale: 1e-3), rows: rows, columns: columns),
      workspace)
    let x = reference(result.values, rows: rows, columns: columns)
    let wide = rows > columns ? x.transposed : x
    let gram = wide.timesTransposed(wide)
    // Eigenvalues of X Xᵀ are squares of singular values.
    let bound = 1.5 * 1.5
    let largest = largestEigenvalue(gram)
    #expect(largest < bound)
    // What the bound exceeds the smallest by is the largest of the difference.
    var difference = gram.scaled(by: -1)
    for index in 0..<difference.rows { difference[index, index] += bound }
    let smallest = bound - largestEigenvalue(difference)
    #expect(smallest > 0.3 * 0.3 && smallest <= largest)
  }

  @Test(arguments: [(8, 20), (20, 8)])
  func threeStepsEqualTwin(rows: Int, columns: Int) {
    let run = Run([(rows, columns)])
    var value = reference(run.parameters.all.values, rows: rows, columns: columns)
    var moment = Reference(rows: rows, columns: columns)
    for step in 1...3 {
      let values = randomValues(rows * columns, seed: UInt64(10 + step))
      run.step(gradient: values, learningRate: 0.125 * Float(step), scale: 0.5)
      let (rate, decay) = (0.125 * Double(step), Double(0.1 as Float))
      let gradient = reference(values, rows: rows, columns: columns).scaled(by: 0.5)
      moment = moment.scaled(by: 0.95) + gradient
      let update = twin(gradient + moment.scaled(by: 0.95))
      // The longer side is 20.
      value =
        value.scaled(by: 1 - rate * decay) + update.scaled(by: -rate * 0.2 * 20.0.squareRoot())
    }
    #expect(relativeDifference(run.parameters.all.values, value.values) < 1e-4)
    #expect(relativeDifference(run.moments.all.values, moment.values) < 1e-6)
  }

  @Test func withoutGradientParametersOnlyDecay() {
    let run = Run([(8, 20), (24, 8)], weightDecay: 0.2)
    let before = run.parameters.all.values
    run.step(gradient: Array(repeating: 0, count: run.layout.count), learningRate: 0.5)
    #expect(relativeDifference(run.parameters.all.values, before.map { Double($0) * 0.9 }) < 1e-6)
    #expect(run.moments.all.values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [
    (MatrixUse.attentionProduct, 3), (MatrixUse.gatedProduct, 2), (MatrixUse.product, 1),
  ])
  func aFusedMatrixEqualsItsBlocks(use: MatrixUse, count: Int) {
    let fused = Run([(24, 8)], use: use)
    #expect(fused.layout.slots.map { Muon.blockCount(of: $0) } == [count])
    let blocks = Run(Array(repeating: (24 / count, 8), count: count))
    for step in 1...3 {
      let gradient = randomValues(24 * 8, seed: UInt64(20 + step))
      fused.step(gradient: gradient, learningRate: 0.1)
      blocks.step(gradient: gradient, learningRate: 0.1)
    }
    #expect(
      relativeDifference(
        fused.parameters.all.values, blocks.parameters.all.values.map { Double($0) }) < 1e-5)
  }

  @Test(arguments: oddWidths) func combineWeighsBothSides(width: Int) {
    let workspace = Workspace()
    let (x, y) = (randomValues(3 * width, seed: 5), randomValues(3 * width, seed: 6))
    let output = workspace.matrix(y, rows: 3, columns: width)
    Kernels.combine(
      workspace.matrix(x, rows: 3, columns: width), scale: 0.75, into: output, keeping: -2)
    let expected = zip(x, y).map { 0.75 * Double($0) - 2 * Double($1) }
    #expect(relativeDifference(output.values, expected) < 1e-6)
  }
}

extension Reference {
  /// Rows and columns exchanged.
  fileprivate var transposed: Reference {
    var result = Reference(rows: columns, columns: rows)
    for r in 0..<rows { for c in 0..<columns { result[c, r] = self[r, c] } }
    return result
  }

  /// Every value times `factor`.
  fileprivate func scaled(by factor: Double) -> Reference {
    Reference(rows: rows, columns: columns, values.map { $0 * factor })
  }
}
