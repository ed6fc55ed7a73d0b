public import Tensors

/// A gated two-layer network on every row: `output(silu(gate(x)) * up(x))`.
///
/// Shapes: input and output [N, D]; gate and up are one matrix [2F, D], output [D, F].
/// Source: Shazeer, GLU Variants Improve Transformer, 2020, equation 6 (SwiGLU).
public struct FeedForward: Sendable {
  /// Gate and up projections, one above the other.
  public let input: Linear
  /// Back to the hidden size.
  public let output: Linear

  /// What `backward` needs.
  public struct Cache {
    let input: Linear.Cache
    let projected: Matrix
    let output: Linear.Cache
  }

  /// Adds the layer's parameters to `layout`.
  public init(
    _ name: String, hiddenSize: Int, feedForwardSize: Int, in layout: inout ParameterLayout
  ) {
    input = Linear(
      "\(name).input", inputSize: hiddenSize, outputSize: 2 * feedForwardSize, bias: false,
      use: .gatedProduct, in: &layout)
    output = Linear(
      "\(name).output", inputSize: feedForwardSize, outputSize: hiddenSize, bias: false,
      in: &layout)
  }

  /// Adds the output to `stream`, in place.
  public func callAsFunction(
    _ input: Matrix, addingTo stream: Matrix, _ weights: PackedParameters, _ workspace: Workspace
  ) {
    let activated = workspace.matrix(rows: input.rows, columns: output.weight.columns)
    weights.multiplySwiGLU(input, self.input.weight, into: activated, workspace)
    output.add(activated, to: stream, weights, workspace)
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    let (projected, inputCache) = self.input.forward(input, weights, workspace)
    let activated = workspace.matrix(rows: input.rows, columns: projected.columns / 2)
    Kernels.swiglu(projected, into: activated)
    let (output, outputCache) = self.output.forward(activated, weights, workspace)
    return (output, Cache(input: inputCache, projected: projected, output: outputCache))
  }

  /// Adds the parameters' gradients to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    let activatedGradient = output.backward(
      outputGradient, cache.output, weights, gradients, workspace)
    let projectedGradient = workspace.matrix(
      rows: cache.projected.rows, columns: cache.projected.columns)
    Kernels.swigluBackward(activatedGradient, input: cache.projected, into: projectedGradient)
    return input.backward(projectedGradient, cache.input, weights, gradients, workspace)
  }
}
