@testable import Layers
import Tensors
import TestSupport
import Testing

/// One layer beside its twin, so that every invariant runs over all layers from one table.
struct LayerCase: CustomTestStringConvertible, Sendable {
  typealias Numbers = @Sendable (Slot) -> Reference

  let name: String
  let inputSize: Int
  let layout: ParameterLayout
  let twin: @Sendable (Reference, [Int], Numbers) -> Reference
  let infer: @Sendable (Matrix, [Int], ParameterBuffer, Workspace) -> Matrix
  let forward: @Sendable (Matrix, [Int], ParameterBuffer, Workspace) -> Matrix
  let backward:
    @Sendable (Matrix, Matrix, [Int], ParameterBuffer, ParameterBuffer, Workspace) -> Matrix
  /// Whether a row's output depends on its own sequence only, row for row.
  var keepsRows = true

  var testDescription: String { name }

  static let hidden = 8
  static let heads = 2

  static let all: [LayerCase] = [
    linear(bias: true), linear(bias: false), rmsNorm, feedForward, attention, block, pooling,
    labelAttention,
  ]

  static func linear(bias: Bool) -> LayerCase {
    var layout = ParameterLayout()
    let layer = Linear("linear", inputSize: hidden, outputSize: 5, bias: bias, in: &layout)
    return LayerCase(bias ? "Linear" : "Linear without bias", layer, layout) { x, number in
      Twin.linear(x, weight: number(layer.weight), bias: layer.bias.map { number($0).values })
    }
  }

  static var rmsNorm: LayerCase {
    var layout = ParameterLayout()
    let layer = RMSNorm("norm", size: hidden, in: &layout)
    return LayerCase("RMSNorm", layer, layout) { x, number in
      Twin.rmsNorm(x, gain: number(layer.gain).values, epsilon: Double(RMSNorm.epsilon))
    }
  }

  static var feedForward: LayerCase {
    var layout = ParameterLayout()
    let layer = FeedForward("ff", hiddenSize: hidden, feedForwardSize: 6, in: &layout)
    return LayerCase("FeedForward", layer, layout) { x, number in
      Twin.feedForward(x, input: number(layer.input.weight), output: number(layer.output.weight))
    }
  }

  static var positions: RotaryPositions {
    RotaryPositions(attentionHeadSize: hidden / heads, maximumLength: 32)
  }

  static var attention: LayerCase {
    var layout = ParameterLayout()
    let layer = SelfAttention(
      "attention", hiddenSize: hidden, attentionHeadCount: heads, positions: positions,
      in: &layout)
    return LayerCase(
      name: "SelfAttention", inputSize: hidden, layout: layout,
      twin: { x, lengths, number in
        Twin.attention(
          x, lengths: lengths, heads: heads, input: number(layer.input.weight),
          output: number(layer.output.weight))
      },
      infer: { x, lengths, weights, workspace in
        let stream = workspace.zeros(rows: x.rows, columns: x.columns)
        layer(x, lengths: lengths, addingTo: stream, PackedParameters(weights), workspace)
        return stream
      },
      forward: { x, lengths, weights, workspace in
        layer.forward(x, lengths: lengths, weights, workspace).output
      },
      backward: { x, dy, lengths, weights, gradients, workspace in
        let cache = layer.forward(x, lengths: lengths, weights, workspace).cache
        return layer.backward(dy, cache, lengths: lengths, weights, gradients, workspace)
      })
  }

  static var block: LayerCase {
    var layout = ParameterLayout()
    let layer = EncoderBlock(
      "block", hiddenSize: hidden, attentionHeadCount: heads, feedForwardSize: 6,
      positions: positions, in: &layout)
    return LayerCase(
      name: "EncoderBlock", inputSize: hidden, layout: layout,
      twin: { x, lengths, number in
        let epsilon = Double(RMSNorm.epsilon)
        let middle =
          x
          + Twin.attention(
            Twin.rmsNorm(x, gain: number(layer.attentionNorm.gain).values, epsilon: epsilon),
            lengths: lengths, heads: heads, input: number(layer.attention.input.weight),
            output: number(layer.attention.output.weight))
        return middle
          + Twin.feedForward(
            Twin.rmsNorm(
              middle, gain: number(layer.feedForwardNorm.gain).values, epsilon: epsilon),
            input: number(layer.feedForward.input.weight),
            output: number(layer.feedForward.output.weight))
      },
      infer: { x, lengths, weights, workspace in
        let stream = workspace.matrix(rows: x.rows, columns: x.columns)
        stream.copy(from: x)
        layer(stream, lengths: lengths, PackedParameters(weights), workspace)
        return stream
      },
      forward: { x, lengths, weights, workspace in
        layer.forward(x, lengths: lengths, dropout: .none, weights, workspace).output
      },
      backward: { x, dy, lengths, weights, gradients, workspace in
        let cache = layer.forward(x, lengths: lengths, dropout: .none, weights, workspace).cache
        return layer.backward(dy, cache, lengths: lengths, weights, gradients, workspace)
      })
  }

  static var pooling: LayerCase {
    var layout = ParameterLayout()
    let layer = AttentionPooling("pooling", size: hidden, in: &layout)
    return LayerCase(
      name: "AttentionPooling", inputSize: hidden, layout: layout,
      twin: { x, lengths, number in
        Twin.pooling(x, groups: groups(lengths), query: number(layer.query).values)
      },
      infer: { x, lengths, weights, workspace in
        layer(x, groups: groups(lengths), PackedParameters(weights), workspace)
      },
      forward: { x, lengths, weights, workspace in
        layer.forward(x, groups: groups(lengths), weights, workspace).output
      },
      backward: { x, dy, lengths, weights, gradients, workspace in
        let cache = layer.forward(x, groups: groups(lengths), weights, workspace).cache
        return layer.backward(dy, cache, weights, gradients, workspace)
      }, keepsRows: false)
  }

  static var labelAttention: LayerCase {
    var layout = ParameterLayout()
    let layer = LabelAttention("labels", size: hidden, labelCount: 3, in: &layout)
    return LayerCase(
      name: "LabelAttention", inputSize: hidden, layout: layout,
      twin: { x, lengths, number in
        Twin.labelAttention(
          x, groups: groups(lengths), query: number(layer.query), weight: number(layer.weight),
          bias: number(layer.bias).values)
      },
      infer: { x, lengths, weights, workspace in
        layer(x, groups: groups(lengths), PackedParameters(weights), workspace)
      },
      forward: { x, lengths, weights, workspace in
        layer.forward(x, groups: groups(lengths), dropout: .none, weights, workspace).logits
      },
      backward: { x, dy, lengths, weights, gradients, workspace in
        let cache = layer.forward(
          x, groups: groups(lengths), dropout: .none, weights, workspace
        ).cache
        return layer.backward(dy, cache, weights, gradients, workspace)
      }, keepsRows: false)
  }

  /// Ranges of rows, one per sequence.
  static func groups(_ lengths: [Int]) -> [Range<Int>] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return start..<start + length
    }
  }

  /// Parameters that are all far from zero, also those that start at zero or one.
  func randomWeights(seed: UInt64) -> ParameterBuffer {
    let weights = ParameterBuffer(layout)
    weights.all.copy(from: randomValues(layout.count, seed: seed).map { $0 * 0.5 + 0.05 })
    return weights
  }
}

/// A layer that looks at each row alone.
protocol RowLayer: Sendable {
  associatedtype Cache
  func callAsFunction(_ input: Matrix, _ weights: PackedParameters, _ workspace: Workspace)
    -> Matrix
  func forward(_ input: Matrix, _ weights: ParameterBuffer, _ workspace: Workspace) -> (
    output: Matrix, cache: Cache
  )
  func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix
}

extension Linear: RowLayer {}
extension RMSNorm: RowLayer {}
extension FeedForward: RowLayer {
  func callAsFunction(
    _ input: Matrix, _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    let stream = workspace.zeros(rows: input.rows, columns: input.columns)
    self(input, addingTo: stream, weights, workspace)
    return stream
  }
}

extension LayerCase {
  /// The case of a layer for which lengths mean nothing.
  init(
    _ name: String, _ layer: some RowLayer, _ layout: ParameterLayout,
    twin: @escaping @Sendable (Reference, Numbers) -> Reference
  ) {
    self.init(
      name: name, inputSize: Self.hidden, layout: layout,
      twin: { x, _, number in twin(x, number) },
      infer: { x, _, weights, workspace in layer(x, PackedParameters(weights), workspace) },
      forward: { x, _, weights, workspace in layer.forward(x, weights, workspace).output },
      backward: { x, dy, _, weights, gradients, workspace in
        let cache = layer.forward(x, weights, workspace).cache
        return layer.backward(dy, cache, weights, gradients, workspace)
      })
  }
}

/// Standard normal numbers from a seed.
func randomValues(_ count: Int, seed: UInt64) -> [Float] {
  var random = SeededRandom(seed: seed)
  return (0..<count).map { _ in Float(random.nextNormal()) }
}
