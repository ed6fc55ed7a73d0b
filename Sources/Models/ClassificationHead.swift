public import Layers
public import Tensors

/// One row of logits per group of hidden states: attention pooling, then a linear layer.
///
/// Groups are the rows of whole texts (sentiment, the corpora's own intents) or of spans (aspect
/// polarity).
/// Shapes: hidden [N, D], output [G, L].
public struct ClassificationHead: Sendable {
  let pooling: AttentionPooling
  let output: Linear

  /// What `backward` needs.
  public struct Cache {
    let pooling: AttentionPooling.Cache
    let output: Linear.Cache
    let dropout: Dropout
  }

  /// Adds the head's parameters to `layout`.
  public init(_ name: String, hiddenSize: Int, labelCount: Int, in layout: inout ParameterLayout) {
    pooling = AttentionPooling("\(name).pooling", size: hiddenSize, in: &layout)
    output = Linear("\(name).output", inputSize: hiddenSize, outputSize: labelCount, in: &layout)
  }

  /// The logits alone.
  public func callAsFunction(
    _ hidden: Matrix, groups: [Range<Int>], _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    output(pooling(hidden, groups: groups, weights, workspace), weights, workspace)
  }

  /// The groups' mean hidden states [G, D], and the logs of the sums of their rows' weights; see
  /// `AttentionPooling.parts`. `logits` makes logits of them.
  public func parts(
    _ hidden: Matrix, groups: [Range<Int>], _ weights: PackedParameters, _ workspace: Workspace
  ) -> (output: Matrix, logSums: [Double]) {
    pooling.parts(hidden, groups: groups, weights, workspace)
  }

  /// The logits of mean hidden states: [G, D] to [G, L].
  public func logits(
    _ pooled: Matrix, _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    output(pooled, weights, workspace)
  }

  /// The logits and what `backward` needs.
  public func forward(
    _ hidden: Matrix, groups: [Range<Int>], dropout: Dropout, _ weights: ParameterBuffer,
    _ workspace: Workspace
  ) -> (logits: Matrix, cache: Cache) {
    let (pooled, poolingCache) = pooling.forward(hidden, groups: groups, weights, workspace)
    dropout(pooled)
    let (logits, outputCache) = output.forward(pooled, weights, workspace)
    return (logits, Cache(pooling: poolingCache, output: outputCache, dropout: dropout))
  }

  /// Adds the parameters' gradients to `gradients` and returns the hidden states'.
  public func backward(
    _ logitsGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    let pooledGradient = output.backward(
      logitsGradient, cache.output, weights, gradients, workspace)
    cache.dropout(pooledGradient)
    return pooling.backward(pooledGradient, cache.pooling, weights, gradients, workspace)
  }
}
