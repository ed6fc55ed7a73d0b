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
  /// How far a second reading moves the embeddings, see `AdversarialShift`; 0 for no such reading.
  var adversarialNorm = 0.0

  /// A part of the loss; its number is its place among `names`.
  enum Part: Int, CaseIterable {
    case sentiment, intents, opinions, names, polarity, corpusIntents
  }

  let names = ["sentiment", "intents", "opinions", "names", "polarity", "corpus intents"]

  func units(of texts: [TrainingText]) -> [Double] {
    func tagWeight(_ tags: TrainingText.LayerTags?, _ classWeights: [Double]) -> Double {
      guard let tags else { return 0 }
      return tags.allowed.reduce(0) {
        $0 + PartialCrossEntropy.weight(of: $1 & tags.possible, classWeights)
      }
    }
    func units(of text: TrainingText, _ part: Part) -> Double {
      switch part {
      case .sentiment:
        text.lesson == nil
          ? PartialCrossEntropy.weight(of: text.allowedStars, classWeights.sentiment) : 1
      case .intents: (text.lesson?.knownIntents ?? text.knownIntents) != 0 ? 1 : 0
      case .opinions: tagWeight(text.opinions, classWeights.opinions)
      case .names: tagWeight(text.names, classWeights.names)
      case .polarity:
        text.aspects.reduce(0) {
          $0 + PartialCrossEntropy.weight(of: 1 << $1.polarity, classWeights.polarity)
        }
      case .corpusIntents: text.corpusIntent != nil ? 1 : 0
      }
    }
    return Part.allCases.map { part in texts.reduce(0) { $0 + units(of: $1, part) } }
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
    func read(share: Double, shift: Matrix? = nil) -> Pass {
      pass(
        shard, batch, units: units, share: share, shift: shift,
        dropout: Dropout(probability: Float(dropout), seed: random.next()), model: model,
        weights: weights, gradients: gradients, workspace: workspace)
    }
    guard adversarialNorm > 0 else { return read(share: 1).losses }
    let shift = workspace.zeros(rows: batch.ids.count, columns: shape.hiddenSize)
    let mark = workspace.mark
    let plain = read(share: 0.5)
    AdversarialShift(norm: adversarialNorm).write(
      from: plain.embeddingGradient, batch, table: weights[model.encoder.embedding.weight],
      to: shift)
    workspace.release(to: mark)
    _ = read(share: 0.5, shift: shift)
    return plain.losses
  }

  /// What one reading of a shard gave.
  struct Pass {
    /// Each part's loss, summed over the shard.
    let losses: [Double]
    /// The gradient of the loss by the embeddings of all windows, [pieces, hidden size].
    let embeddingGradient: Matrix
  }

  /// Adds `share` of the gradient of a shard's loss to `gradients`; `shift` is added to the
  /// embeddings, if given.
  func pass(
    _ shard: Shard, _ batch: TextBatch, units: [Double], share: Double, shift: Matrix?,
    dropout: Dropout, model: TextModel, weights: ParameterBuffer, gradients: ParameterBuffer,
    workspace: Workspace
  ) -> Pass {
    let (windows, encoderCache) = model.encoder.forward(
      batch.ids, lengths: batch.windowLengths, shift: shift, dropout: dropout, weights, workspace)
    let hidden = batch.stitched(windows, workspace)
    var heads = HeadPass(
      shard: shard, rows: batch.textRows, model: model, dropout: dropout, weights: weights,
      gradients: gradients, workspace: workspace, hidden: hidden,
      hiddenGradient: workspace.zeros(rows: hidden.rows, columns: hidden.columns),
      scales: zip(Part.allCases, units).map { $1 > 0 ? Float(share * headWeights[$0] / $1) : 0 },
      losses: units.map { _ in 0 })
    trainSentiment(&heads)
    trainIntents(&heads)
    trainOnLessons(&heads)
    trainCorpusIntents(&heads)
    trainPolarity(&heads)
    heads.train(.opinion, .opinions, classWeights.opinions, labelSmoothing) { $0.opinions }
    heads.train(.name, .names, classWeights.names, labelSmoothing) { $0.names }
    let embeddingGradient = model.encoder.backward(
      batch.unstitched(heads.hiddenGradient, workspace), encoderCache,
      lengths: batch.windowLengths, weights, gradients, workspace)
    return Pass(losses: heads.losses, embeddingGradient: embeddingGradient)
  }

  private func trainSentiment(_ heads: inout HeadPass) {
    heads.train(
      heads.model.sentiment, .sentiment, on: { $0.allowedStars != 0 }
    ) { logits, texts, scale in
      PartialCrossEntropy.lossAndGradient(
        logits, allowed: texts.map(\.allowedStars), possible: texts.map { _ in 0b11111 },
        classWeights: classWeights.sentiment, smoothing: labelSmoothing, scale: scale)
    }
  }

  private func trainIntents(_ heads: inout HeadPass) {
    heads.train(
      heads.model.intents, .intents, on: { $0.knownIntents != 0 }
    ) { logits, texts, scale in
      BinaryCrossEntropy.lossAndGradient(
        logits, positive: texts.map(\.positiveIntents), known: texts.map(\.knownIntents),
        positiveWeights: classWeights.intents, smoothing: labelSmoothing, scale: scale)
    }
  }

  /// What teachers said of texts without labels.
  private func trainOnLessons(_ heads: inout HeadPass) {
    heads.train(
      heads.model.sentiment, .sentiment, on: { $0.lesson != nil }, stream: 1_010
    ) { logits, texts, scale in
      SoftCrossEntropy.lossAndGradient(
        logits, targets: texts.compactMap { $0.lesson?.stars }, scale: scale)
    }
    heads.train(
      heads.model.intents, .intents, on: { $0.lesson.map { $0.knownIntents != 0 } ?? false },
      stream: 1_011
    ) { logits, texts, scale in
      let lessons = texts.compactMap(\.lesson)
      return BinaryCrossEntropy.lossAndGradient(
        logits, targets: lessons.map(\.intents), known: lessons.map(\.knownIntents), scale: scale)
    }
  }

  private func trainCorpusIntents(_ heads: inout HeadPass) {
    guard let head = heads.model.corpusIntents else { return }
    heads.train(head, .corpusIntents, on: { $0.corpusIntent != nil }) { logits, texts, scale in
      RangeCrossEntropy.lossAndGradient(
        logits, targets: texts.compactMap(\.corpusIntent).map { ($0.index, $0.possible) },
        scale: scale)
    }
  }

  private func trainPolarity(_ heads: inout HeadPass) {
    let aspects = heads.shard.flatMap(\.aspects)
    let groups = zip(heads.shard, heads.rows).flatMap { text, rows in
      text.aspects.map {
        rows.lowerBound + $0.pieces.lowerBound..<rows.lowerBound + $0.pieces.upperBound
      }
    }
    heads.train(heads.model.polarity, .polarity, groups: groups) { logits, scale in
      PartialCrossEntropy.lossAndGradient(
        logits, allowed: aspects.map { 1 << $0.polarity }, possible: aspects.map { _ in 0b111 },
        classWeights: classWeights.polarity, smoothing: labelSmoothing, scale: scale)
    }
  }
}

extension HeadWeights {
  fileprivate subscript(part: LabelObjective.Part) -> Double {
    switch part {
    case .sentiment: sentiment
    case .intents: intents
    case .opinions: opinions
    case .names: names
    case .polarity: polarity
    case .corpusIntents: corpusIntents
    }
  }
}
