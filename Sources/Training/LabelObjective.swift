import Layers
import Models
import Reviews
import Tensors

/// All heads together: the weighted sum of each head's mean loss over what is labelled for it.
struct LabelObjective: Objective {
  let shape: ModelShape
  let headWeights: HeadWeights
  var classWeights = ClassWeights()
  /// Share of every target that is spread over all classes.
  var labelSmoothing = 0.0
  /// Probability that a piece is hidden behind `maskID`.
  var pieceDropout = 0.0
  var maskID: Int32 = 0

  let names = ["sentiment", "intents", "opinions", "names", "polarity", "corpus intents"]

  func units(of texts: [TrainingText]) -> [Double] {
    func tagWeight(_ tags: TrainingText.LayerTags?, _ classWeights: [Double]) -> Double {
      guard let tags else { return 0 }
      return tags.allowed.reduce(0) {
        $0 + PartialCrossEntropy.weight(of: $1 & tags.possible, classWeights)
      }
    }
    var units = names.map { _ in 0.0 }
    for text in texts {
      units[0] +=
        text.lesson == nil
        ? PartialCrossEntropy.weight(of: text.allowedStars, classWeights.sentiment) : 1
      units[1] += (text.lesson?.knownIntents ?? text.knownIntents) != 0 ? 1 : 0
      units[2] += tagWeight(text.opinions, classWeights.opinions)
      units[3] += tagWeight(text.names, classWeights.names)
      for aspect in text.aspects {
        units[4] += PartialCrossEntropy.weight(of: 1 << aspect.polarity, classWeights.polarity)
      }
      units[5] += text.corpusIntent != nil ? 1 : 0
    }
    return units
  }

  func addGradients(
    of shard: Shard, units: [Double], random: SeededRandom, dropout: Double, model: TextModel,
    weights: ParameterBuffer, gradients: ParameterBuffer, workspace: Workspace
  ) -> [Double] {
    var random = random
    let ids = shard.map { text in
      text.ids.map { pieceDropout > 0 && random.nextUniform() < pieceDropout ? maskID : $0 }
    }
    let batch = TextBatch(ids, shape: shape)
    let dropout = Dropout(probability: Float(dropout), seed: random.next())
    let headWeights = [
      self.headWeights.sentiment, self.headWeights.intents, self.headWeights.opinions,
      self.headWeights.names, self.headWeights.polarity, self.headWeights.corpusIntents,
    ]
    func scale(_ part: Int) -> Float {
      units[part] > 0 ? Float(headWeights[part] / units[part]) : 0
    }

    let (windows, encoderCache) = model.encoder.forward(
      batch.ids, lengths: batch.windowLengths, dropout: dropout, weights, workspace)
    let hidden = batch.stitched(windows, workspace)
    let hiddenGradient = workspace.zeros(rows: hidden.rows, columns: hidden.columns)
    var losses = names.map { _ in 0.0 }

    /// One head over groups of rows; `loss` turns logits into their gradient.
    func train(
      _ head: ClassificationHead, _ part: Int, groups: [Range<Int>], stream: Int? = nil,
      loss: (Matrix) -> Double
    ) {
      guard !groups.isEmpty else { return }
      // The encoder's streams are numbered from 0, the heads' from 1,000, those of lessons from 1,010.
      let (logits, cache) = head.forward(
        hidden, groups: groups, dropout: dropout.stream(stream ?? 1_000 + part), weights, workspace)
      losses[part] += loss(logits)
      Kernels.add(
        head.backward(logits, cache, weights, gradients, workspace), to: hiddenGradient)
    }

    let rated = shard.indices.filter { shard[$0].allowedStars != 0 }
    train(model.sentiment, 0, groups: rated.map { batch.textRows[$0] }) { logits in
      PartialCrossEntropy.lossAndGradient(
        logits, allowed: rated.map { shard[$0].allowedStars },
        possible: rated.map { _ in 0b11111 }, classWeights: classWeights.sentiment,
        smoothing: labelSmoothing, scale: scale(0))
    }
    let intended = shard.indices.filter { shard[$0].knownIntents != 0 }
    train(model.intents, 1, groups: intended.map { batch.textRows[$0] }) { logits in
      BinaryCrossEntropy.lossAndGradient(
        logits, positive: intended.map { shard[$0].positiveIntents },
        known: intended.map { shard[$0].knownIntents }, positiveWeights: classWeights.intents,
        smoothing: labelSmoothing, scale: scale(1))
    }
    let taught = shard.indices.filter { shard[$0].lesson != nil }
    train(model.sentiment, 0, groups: taught.map { batch.textRows[$0] }, stream: 1_010) { logits in
      SoftCrossEntropy.lossAndGradient(
        logits, targets: taught.compactMap { shard[$0].lesson?.stars }, scale: scale(0))
    }
    let taughtIntents = taught.filter { shard[$0].lesson?.knownIntents != 0 }
    train(
      model.intents, 1, groups: taughtIntents.map { batch.textRows[$0] }, stream: 1_011
    ) { logits in
      let lessons = taughtIntents.compactMap { shard[$0].lesson }
      return BinaryCrossEntropy.lossAndGradient(
        logits, targets: lessons.map(\.intents), known: lessons.map(\.knownIntents),
        scale: scale(1))
    }
    if let head = model.corpusIntents {
      let named = shard.indices.filter { shard[$0].corpusIntent != nil }
      train(head, 5, groups: named.map { batch.textRows[$0] }) { logits in
        RangeCrossEntropy.lossAndGradient(
          logits,
          targets: named.compactMap { shard[$0].corpusIntent }.map { ($0.index, $0.possible) },
          scale: scale(5))
      }
    }
    let aspects = shard.indices.flatMap { text in
      shard[text].aspects.map { aspect in
        let start = batch.textRows[text].lowerBound
        return (
          rows: start + aspect.pieces.lowerBound..<start + aspect.pieces.upperBound,
          polarity: aspect.polarity
        )
      }
    }
    train(model.polarity, 4, groups: aspects.map(\.rows)) { logits in
      PartialCrossEntropy.lossAndGradient(
        logits, allowed: aspects.map { 1 << $0.polarity }, possible: aspects.map { _ in 0b111 },
        classWeights: classWeights.polarity, smoothing: labelSmoothing, scale: scale(4))
    }

    /// One tagging layer over the pieces of the texts that are labelled for it.
    func train(
      _ layer: EntityLayer, _ part: Int, _ weightsOfTags: [Double],
      tags: (TrainingText) -> TrainingText.LayerTags?
    ) {
      let head = model.tags(layer)
      for (index, text) in shard.enumerated() {
        guard let labels = tags(text) else { continue }
        let rows = batch.textRows[index]
        let (logits, cache) = head.forward(hidden.rows(rows), weights, workspace)
        losses[part] += PartialCrossEntropy.lossAndGradient(
          logits, allowed: labels.allowed,
          possible: labels.allowed.map { _ in labels.possible }, classWeights: weightsOfTags,
          smoothing: labelSmoothing, scale: scale(part))
        Kernels.add(
          head.backward(logits, cache, weights, gradients, workspace),
          to: hiddenGradient.rows(rows))
      }
    }
    train(.opinion, 2, classWeights.opinions) { $0.opinions }
    train(.name, 3, classWeights.names) { $0.names }

    model.encoder.backward(
      batch.unstitched(hiddenGradient, workspace), encoderCache, lengths: batch.windowLengths,
      weights, gradients, workspace)
    return losses
  }
}
