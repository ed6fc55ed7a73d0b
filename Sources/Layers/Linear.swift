public import Tensors

/// Multiplies every row by `weight` transposed and adds `bias`, where there is one.
///
/// Shapes: input [N, I], weight [O, I], bias [O], output [N, O].
/// Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.1.
public struct Linear: Sendable {
  /// [O, I].
  public let weight: Slot
  /// [O]; nil in the encoder, whose norms make it needless.
  public let bias: Slot?

  /// What `backward` needs.
  public struct Cache {
    let input: Matrix
  }

  /// Adds the layer's parameters to `layout`; weights start with variance 1 / I.
  public init(
    _ name: String, inputSize: Int, outputSize: Int, bias hasBias: Bool = true,
    use: MatrixUse = .product, in layout: inout ParameterLayout
  ) {
    weight = layout.addMatrix(
      "\(name).weight", rows: outputSize, columns: inputSize, use: use,
      initialization: .normal(standardDeviation: 1 / Float(inputSize).squareRoot()))
    bias =
      hasBias ? layout.addVector("\(name).bias", size: outputSize, initialization: .zeros) : nil
  }

  /// The output alone.
  public func callAsFunction(
    _ input: Matrix, _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    let output = workspace.matrix(rows: input.rows, columns: weight.rows)
    weights.multiply(input, weight, into: output, workspace)
    if let bias { Kernels.addBias(weights[bias], to: output) }
    return output
  }

  /// Adds the output to `stream`, in place; a layer without bias.
  func add(
    _ input: Matrix, to stream: Matrix, _ weights: PackedParameters, _ workspace: Workspace
  ) {
    precondition(bias == nil, "\(weight.name) has a bias")
    weights.multiply(input, weight, into: stream, accumulating: true, workspace)
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    let output = workspace.matrix(rows: input.rows, columns: weight.rows)
    workspace.multiply(input, weights[weight].transposed, into: output)
    if let bias { Kernels.addBias(weights[bias], to: output) }
    return (output, Cache(input: input))
  }

  /// Adds the parameters' gradients to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    // output += bias
    if let bias { Kernels.addColumnSums(of: outputGradient, to: gradients[bias]) }
    // output = input * weight^T
    workspace.multiply(
      outputGradient.transposed, cache.input, into: gradients[weight], accumulating: true)
    let inputGradient = workspace.matrix(rows: cache.input.rows, columns: cache.input.columns)
    workspace.multiply(outputGradient, weights[weight], into: inputGradient)
    return inputGradient
  }
}
