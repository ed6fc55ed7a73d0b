import Layers
import Tensors
import TestSupport
import Testing

@testable import Models

/// Encoder, stitching and head as one function, against its twin.
@Suite struct GradientTests {
  /// A model that is small enough for a finite difference in every parameter.
  private static let shape = ModelShape(
    hiddenSize: 4, layerCount: 2, attentionHeadCount: 1, feedForwardSize: 3, windowSize: 4,
    windowOverlap: 2)
  private static let texts: [[Int32]] = [[0, 3, 2, 3, 1, 4, 0], [2, 2]]

  private let model: TextModel
  private let weights: ParameterBuffer
  private let batch = TextBatch(texts, shape: shape)
  private let upstream = randomValues(10, seed: 2)

  init() {
    var configuration = ModelConfiguration(name: "tiny", vocabularySize: 5, shape: Self.shape)
    configuration.intents = []
    configuration.intentThresholds = []
    model = TextModel(configuration)
    weights = ParameterBuffer(model.layout)
    // All far from where they start, so that no gradient vanishes.
    weights.all.copy(from: randomValues(model.layout.count, seed: 1).map { $0 * 0.5 + 0.05 })
  }

  private func parameter(_ name: String, _ values: [Double]) -> Reference {
    guard let slot = model.layout.slots.first(where: { $0.name == name }) else {
      Issue.record("no parameter is named \(name)")
      return Reference(rows: 0, columns: 0)
    }
    return Reference(
      rows: slot.rows, columns: slot.columns,
      Array(values[slot.offset..<slot.offset + slot.count]))
  }

  /// The sentiment logits of the batch, from loops over doubles.
  private func twin(_ values: [Double]) -> Reference {
    func number(_ name: String) -> Reference { parameter(name, values) }
    func norm(_ x: Reference, _ name: String) -> Reference {
      Twin.rmsNorm(x, gain: number(name).values, epsilon: Double(RMSNorm.epsilon))
    }
    let embedding = number("encoder.embedding.weight")
    var stream = Reference(
      rows: batch.ids.count, columns: 4, batch.ids.flatMap { embedding.row(Int($0)) })
    for layer in 0..<2 {
      let name = "encoder.\(layer)"
      stream =
        stream
        + Twin.attention(
          norm(stream, "\(name).attention_norm.gain"), lengths: batch.windowLengths, heads: 1,
          input: number("\(name).attention.input.weight"),
          output: number("\(name).attention.output.weight"))
      stream =
        stream
        + Twin.feedForward(
          norm(stream, "\(name).feed_forward_norm.gain"),
          input: number("\(name).feed_forward.input.weight"),
          output: number("\(name).feed_forward.output.weight"))
    }
    let windows = norm(stream, "encoder.final_norm.gain")
    // Windows 0..<4, 2..<6 and 3..<7: what neighbours share is divided in the middle, at 3 and 4.
    let rows = [0, 1, 2, 5, 9, 10, 11, 12, 13]
    let states = Reference(rows: 9, columns: 4, rows.flatMap { windows.row($0) })
    let pooled = Twin.pooling(
      states, groups: [0..<7, 7..<9], query: number("sentiment.pooling.query").values)
    return Twin.linear(
      pooled, weight: number("sentiment.output.weight"),
      bias: number("sentiment.output.bias").values)
  }

  @Test func logitsEqualTwin() {
    let workspace = Workspace()
    let packed = PackedParameters(weights)
    let states = model.hiddenStates(batch, packed, workspace)
    let logits = model.sentiment(states, groups: batch.textRows, packed, workspace)
    let expected = twin(weights.all.values.map(Double.init))
    #expect(relativeDifference(logits.values, expected.values) < 1e-5)
  }

  @Test func gradientsEqualFiniteDifferences() {
    let workspace = Workspace()
    let gradients = ParameterBuffer(model.layout)
    let (windows, encoderCache) = model.encoder.forward(
      batch.ids, lengths: batch.windowLengths, dropout: .none, weights, workspace)
    let (_, headCache) = model.sentiment.forward(
      batch.stitched(windows, workspace), groups: batch.textRows, dropout: .none, weights,
      workspace)
    let logitsGradient = workspace.matrix(rows: 2, columns: 5)
    logitsGradient.copy(from: upstream)
    let statesGradient = model.sentiment.backward(
      logitsGradient, headCache, weights, gradients, workspace)
    model.encoder.backward(
      batch.unstitched(statesGradient, workspace), encoderCache, lengths: batch.windowLengths,
      weights, gradients, workspace)

    let point = weights.all.values.map(Double.init)
    let expected = Twin.finiteDifferences(
      of: { zip(twin($0).values, upstream).reduce(0) { $0 + $1.0 * Double($1.1) } }, at: point)
    // The chain of two blocks, and 1e-10 / 1e-5 of the finite differences.
    #expect(relativeDifference(gradients.all.values, expected) < 5e-5)
  }
}
