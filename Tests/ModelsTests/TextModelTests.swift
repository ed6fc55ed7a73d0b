import Layers
import Reviews
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct TextModelTests {
  /// Float rounding of a few layers; packed products sum in another order of tiles.
  static let tolerance = 1e-5

  private func states(_ texts: [[Int32]], _ shape: ModelShape, seed: UInt64 = 1) -> [[Float]] {
    let model = TextModel(Fixture.configuration(shape))
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: seed)
    return states(texts, shape, model, weights)
  }

  /// The hidden states of every text.
  private func states(
    _ texts: [[Int32]], _ shape: ModelShape, _ model: TextModel, _ weights: ParameterBuffer
  ) -> [[Float]] {
    let workspace = Workspace()
    let batch = TextBatch(texts, shape: shape)
    let states = model.hiddenStates(batch, PackedParameters(weights), workspace)
    return batch.textRows.map { states.rows($0).values }
  }

  @Test func parametersAreNamedAsInTheWeightsFile() {
    var shape = Fixture.shape
    shape.layerCount = 1
    let slots = TextModel(Fixture.configuration(shape)).layout.slots
    #expect(
      slots.map { "\($0.name) \($0.shape)" } == [
        "encoder.embedding.weight [320, 8]",
        "encoder.0.attention_norm.gain [8]",
        "encoder.0.attention.input.weight [24, 8]",
        "encoder.0.attention.output.weight [8, 8]",
        "encoder.0.feed_forward_norm.gain [8]",
        "encoder.0.feed_forward.input.weight [24, 8]",
        "encoder.0.feed_forward.output.weight [8, 12]",
        "encoder.final_norm.gain [8]",
        "sentiment.pooling.query [8]",
        "sentiment.output.weight [5, 8]",
        "sentiment.output.bias [5]",
        "intents.pooling.query [13, 8]",
        "intents.output.weight [13, 8]",
        "intents.output.bias [13]",
        "opinions.tags.weight [5, 8]",
        "opinions.tags.bias [5]",
        "names.tags.weight [13, 8]",
        "names.tags.bias [13]",
        "opinions.polarity.pooling.query [8]",
        "opinions.polarity.output.weight [3, 8]",
        "opinions.polarity.output.bias [3]",
        "pretraining.vocabulary_bias [320]",
      ])
  }

  @Test func parameterNamesAreUniqueAndLayersAreNumbered() {
    var shape = Fixture.shape
    shape.layerCount = 12
    let names = TextModel(Fixture.configuration(shape)).layout.slots.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("encoder.11.attention.output.weight"))
    #expect(names.count == 22 + 11 * 6)
  }

  @Test func tagLayersAreThoseOfTheirEntityLayer() {
    let model = TextModel(Fixture.configuration())
    #expect(model.tags(.opinion).weight.name == "opinions.tags.weight")
    #expect(model.tags(.name).weight.name == "names.tags.weight")
  }

  @Test func batchEqualsOneByOne() {
    // Shorter than, as long as, and several times as long as a window.
    let texts = [3, 16, 40, 1, 17].enumerated().map { Fixture.ids($1, seed: UInt64($0)) }
    let together = states(texts, Fixture.shape)
    for (text, batched) in zip(texts, together) {
      let alone = states([text], Fixture.shape)[0]
      #expect(relativeDifference(batched, alone.map(Double.init)) < Self.tolerance)
      #expect(alone.count == text.count * 8)
    }
  }

  @Test func noTextsHaveNoStates() {
    #expect(states([], Fixture.shape).isEmpty)
  }

  @Test func windowsLargerThanTheTextChangeNothing() {
    let text = Fixture.ids(16, seed: 6)
    var larger = Fixture.shape
    larger.windowSize = 100
    #expect(states([text], larger) == states([text], Fixture.shape))
  }

  @Test func longTextsReadEachWindowAsATextOfItsOwn() {
    var shape = Fixture.shape
    shape.layerCount = 1
    let text = Fixture.ids(45, seed: 7)
    let long = states([text], shape)[0]
    for window in TextWindow.windows(of: 45, shape: shape) {
      let alone = states([Array(text[window.pieces])], shape)[0]
      let first = window.owned.lowerBound - window.pieces.lowerBound
      let expected = alone[first * 8..<(first + window.owned.count) * 8].map(Double.init)
      let found = Array(long[window.owned.lowerBound * 8..<window.owned.upperBound * 8])
      #expect(relativeDifference(found, expected) < Self.tolerance)
    }
  }

  @Test func windowsOnlyMatterThroughAttention() {
    var (small, large) = (Fixture.shape, Fixture.shape)
    (small.layerCount, large.layerCount, large.windowSize) = (1, 1, 100)
    let model = TextModel(Fixture.configuration(small))
    let largeModel = TextModel(Fixture.configuration(large))
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 8)
    let text = Fixture.ids(45, seed: 9)
    let split = states([text], small, model, weights)[0]
    let whole = states([text], large, largeModel, weights)[0].map(Double.init)
    // Most pieces see other neighbours in a window than in the whole text.
    #expect(relativeDifference(split, whole) > 0.01)
    // Without what attention adds, a piece's state is its own: windows make no difference.
    for slot in model.layout.slots where slot.name.hasSuffix("attention.output.weight") {
      weights[slot].fill(0)
    }
    let splitAlone = states([text], small, model, weights)[0]
    let wholeAlone = states([text], large, largeModel, weights)[0].map(Double.init)
    #expect(relativeDifference(splitAlone, wholeAlone) < Self.tolerance)
  }

  @Test func trainingForwardEqualsInference() {
    let workspace = Workspace()
    let model = TextModel(Fixture.configuration())
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 10)
    let batch = TextBatch([40, 5].map { Fixture.ids($0, seed: 11) }, shape: Fixture.shape)
    let inferred = model.encoder(
      batch.ids, lengths: batch.windowLengths, PackedParameters(weights), workspace)
    let trained = model.encoder.forward(
      batch.ids, lengths: batch.windowLengths, dropout: .none, weights, workspace)
    // The same sums by other kernels: float rounding only.
    #expect(
      relativeDifference(inferred.values, trained.output.values.map(Double.init)) < 2e-6)
    let hidden = batch.stitched(inferred, workspace)
    let logits = model.sentiment(
      hidden, groups: batch.textRows, PackedParameters(weights), workspace)
    let (trainedLogits, _) = model.sentiment.forward(
      hidden, groups: batch.textRows, dropout: .none, weights, workspace)
    #expect(logits.shape == [2, 5])
    #expect(relativeDifference(logits.values, trainedLogits.values.map(Double.init)) < 2e-6)
  }
}
