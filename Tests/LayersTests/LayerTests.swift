import Foundation
import Tensors
import TestSupport
import Testing

@testable import Layers

/// What every layer must satisfy.
@Suite struct LayerTests {
  static let lengths = [3, 1, 7]
  static let tokens = 11

  /// Float has 24 bits and the sums here have at most a few dozen terms.
  static let forwardTolerance = 1e-5
  /// Backward chains three products, and finite differences carry 1e-10 / 1e-5 of their own.
  static let backwardTolerance = 5e-5

  private func input(_ layer: LayerCase, _ workspace: Workspace) -> Matrix {
    let matrix = workspace.matrix(rows: Self.tokens, columns: layer.inputSize)
    matrix.copy(from: randomValues(Self.tokens * layer.inputSize, seed: 7))
    return matrix
  }

  private func numbers(_ parameters: [Double]) -> LayerCase.Numbers {
    { slot in
      Reference(
        rows: slot.rows, columns: slot.columns,
        Array(parameters[slot.offset..<slot.offset + slot.count]))
    }
  }

  @Test(arguments: LayerCase.all) func forwardEqualsTwin(_ layer: LayerCase) {
    let workspace = Workspace()
    let weights = layer.randomWeights(seed: 1)
    let x = input(layer, workspace)
    let output = layer.forward(x, Self.lengths, weights, workspace)
    let twin = layer.twin(
      Reference(rows: x.rows, columns: x.columns, x.values.map(Double.init)), Self.lengths,
      numbers(weights.all.values.map(Double.init)))
    #expect(output.shape == [twin.rows, twin.columns])
    #expect(relativeDifference(output.values, twin.values) < Self.forwardTolerance)
  }

  @Test(arguments: LayerCase.all) func backwardEqualsFiniteDifferences(_ layer: LayerCase) {
    let workspace = Workspace()
    let weights = layer.randomWeights(seed: 2)
    let x = input(layer, workspace)
    let point = x.values.map(Double.init)
    let parameters = weights.all.values.map(Double.init)
    let outputCount = layer.forward(x, Self.lengths, weights, workspace).count
    let upstream = randomValues(outputCount, seed: 3)
    // The scalar whose gradient is checked: the outputs weighted by the upstream gradient.
    func scalar(_ x: [Double], _ parameters: [Double]) -> Double {
      let output = layer.twin(
        Reference(rows: Self.tokens, columns: layer.inputSize, x), Self.lengths,
        numbers(parameters))
      return zip(output.values, upstream).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let gradients = ParameterBuffer(layer.layout)
    let columns = outputCount / (layer.keepsRows ? Self.tokens : Self.lengths.count)
    let dy = workspace.matrix(rows: outputCount / columns, columns: columns)
    dy.copy(from: upstream)
    let dx = layer.backward(x, dy, Self.lengths, weights, gradients, workspace)

    #expect(dx.shape == x.shape)
    let expectedInput = Twin.finiteDifferences(of: { scalar($0, parameters) }, at: point)
    #expect(relativeDifference(dx.values, expectedInput) < Self.backwardTolerance)
    let expected = Twin.finiteDifferences(of: { scalar(point, $0) }, at: parameters)
    #expect(relativeDifference(gradients.all.values, expected) < Self.backwardTolerance)
  }

  @Test(arguments: LayerCase.all) func backwardAddsToGradients(_ layer: LayerCase) {
    let workspace = Workspace()
    let weights = layer.randomWeights(seed: 4)
    let x = input(layer, workspace)
    let dy = layer.forward(x, Self.lengths, weights, workspace)
    let once = ParameterBuffer(layer.layout)
    _ = layer.backward(x, dy, Self.lengths, weights, once, workspace)
    let twice = ParameterBuffer(layer.layout)
    for _ in 0..<2 { _ = layer.backward(x, dy, Self.lengths, weights, twice, workspace) }
    let doubled = once.all.values.map { 2 * Double($0) }
    #expect(relativeDifference(twice.all.values, doubled) < 1e-6)
  }

  @Test(arguments: LayerCase.all) func inferenceEqualsTrainingForward(_ layer: LayerCase) {
    let workspace = Workspace()
    let weights = layer.randomWeights(seed: 5)
    let x = input(layer, workspace)
    let inferred = layer.infer(x, Self.lengths, weights, workspace).values
    let forward = layer.forward(x, Self.lengths, weights, workspace).values.map(Double.init)
    // The same sums by other kernels: float rounding only.
    #expect(relativeDifference(inferred, forward) < 1e-6)
  }

  @Test(arguments: LayerCase.all) func packedBatchEqualsOneByOne(_ layer: LayerCase) {
    let workspace = Workspace()
    let weights = layer.randomWeights(seed: 6)
    let x = input(layer, workspace)
    let packed = layer.infer(x, Self.lengths, weights, workspace).values
    let single = zip(LayerCase.groups(Self.lengths), Self.lengths).flatMap { rows, length in
      layer.infer(x.rows(rows), [length], weights, workspace).values
    }
    // To the bit: a text reads the same alone and among others.
    #expect(packed == single)
  }

  @Test(arguments: LayerCase.all) func emptyBatchGivesEmptyOutput(_ layer: LayerCase) {
    let workspace = Workspace()
    let weights = layer.randomWeights(seed: 8)
    let x = workspace.matrix(rows: 0, columns: layer.inputSize)
    #expect(layer.infer(x, [], weights, workspace).count == 0)
    let output = layer.forward(x, [], weights, workspace)
    let gradients = ParameterBuffer(layer.layout)
    #expect(layer.backward(x, output, [], weights, gradients, workspace).count == 0)
    #expect(gradients.all.values.allSatisfy { $0 == 0 })
  }

  @Test func labelAttentionDropsFromWhatALabelReadsOfAGroupAndNotFromWhereItLooks() {
    let workspace = Workspace()
    let layer = LayerCase.labelAttention
    let weights = layer.randomWeights(seed: 9)
    let x = input(layer, workspace)
    let dropout = Dropout(probability: 0.4, seed: 10)
    let groups = LayerCase.groups(Self.lengths)
    // A mask for each group, [labels, columns].
    let masks = groups.indices.map { group in
      let kept = workspace.matrix(rows: 3, columns: x.columns)
      kept.fill(1)
      dropout.stream(group)(kept)
      return kept.values.map(Double.init)
    }
    var layout = ParameterLayout()
    let attention = LabelAttention("labels", size: layer.inputSize, labelCount: 3, in: &layout)
    let upstream = randomValues(groups.count * 3, seed: 11)
    // The logits weighted by the upstream gradient.
    func scalar(_ x: [Double], _ parameters: [Double]) -> Double {
      let number = numbers(parameters)
      let columns = layer.inputSize
      var sum = 0.0
      for (group, rows) in groups.enumerated() {
        for label in 0..<3 {
          func dot(_ values: [Double], _ row: Int) -> (plain: Double, masked: Double) {
            (0..<columns).reduce(into: (0, 0)) { sum, column in
              let product = values[column] * x[row * columns + column]
              sum.0 += product
              sum.1 += product * masks[group][label * columns + column]
            }
          }
          let shares = rows.map { exp(dot(number(attention.query).row(label), $0).plain) }
          let evidence = rows.map { dot(number(attention.weight).row(label), $0).masked }
          let logit =
            zip(shares, evidence).reduce(0) { $0 + $1.0 * $1.1 } / shares.reduce(0, +)
            + number(attention.bias).values[label]
          sum += logit * Double(upstream[group * 3 + label])
        }
      }
      return sum
    }
    let (logits, cache) = attention.forward(
      x, groups: groups, dropout: dropout, weights, workspace)
    let dy = workspace.matrix(rows: groups.count, columns: 3)
    dy.copy(from: upstream)
    let gradients = ParameterBuffer(layout)
    let dx = attention.backward(dy, cache, weights, gradients, workspace)

    let point = x.values.map(Double.init)
    let parameters = weights.all.values.map(Double.init)
    let weighted = zip(logits.values, upstream).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(weighted - scalar(point, parameters)) < 1e-4)
    let expectedInput = Twin.finiteDifferences(of: { scalar($0, parameters) }, at: point)
    #expect(relativeDifference(dx.values, expectedInput) < Self.backwardTolerance)
    let expected = Twin.finiteDifferences(of: { scalar(point, $0) }, at: parameters)
    #expect(relativeDifference(gradients.all.values, expected) < Self.backwardTolerance)
  }
}
