import Layers
import Models
import Tensors
import Testing

@testable import Training

@Suite struct AdversarialShiftTests {
  private let model = Fixture.model()
  private let texts = Fixture.texts(6, lengths: 1...30, seed: 23)

  private func objective(norm: Double) -> LabelObjective {
    var objective = LabelObjective(shape: Fixture.shape, headWeights: HeadWeights())
    objective.adversarialNorm = norm
    return objective
  }

  private func weights() -> ParameterBuffer {
    GradientCheck(
      objective: objective(norm: 0), model: model, shard: texts, seed: 5, partWeights: []
    ).randomWeights()
  }

  @Test func everyWindowMovesAlongItsGradientByTheLengthOfAPiece() {
    // Windows of two pieces, of one and of one whose gradient is zero.
    let batch = TextBatch([[1, 2], [0], [2]], shape: Fixture.shape)
    let workspace = Workspace()
    func matrix(_ rows: [[Float]]) -> Matrix {
      let matrix = workspace.matrix(rows: rows.count, columns: rows[0].count)
      matrix.copy(from: rows.flatMap(\.self))
      return matrix
    }
    let table = matrix([[0, 2], [3, 4], [1, 0]])
    let gradient = matrix([[0, 3e-4], [-4e-4, 0], [5, 0], [0, 0]])
    let shift = workspace.zeros(rows: 4, columns: 2)
    AdversarialShift(norm: 0.5).write(from: gradient, batch, table: table, to: shift)
    // The root mean square of 5 and 1 is the root of 13, and the gradient's length 5e-4.
    let length = 0.5 * Float(13).squareRoot()
    let expected: [Float] = [0, 0.6 * length, -0.8 * length, 0, 0.5 * 2, 0, 0, 0]
    for (value, expected) in zip(shift.values, expected) { #expect(abs(value - expected) < 1e-6) }
  }

  @Test func theSecondReadingMeetsALargerLoss() {
    let goal = objective(norm: 0)
    let weights = weights()
    let table = weights[model.encoder.embedding.weight]
    let batch = TextBatch(texts.map(\.ids), shape: Fixture.shape)
    let workspace = Workspace()
    let units = goal.units(of: texts)
    func read(_ shift: Matrix? = nil) -> LabelObjective.Pass {
      goal.pass(
        texts, batch, units: units, share: 1, shift: shift, dropout: .none, model: model,
        weights: weights, gradients: ParameterBuffer(model.layout), workspace: workspace)
    }
    func loss(_ pass: LabelObjective.Pass) -> Double {
      zip(pass.losses, units).reduce(0) { $0 + $1.0 / max($1.1, 1) }
    }
    let plain = read()
    let shift = workspace.zeros(rows: batch.ids.count, columns: Fixture.shape.hiddenSize)
    AdversarialShift(norm: 0.02).write(
      from: plain.embeddingGradient, batch, table: table, to: shift)
    // To first order the loss rises along the gradient as much as it falls against it.
    let rise = loss(read(shift)) - loss(plain)
    let slope = zip(shift.values, plain.embeddingGradient.values).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    #expect(slope > 1e-3)
    #expect(abs(rise - slope) < 0.1 * slope)
  }

  @Test func bothReadingsCountHalf() {
    let weights = weights()
    func step(norm: Double) -> (losses: [Double], gradients: [Float]) {
      let gradients = ParameterBuffer(model.layout)
      let goal = objective(norm: norm)
      let losses = goal.addGradients(
        of: texts, units: goal.units(of: texts), random: SeededRandom(seed: 1), dropout: 0,
        model: model, weights: weights, gradients: gradients, workspace: Workspace())
      return (losses, gradients.all.values)
    }
    func difference(_ first: [Float], _ second: [Float]) -> Double {
      let squares = zip(first, second).reduce(0.0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
      }
      return (squares / second.reduce(0.0) { $0 + Double($1) * Double($1) }).squareRoot()
    }
    let plain = step(norm: 0)
    // Readings of nearly the same embeddings are one reading; the loss that is told is the plain one.
    #expect(difference(step(norm: 1e-5).gradients, plain.gradients) < 1e-4)
    let moved = step(norm: 0.3)
    #expect(difference(moved.gradients, plain.gradients) > 0.01)
    #expect(moved.losses == plain.losses)
  }
}
