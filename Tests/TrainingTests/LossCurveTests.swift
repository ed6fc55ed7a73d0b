import Foundation
import Models
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Training

/// The folder that `training/reference/loss_curve.py` has written.
private let folder = ProcessInfo.processInfo.environment["GLOSS_LOSS_CURVE"].map {
  URL(fileURLWithPath: $0, isDirectory: true)
}

/// Fifty steps on real text beside the same steps by PyTorch; the text is not part of the project.
@Suite(
  .enabled(
    if: folder != nil,
    "set GLOSS_LOSS_CURVE to the folder that training/reference/loss_curve.py has written"))
struct LossCurveTests {
  /// Both runs round to floats, in another order, and every step starts from the difference that
  /// the steps before it left.
  static let tolerance = 1e-3

  /// `batches.json`.
  private struct Inputs: Decodable {
    struct Encoding: Decodable {
      let text: String
      let ids: [Int32]
    }

    let vocabularySize: Int
    let shape: ModelShape
    let settings: OptimizationSettings
    let batches: [[ReferenceText]]
    let encodings: [Encoding]

    enum CodingKeys: String, CodingKey {
      case shape, settings, batches, encodings
      case vocabularySize = "vocabulary_size"
    }
  }

  /// One step of either run.
  private struct Step: Codable {
    let loss: Double
    let gradientNorm: Double

    enum CodingKeys: String, CodingKey {
      case loss
      case gradientNorm = "gradient_norm"
    }
  }

  @Test func fiftyStepsOnRealTextLoseAsPyTorchDoes() throws {
    let folder = try #require(folder)
    let fixture = try ReferenceFixture<Inputs>("batches", in: folder)
    let inputs = fixture.inputs
    let model = Fixture.model(inputs.shape, vocabularySize: inputs.vocabularySize)
    var trainer = Trainer(
      model, weights: try fixture.parameters("weights", of: model),
      plan: BatchPlan(batches: inputs.batches.map { $0.map(\.trainingText) }),
      objective: LabelObjective(shape: inputs.shape, headWeights: HeadWeights()),
      settings: inputs.settings, seed: 1, workers: Workers(count: 2))
    var steps: [Step] = []
    while let report = try trainer.next() {
      let loss = try #require(report.losses.first)
      #expect(report.losses.map(\.name) == ["sentiment"])
      steps.append(Step(loss: loss.value, gradientNorm: report.gradientNorm))
    }
    try JSONEncoder().encode(steps).write(to: folder.appendingPathComponent("gloss.json"))

    let twin = try JSONDecoder().decode(
      [Step].self, from: Data(contentsOf: folder.appendingPathComponent("twin.json")))
    #expect(steps.count == 50 && twin.count == 50)
    for (index, (ours, theirs)) in zip(steps, twin).enumerated() {
      let difference = abs(ours.loss - theirs.loss) / theirs.loss
      #expect(difference < Self.tolerance, "step \(index + 1)")
    }
  }

  @Test func theTextsHaveTheSamePieces() throws {
    let inputs = try ReferenceFixture<Inputs>("batches", in: #require(folder)).inputs
    let tokenizer = try Tokenizer(
      path: Project.root.appendingPathComponent("models/gloss-tiny/tokenizer.model").path)
    #expect(tokenizer.vocabularySize == inputs.vocabularySize)
    #expect(inputs.encodings.count > 100)
    var otherOrders = 0
    for (index, encoding) in inputs.encodings.enumerated() {
      let ids = tokenizer.encode(encoding.text).ids
      guard ids != encoding.ids else { continue }
      otherOrders += 1
      // "......" and "..." are as likely in either order, and versions of SentencePiece choose
      // differently among equals: the pieces are the same and they spell the same.
      #expect(ids.sorted() == encoding.ids.sorted(), "text \(index)")
      let isSameText =
        ids.map(tokenizer.piece).joined() == encoding.ids.map(tokenizer.piece).joined()
      // The text itself is not for the log.
      #expect(isSameText, "text \(index)")
    }
    #expect(otherOrders * 50 < inputs.encodings.count)
  }
}
