public import Tensors

/// Attention and feed-forward, each normed before and added to what came in.
///
/// Shapes: input and output [N, D].
/// Source: Xiong et al., On Layer Normalization in the Transformer Architecture, 2020 (pre-norm).
public struct EncoderBlock: Sendable {
  let attentionNorm: RMSNorm
  let attention: SelfAttention
  let feedForwardNorm: RMSNorm
  let feedForward: FeedForward

  /// What `backward` needs.
  public struct Cache {
    let attentionNorm: RMSNorm.Cache
    let attention: SelfAttention.Cache
    let feedForwardNorm: RMSNorm.Cache
    let feedForward: FeedForward.Cache
    let dropout: Dropout
  }

  /// Adds the block's parameters to `layout`.
  public init(
    _ name: String, hiddenSize: Int, attentionHeadCount: Int, feedForwardSize: Int,
    positions: RotaryPositions, in layout: inout ParameterLayout
  ) {
    attentionNorm = RMSNorm("\(name).attention_norm", size: hiddenSize, in: &layout)
    attention = SelfAttention(
      "\(name).attention", hiddenSize: hiddenSize, attentionHeadCount: attentionHeadCount,
      positions: positions, in: &layout)
    feedForwardNorm = RMSNorm("\(name).feed_forward_norm", size: hiddenSize, in: &layout)
    feedForward = FeedForward(
      "\(name).feed_forward", hiddenSize: hiddenSize, feedForwardSize: feedForwardSize,
      in: &layout)
  }

  /// Adds the block's two branches to `stream`, in place; scratch goes back to the workspace.
  public func callAsFunction(
    _ stream: Matrix, lengths: [Int], _ weights: PackedParameters, _ workspace: Workspace
  ) {
    let mark = workspace.mark
    attention(
      attentionNorm(stream, weights, workspace), lengths: lengths, addingTo: stream, weights,
      workspace)
    workspace.release(to: mark)
    feedForward(
      feedForwardNorm(stream, weights, workspace), addingTo: stream, weights, workspace)
    workspace.release(to: mark)
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, lengths: [Int], dropout: Dropout, _ weights: ParameterBuffer,
    _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    // middle = input + dropout(attention(norm(input)))
    let (attentionInput, attentionNormCache) = attentionNorm.forward(input, weights, workspace)
    let (middle, attentionCache) = attention.forward(
      attentionInput, lengths: lengths, weights, workspace)
    dropout.stream(0)(middle)
    Kernels.add(input, to: middle)
    // output = middle + dropout(feedForward(norm(middle)))
    let (feedForwardInput, feedForwardNormCache) = feedForwardNorm.forward(
      middle, weights, workspace)
    let (output, feedForwardCache) = feedForward.forward(feedForwardInput, weights, workspace)
    dropout.stream(1)(output)
    Kernels.add(middle, to: output)
    let cache = Cache(
      attentionNorm: attentionNormCache, attention: attentionCache,
      feedForwardNorm: feedForwardNormCache, feedForward: feedForwardCache, dropout: dropout)
    return (output, cache)
  }

  /// Adds the parameters' gradients to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, lengths: [Int], _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    // output = middle + dropout(feedForward(norm(middle)))
    let branchGradient = workspace.matrix(
      rows: outputGradient.rows, columns: outputGradient.columns)
    branchGradient.copy(from: outputGradient)
    cache.dropout.stream(1)(branchGradient)
    let middleGradient = feedForwardNorm.backward(
      feedForward.backward(branchGradient, cache.feedForward, weights, gradients, workspace),
      cache.feedForwardNorm, weights, gradients, workspace)
    Kernels.add(outputGradient, to: middleGradient)
    // middle = input + dropout(attention(norm(input)))
    branchGradient.copy(from: middleGradient)
    cache.dropout.stream(0)(branchGradient)
    let inputGradient = attentionNorm.backward(
      attention.backward(
        branchGradient, cache.attention, lengths: lengths, weights, gradients, workspace),
      cache.attentionNorm, weights, gradients, workspace)
    Kernels.add(middleGradient, to: inputGradient)
    return inputGradient
  }
}
