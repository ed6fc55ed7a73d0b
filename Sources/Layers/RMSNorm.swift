public import Tensors

/// Divides every row by its root mean square and multiplies by `gain`.
///
/// Shapes: input and output [N, D], gain [D].
/// Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019, equation 4.
public struct RMSNorm: Sendable {
  /// [D].
  public let gain: Slot
  /// Added to the mean square, so that a row of zeros stays finite.
  public static let epsilon: Float = 1e-6

  /// What `backward` needs.
  public struct Cache {
    let input: Matrix
    let inverseRMS: Matrix
  }

  /// Adds the gain to `layout`; it starts at one.
  public init(_ name: String, size: Int, in layout: inout ParameterLayout) {
    gain = layout.addVector("\(name).gain", size: size, initialization: .ones)
  }

  /// The output alone.
  public func callAsFunction(
    _ input: Matrix, _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    normed(input, gain: weights[gain], workspace).output
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    let (output, inverseRMS) = normed(input, gain: weights[gain], workspace)
    return (output, Cache(input: input, inverseRMS: inverseRMS))
  }

  private func normed(
    _ input: Matrix, gain: Matrix, _ workspace: Workspace
  ) -> (output: Matrix, inverseRMS: Matrix) {
    let output = workspace.matrix(rows: input.rows, columns: input.columns)
    let inverseRMS = workspace.matrix(rows: 1, columns: input.rows)
    Kernels.rmsNorm(
      input, gain: gain, epsilon: Self.epsilon, into: output, inverseRMS: inverseRMS)
    return (output, inverseRMS)
  }

  /// Adds the gain's gradient to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    let inputGradient = workspace.matrix(rows: cache.input.rows, columns: cache.input.columns)
    Kernels.rmsNormBackward(
      outputGradient, input: cache.input, gain: weights[gain], inverseRMS: cache.inverseRMS,
      into: inputGradient, gainGradient: gradients[gain])
    return inputGradient
  }
}
