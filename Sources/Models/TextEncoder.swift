public import Layers
public import Tensors

/// Pieces to hidden states: embedding, blocks, final norm.
///
/// Shapes: ids [N], output [N, D], N all pieces of the packed windows.
public struct TextEncoder: Sendable {
  /// The pieces' rows; also the output weights of pretraining.
  public let embedding: Embedding
  let blocks: [EncoderBlock]
  let finalNorm: RMSNorm

  /// What `backward` needs.
  public struct Cache {
    let embedding: Embedding.Cache
    let blocks: [EncoderBlock.Cache]
    let finalNorm: RMSNorm.Cache
    let dropout: Dropout
  }

  /// Adds the encoder's parameters to `layout`.
  public init(
    _ name: String, shape: ModelShape, vocabularySize: Int, in layout: inout ParameterLayout
  ) {
    let positions = RotaryPositions(
      attentionHeadSize: shape.hiddenSize / shape.attentionHeadCount,
      maximumLength: shape.windowSize)
    embedding = Embedding(
      "\(name).embedding", vocabularySize: vocabularySize, hiddenSize: shape.hiddenSize,
      in: &layout)
    var blocks: [EncoderBlock] = []
    for index in 0..<shape.layerCount {
      blocks.append(
        EncoderBlock(
          "\(name).\(index)", hiddenSize: shape.hiddenSize,
          attentionHeadCount: shape.attentionHeadCount, feedForwardSize: shape.feedForwardSize,
          positions: positions, in: &layout))
    }
    self.blocks = blocks
    finalNorm = RMSNorm("\(name).final_norm", size: shape.hiddenSize, in: &layout)
  }

  /// The output alone.
  public func callAsFunction(
    _ ids: [Int32], lengths: [Int], _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    let stream = embedding(ids, weights, workspace)
    for block in blocks { block(stream, lengths: lengths, weights, workspace) }
    return finalNorm(stream, weights, workspace)
  }

  /// The output and what `backward` needs; `shift` [N, D] is added to the embeddings, if given.
  public func forward(
    _ ids: [Int32], lengths: [Int], shift: Matrix? = nil, dropout: Dropout,
    _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    var (stream, embeddingCache) = embedding.forward(ids, weights, workspace)
    if let shift { Kernels.add(shift, to: stream) }
    dropout.stream(blocks.count)(stream)
    var blockCaches: [EncoderBlock.Cache] = []
    for (index, block) in blocks.enumerated() {
      let (output, cache) = block.forward(
        stream, lengths: lengths, dropout: dropout.stream(index), weights, workspace)
      stream = output
      blockCaches.append(cache)
    }
    let (output, normCache) = finalNorm.forward(stream, weights, workspace)
    let cache = Cache(
      embedding: embeddingCache, blocks: blockCaches, finalNorm: normCache, dropout: dropout)
    return (output, cache)
  }

  /// Adds all parameters' gradients to `gradients` and returns that of the embeddings, [N, D].
  @discardableResult
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, lengths: [Int], _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    var gradient = finalNorm.backward(
      outputGradient, cache.finalNorm, weights, gradients, workspace)
    for (block, blockCache) in zip(blocks, cache.blocks).reversed() {
      gradient = block.backward(
        gradient, blockCache, lengths: lengths, weights, gradients, workspace)
    }
    cache.dropout.stream(blocks.count)(gradient)
    embedding.backward(gradient, cache.embedding, gradients)
    return gradient
  }
}
