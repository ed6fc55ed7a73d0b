import Tensors
import TestSupport
import Testing

@testable import Layers

@Suite struct EmbeddingTests {
  private static func make() -> (Embedding, ParameterBuffer) {
    var layout = ParameterLayout()
    let embedding = Embedding("embedding", vocabularySize: 4, hiddenSize: 3, in: &layout)
    let weights = ParameterBuffer(layout)
    weights.all.copy(from: (0..<12).map(Float.init))
    return (embedding, weights)
  }

  @Test func looksUpTheRowOfEachPiece() {
    let (embedding, weights) = Self.make()
    let workspace = Workspace()
    #expect(embedding([2, 0], PackedParameters(weights), workspace).values == [6, 7, 8, 0, 1, 2])
    #expect(embedding([], PackedParameters(weights), workspace).count == 0)
  }

  @Test func backwardAddsUpRepeatedPieces() {
    let (embedding, weights) = Self.make()
    let workspace = Workspace()
    let (output, cache) = embedding.forward([1, 3, 1], weights, workspace)
    output.copy(from: [1, 2, 3, 10, 20, 30, 100, 200, 300])
    let gradients = ParameterBuffer(weights.layout)
    embedding.backward(output, cache, gradients)
    #expect(gradients.all.values == [0, 0, 0, 101, 202, 303, 0, 0, 0, 10, 20, 30])
  }
}

@Suite struct DropoutTests {
  @Test func dropsTheShareAskedForAndKeepsTheMean() {
    let workspace = Workspace()
    let matrix = workspace.matrix(rows: 100, columns: 1_000)
    matrix.fill(1)
    Dropout(probability: 0.3, seed: 11)(matrix)
    let values = matrix.values
    // 100,000 draws: the share lies within five standard deviations, 5 * sqrt(0.21 / 1e5).
    let dropped = Double(values.count { $0 == 0 }) / 100_000
    #expect(abs(dropped - 0.3) < 0.0073)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
  }

  @Test func sameSeedDropsTheSamePlacesAndStreamsDiffer() {
    let workspace = Workspace()
    func dropped(_ dropout: Dropout) -> [Float] {
      let matrix = workspace.matrix(rows: 10, columns: 10)
      matrix.fill(1)
      dropout(matrix)
      return matrix.values
    }
    let dropout = Dropout(probability: 0.5, seed: 3)
    #expect(dropped(dropout) == dropped(dropout))
    #expect(dropped(dropout.stream(0)) != dropped(dropout.stream(1)))
    #expect(dropped(.none) == Array(repeating: 1, count: 100))
  }
}
