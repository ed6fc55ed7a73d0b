import Layers
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct ObjectiveTests {
  /// Relative to the largest gradient of the parameter's slot.
  static let tolerance = 1e-3

  /// In every slot the parameter of the largest gradient and one at random.
  static func check(_ check: GradientCheck<some Objective>, withoutGradient: [String]) {
    let weights = check.randomWeights()
    let gradients = ParameterBuffer(check.model.layout)
    _ = check.losses(weights, into: gradients)
    var random = SeededRandom(seed: check.seed, stream: 2)
    for slot in check.model.layout.slots {
      let values = gradients[slot].values.map(Double.init)
      let largest = values.indices.max { abs(values[$0]) < abs(values[$1]) } ?? 0
      let scale = abs(values[largest])
      guard !withoutGradient.contains(where: slot.name.hasPrefix) else {
        #expect(scale == 0, "\(slot.name)")
        continue
      }
      #expect(scale > 1e-4, "\(slot.name) has hardly any gradient")
      for index in [largest, random.nextInt(below: slot.count)] {
        let slope = check.slope(weights, at: slot.offset + index)
        let difference = abs(slope - values[index]) / scale
        #expect(
          difference < tolerance,
          "\(slot.name)[\(index)]: gradient \(values[index]), slope \(slope)")
      }
    }
  }

  private static let headWeights: HeadWeights = {
    var weights = HeadWeights()
    weights.sentiment = 0.5
    weights.intents = 2
    weights.opinions = 1.5
    weights.polarity = 0.75
    weights.corpusIntents = 1.25
    return weights
  }()

  private func labels(
    _ shard: Shard, _ shape: ModelShape, pieceDropout: Double = 0, corpusIntentCount: Int = 0
  ) -> GradientCheck<LabelObjective> {
    GradientCheck(
      objective: LabelObjective(
        shape: shape, headWeights: Self.headWeights, pieceDropout: pieceDropout, maskID: 3),
      model: Fixture.model(shape, corpusIntentCount: corpusIntentCount), shard: shard, seed: 21,
      partWeights: [0.5, 2, 1.5, 1, 0.75, 1.25])
  }

  @Test(arguments: [1, 2]) func labelGradientsAreTheSlopesOfTheLoss(layers: Int) {
    var shape = Fixture.shape
    shape.layerCount = layers
    let texts = Fixture.texts(6, lengths: 1...16, seed: 11)
    Self.check(labels(texts, shape), withoutGradient: ["pretraining."])
  }

  @Test func labelGradientsAreTheSlopesOfTheLossWithIntentsOfTheCorpora() {
    var texts = Fixture.texts(6, lengths: 1...16, seed: 14)
    // Two corpora, of three classes and of four; two texts have none.
    for (index, possible) in [0..<3, 3..<7, 3..<7, 0..<3].enumerated() {
      texts[index].corpusIntent = .init(
        index: possible.upperBound - 1 - index / 2, possible: possible)
    }
    Self.check(
      labels(texts, Fixture.shape, corpusIntentCount: 7), withoutGradient: ["pretraining."])
  }

  @Test func labelGradientsAreTheSlopesOfTheLossOfLessons() {
    // Two of them have no labels, and teachers have read these.
    var texts = Fixture.texts(6, lengths: 1...16, seed: 19)
    for (index, star) in [2: 0.75, 4: 0.25] {
      texts[index] = TrainingText(corpus: "c", ids: texts[index].ids)
      texts[index].lesson = .init(
        stars: [star, 0, 0.25, 0.75 - star, 0],
        intents: (0..<13).map { Double($0) / 12 },
        knownIntents: index == 2 ? 0b1_0110_1111_0001 : 0)
    }
    Self.check(labels(texts, Fixture.shape), withoutGradient: ["pretraining."])
  }

  @Test func labelGradientsAreTheSlopesOfTheLossBeyondAWindow() {
    // 40 pieces in windows of 16 that share 4: three windows, beside a text of one.
    let texts =
      Fixture.texts(3, lengths: 40...40, seed: 12) + Fixture.texts(1, lengths: 5...5, seed: 13)
    let windows = texts.map { TextWindow.windows(of: $0.ids.count, shape: Fixture.shape).count }
    #expect(windows == [3, 3, 3, 1])
    Self.check(labels(texts, Fixture.shape), withoutGradient: ["pretraining."])
  }

  @Test func labelGradientsAreTheSlopesOfTheLossWithHiddenPieces() {
    // The same random numbers hide the same pieces in every evaluation.
    let texts = Fixture.texts(12, lengths: 1...30, seed: 17)
    Self.check(labels(texts, Fixture.shape, pieceDropout: 0.4), withoutGradient: ["pretraining."])
  }

  @Test func hiddenPiecesAreReadAsTheMask() {
    let texts = Fixture.texts(6, lengths: 20...30, seed: 18)
    /// The pieces whose embeddings have a gradient.
    func read(pieceDropout: Double) -> Set<Int> {
      let check = labels(texts, Fixture.shape, pieceDropout: pieceDropout)
      let gradients = ParameterBuffer(check.model.layout)
      _ = check.losses(check.randomWeights(), into: gradients)
      let rows = gradients[check.model.encoder.embedding.weight]
      return Set(
        (0..<rows.rows).filter { row in rows.rows(row..<row + 1).values.contains { $0 != 0 } })
    }
    let pieces = Set(texts.flatMap { $0.ids.map(Int.init) })
    #expect(read(pieceDropout: 0) == pieces)
    #expect(read(pieceDropout: 1) == [3])
    let some = read(pieceDropout: 0.5)
    #expect(some.contains(3) && some.isSubset(of: pieces.union([3])) && some.count < pieces.count)
  }

  @Test func maskedLanguageGradientsAreTheSlopesOfTheLoss() {
    let goal = MaskedLanguageObjective(
      maskProbability: 0.3, maskID: 3, vocabularySize: Fixture.vocabularySize)
    Self.check(
      GradientCheck(
        objective: goal, model: Fixture.model(),
        shard: Fixture.texts(6, lengths: 4...16, seed: 14), seed: 22, partWeights: [1]),
      withoutGradient: ["sentiment.", "intents.", "opinions.", "names."])
  }

  @Test func shardsAddUpToTheBatch() {
    let texts = Fixture.texts(9, lengths: 1...30, seed: 15)
    let whole = labels(texts, Fixture.shape)
    let weights = whole.randomWeights()
    let expected = ParameterBuffer(whole.model.layout)
    let losses = whole.losses(weights, into: expected)
    let gradients = ParameterBuffer(whole.model.layout)
    let workspace = Workspace()
    var sums = losses.map { _ in 0.0 }
    for part in [texts[..<4], texts[4..<5], texts[5...]] {
      workspace.reset()
      let losses = whole.objective.addGradients(
        of: Array(part), units: whole.objective.units(of: texts), random: SeededRandom(seed: 1),
        dropout: 0, model: whole.model, weights: weights, gradients: gradients,
        workspace: workspace)
      sums = zip(sums, losses).map { $0 + $1 }
    }
    // The same terms in another order.
    for (sum, loss) in zip(sums, losses) { #expect(abs(sum - loss) <= 1e-5 * loss) }
    #expect(relativeDifference(gradients.all.values, expected.all.values.map(Double.init)) < 1e-5)
  }

  @Test func unlabelledTextsCostNothing() {
    var texts = Fixture.texts(3, lengths: 3...9, seed: 16)
    for index in texts.indices { texts[index] = TrainingText(corpus: "c", ids: texts[index].ids) }
    let check = labels(texts, Fixture.shape)
    #expect(check.objective.units(of: texts) == [0, 0, 0, 0, 0, 0])
    let weights = check.randomWeights()
    let gradients = ParameterBuffer(check.model.layout)
    #expect(check.losses(weights, into: gradients) == [0, 0, 0, 0, 0, 0])
    #expect(gradients.all.values.allSatisfy { $0 == 0 })
  }

  @Test func unitsCountWhatIsLabelled() {
    var text = TrainingText(corpus: "c", ids: [1, 2, 3])
    text.allowedStars = 0b00011
    text.knownIntents = 0b1
    text.opinions = .init(allowed: [1, 0, 2], possible: 0b111)
    text.aspects = [.init(pieces: 0..<1, polarity: 0), .init(pieces: 2..<3, polarity: 2)]
    let goal = LabelObjective(shape: Fixture.shape, headWeights: HeadWeights())
    #expect(
      goal.units(of: [text, text, TrainingText(corpus: "c", ids: [4])]) == [2, 2, 4, 0, 4, 0])
    var taught = TrainingText(corpus: "c", ids: [4])
    taught.lesson = .init(
      stars: [0, 0, 0, 0, 1], intents: Array(repeating: 0, count: 13), knownIntents: 0)
    #expect(goal.units(of: [text, taught]) == [2, 1, 2, 0, 2, 0])
    taught.lesson?.knownIntents = 0b10
    #expect(goal.units(of: [text, taught]) == [2, 2, 2, 0, 2, 0])
  }
}
