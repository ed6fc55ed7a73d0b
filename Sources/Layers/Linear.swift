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
    in layout: inout ParameterLayout
  ) {
    weight = layout.addMatrix(
      "\(name).weight", rows: outputSize, columns: inputSize,
      initialization: .normal(standardDeviation: 1 / Float(inputSize).squareRoot()))
    bias =
      hasBias ? layout.addVector("\(name).bias", size: outputSize, initialization: .zeros) : nil
  }

  /// The output alone.
  public func callAsFunction(
    _ input: Matrix, _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    let rows = max(input.rows, Self.leastRows(columns: weight.rows))
    let output = workspace.matrix(rows: rows, columns: weight.rows)
    let mark = workspace.mark
    multiply(padded(input, rows, workspace), weights[weight].transposed, into: output)
    workspace.release(to: mark)
    let result = output.rows(0..<input.rows)
    if let bias { Kernels.addBias(weights[bias], to: result) }
    return result
  }

  /// The fewest rows at which a row's bits do not depend on how many other rows there are.
  ///
  /// OpenBLAS's AVX-512 kernels multiply fewer than four rows, and products of up to 1,200 numbers,
  /// in other ways that round otherwise. A text is to read the same alone and among others.
  private static func leastRows(columns: Int) -> Int { max(4, 1_200 / max(columns, 1) + 1) }

  /// `input` with rows of zeros below, where it has too few.
  private func padded(_ input: Matrix, _ rows: Int, _ workspace: Workspace) -> Matrix {
    if input.rows == rows { return input }
    let padded = workspace.matrix(rows: rows, columns: input.columns)
    padded.rows(0..<input.rows).copy(from: input)
    padded.rows(input.rows..<rows).fill(0)
    return padded
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    (self(input, weights, workspace), Cache(input: input))
  }

  /// Adds the parameters' gradients to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    // output += bias
    if let bias { Kernels.addColumnSums(of: outputGradient, to: gradients[bias]) }
    // output = input * weight^T
    multiply(
      outputGradient.transposed, cache.input, into: gradients[weight], accumulating: true)
    let inputGradient = workspace.matrix(rows: cache.input.rows, columns: cache.input.columns)
    multiply(outputGradient, weights[weight], into: inputGradient)
    return inputGradient
  }
}
