import Layers
import Models
import Reviews
import Tensors

/// A head that reads groups of rows: whole texts, or the spans of aspects.
protocol GroupHead {
  associatedtype Cache
  func forward(
    _ hidden: Matrix, groups: [Range<Int>], dropout: Dropout, _ weights: ParameterBuffer,
    _ workspace: Workspace
  ) -> (logits: Matrix, cache: Cache)
  func backward(
    _ logitsGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix
}

extension ClassificationHead: GroupHead {}
extension LabelAttention: GroupHead {}

/// The way of one shard through the heads: each reads the same hidden states and adds to the same
/// gradient of them.
struct HeadPass {
  let shard: Shard
  /// The rows of each text's pieces.
  let rows: [Range<Int>]
  let model: TextModel
  let dropout: Dropout
  let weights: ParameterBuffer
  let gradients: ParameterBuffer
  let workspace: Workspace
  /// What the encoder made of the pieces, [pieces, hidden size].
  let hidden: Matrix
  /// The gradient of the loss by `hidden`; the heads add to it.
  let hiddenGradient: Matrix
  /// What a unit of each part's loss counts.
  let scales: [Float]
  /// Each part's loss, summed over the shard.
  var losses: [Double]

  /// Trains a head that reads whole texts, on those that `isLabelled` holds of.
  ///
  /// `loss` turns logits, a row for each of these texts, into their gradient.
  mutating func train(
    _ head: some GroupHead, _ part: LabelObjective.Part,
    on isLabelled: (TrainingText) -> Bool, stream: Int? = nil,
    loss: (_ logits: Matrix, _ texts: [TrainingText], _ scale: Float) -> Double
  ) {
    let labelled = shard.indices.filter { isLabelled(shard[$0]) }
    let texts = labelled.map { shard[$0] }
    train(head, part, groups: labelled.map { rows[$0] }, stream: stream) { logits, scale in
      loss(logits, texts, scale)
    }
  }

  /// Trains a head that reads groups of rows; `loss` turns logits, a row for each group, into their
  /// gradient.
  mutating func train(
    _ head: some GroupHead, _ part: LabelObjective.Part, groups: [Range<Int>],
    stream: Int? = nil, loss: (_ logits: Matrix, _ scale: Float) -> Double
  ) {
    guard !groups.isEmpty else { return }
    // The encoder's streams are numbered from 0, the heads' from 1,000, those of lessons from 1,010.
    let (logits, cache) = head.forward(
      hidden, groups: groups, dropout: dropout.stream(stream ?? 1_000 + part.rawValue), weights,
      workspace)
    losses[part.rawValue] += loss(logits, scales[part.rawValue])
    Kernels.add(
      head.backward(logits, cache, weights, gradients, workspace), to: hiddenGradient)
  }

  /// Trains a tagging layer on the pieces of the texts that are labelled for it.
  mutating func train(
    _ layer: EntityLayer, _ part: LabelObjective.Part, _ classWeights: [Double],
    _ labelSmoothing: Double, tags: (TrainingText) -> TrainingText.LayerTags?
  ) {
    let head = model.tags(layer)
    for (text, rows) in zip(shard, rows) {
      guard let labels = tags(text) else { continue }
      let (logits, cache) = head.forward(hidden.rows(rows), weights, workspace)
      losses[part.rawValue] += PartialCrossEntropy.lossAndGradient(
        logits, allowed: labels.allowed, possible: labels.allowed.map { _ in labels.possible },
        classWeights: classWeights, smoothing: labelSmoothing, scale: scales[part.rawValue])
      Kernels.add(
        head.backward(logits, cache, weights, gradients, workspace),
        to: hiddenGradient.rows(rows))
    }
  }
}
