public import Tensors

/// One learned row per piece of the vocabulary; also the output weights of pretraining.
///
/// Shapes: ids [N], weight [V, D], output [N, D].
/// Source: Press and Wolf, Using the Output Embedding to Improve Language Models, 2017 (tying).
public struct Embedding: Sendable {
  /// [V, D].
  public let weight: Slot

  /// What `backward` needs.
  public struct Cache {
    let ids: [Int32]
  }

  /// Adds the table to `layout`; rows start with variance 1 / D, so tied logits start near 1.
  public init(
    _ name: String, vocabularySize: Int, hiddenSize: Int, in layout: inout ParameterLayout
  ) {
    weight = layout.addMatrix(
      "\(name).weight", rows: vocabularySize, columns: hiddenSize,
      initialization: .normal(standardDeviation: 1 / Float(hiddenSize).squareRoot()))
  }

  /// The output alone.
  public func callAsFunction(
    _ ids: [Int32], _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    rows(ids, of: weights[weight], workspace)
  }

  /// The output and what `backward` needs.
  public func forward(
    _ ids: [Int32], _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    (rows(ids, of: weights[weight], workspace), Cache(ids: ids))
  }

  private func rows(_ ids: [Int32], of table: Matrix, _ workspace: Workspace) -> Matrix {
    let output = workspace.matrix(rows: ids.count, columns: weight.columns)
    Kernels.gatherRows(ids, of: table, into: output)
    return output
  }

  /// Adds each row's gradient to its piece's row; ids have no gradient.
  public func backward(_ outputGradient: Matrix, _ cache: Cache, _ gradients: ParameterBuffer) {
    Kernels.scatterAddRows(outputGradient, cache.ids, to: gradients[weight])
  }
}
