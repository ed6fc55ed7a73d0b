import Foundation
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

/// What `training/reference/make_fixtures.py` wrote: inputs as JSON, tensors as safetensors.
struct ReferenceFixture<Inputs: Decodable> {
  let inputs: Inputs
  private let tensors: [String: Safetensors.Tensor]

  /// The fixture `name.json` and `name.safetensors` of `folder`.
  init(_ name: String, in folder: URL = ReferenceFixture.folder) throws {
    inputs = try JSONDecoder().decode(
      Inputs.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    tensors = try Self.tensors("\(name).safetensors", in: folder)
  }

  /// The values of one tensor.
  func values(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [Double]
  {
    try #require(tensors[name], "no tensor \(name)", sourceLocation: sourceLocation)
      .values.map(Double.init)
  }

  /// The shape of every tensor of a group, by its name within the group.
  func shapes(of group: String) -> [String: [Int]] {
    tensors.reduce(into: [:]) { shapes, tensor in
      guard tensor.key.hasPrefix("\(group)/") else { return }
      shapes[String(tensor.key.dropFirst(group.count + 1))] = tensor.value.shape
    }
  }

  /// Parameters of `model` with the values of a group.
  func parameters(_ group: String, of model: TextModel) throws -> ParameterBuffer {
    let parameters = ParameterBuffer(model.layout)
    for slot in model.layout.slots {
      parameters[slot].copy(from: try values("\(group)/\(slot.name)").map { Float($0) })
    }
    return parameters
  }

  private static var folder: URL {
    Project.root.appendingPathComponent("training/reference/fixtures")
  }

  private static func tensors(
    _ file: String, in folder: URL
  ) throws -> [String: Safetensors.Tensor] {
    let data = try Data(contentsOf: folder.appendingPathComponent(file))
    let tensors = try Safetensors.decode(data, file: file).tensors
    return Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
  }
}

/// `labels.json`: texts with labels of every kind, and ten batches of them.
struct ReferenceLabels: Decodable {
  struct Step: Decodable {
    let losses: [String: Double]
    let learningRate: Double
    let gradientNorm: Double

    enum CodingKeys: String, CodingKey {
      case losses
      case learningRate = "learning_rate"
      case gradientNorm = "gradient_norm"
    }
  }

  let vocabularySize: Int
  let shape: ModelShape
  let headWeights: HeadWeights
  let settings: OptimizationSettings
  /// Each part's loss over `texts`, summed.
  let losses: [String: Double]
  let units: [String: Double]
  let texts: [ReferenceText]
  let batches: [[ReferenceText]]
  let steps: [Step]

  enum CodingKeys: String, CodingKey {
    case shape, settings, losses, units, texts, batches, steps
    case vocabularySize = "vocabulary_size"
    case headWeights = "head_weights"
  }
}

/// `masked.json`: texts with some pieces replaced, as `MaskedLanguageObjective.MaskedTexts`.
struct ReferenceMasks: Decodable {
  let ids: [Int32]
  let lengths: [Int]
  let positions: [Int32]
  let targets: [Int32]
  let units: Double
  /// Summed over the positions.
  let loss: Double
}

/// One text; labels that it does not have are absent.
struct ReferenceText: Decodable {
  struct Tags: Decodable {
    let allowed: [UInt32]
    let possible: UInt32
  }

  struct Aspect: Decodable {
    let start: Int
    let end: Int
    let polarity: Int
  }

  let ids: [Int32]
  let allowedStars: UInt32?
  let positiveIntents: UInt32?
  let knownIntents: UInt32?
  let opinions: Tags?
  let names: Tags?
  let aspects: [Aspect]?

  enum CodingKeys: String, CodingKey {
    case ids, opinions, names, aspects
    case allowedStars = "allowed_stars"
    case positiveIntents = "positive_intents"
    case knownIntents = "known_intents"
  }

  /// The text as the trainer meets it.
  var trainingText: TrainingText {
    func tags(_ tags: Tags?) -> TrainingText.LayerTags? {
      tags.map { .init(allowed: $0.allowed, possible: $0.possible) }
    }
    return TrainingText(
      corpus: "reference", ids: ids, allowedStars: allowedStars ?? 0,
      positiveIntents: positiveIntents ?? 0, knownIntents: knownIntents ?? 0,
      opinions: tags(opinions), names: tags(names),
      aspects: (aspects ?? []).map { .init(pieces: $0.start..<$0.end, polarity: $0.polarity) })
  }
}
