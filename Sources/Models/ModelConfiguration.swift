import Files
public import Reviews

/// How a head's logits become those that its probabilities are made of, learned on development data:
/// `encoder` times the encoder's plus `ngrams` times those of the linear model.
///
/// Source: Guo et al., On Calibration of Modern Neural Networks, 2017, section 4.2; `encoder` is one
/// over the temperature.
public struct HeadCalibration: Codable, Equatable, Sendable {
  /// Of the encoder's logits.
  public var encoder: Double
  /// Of the linear model's logits; 0 where the head has none.
  public var ngrams: Double

  /// Two weights; without any the encoder's logits stay as they are.
  public init(encoder: Double = 1, ngrams: Double = 0) {
    self.encoder = encoder
    self.ngrams = ngrams
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case encoder, ngrams
  }

  /// No calibration has a larger weight; far larger ones would leave the numbers there are.
  private static let largest = 100.0

  /// Reads both weights, which have to be 0 to 100.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    encoder = try values.decode(Double.self, forKey: .encoder)
    ngrams = try values.decode(Double.self, forKey: .ngrams)
    guard [encoder, ngrams].allSatisfy((0...Self.largest).contains) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "a weight is not 0 to \(Int(Self.largest))"))
    }
  }
}

/// `config.json` of a model folder: what the weights mean.
public struct ModelConfiguration: Codable, Equatable, Sendable {
  /// The version of the folder's format that this program writes; it reads earlier ones too, but for
  /// linear parts of version 2.
  public static let currentFormatVersion = 4

  /// Version of the folder's format.
  public var formatVersion: Int
  /// What the model is called, such as `gloss-tiny`.
  public var name: String
  /// Whether only the encoder was trained: a model to train heads on, not to read with.
  public var isBase: Bool
  /// Number of pieces in `tokenizer.model`.
  public var vocabularySize: Int
  /// Sizes of the encoder.
  public var shape: ModelShape
  /// Entity types of the opinion layer, in the order of the tag logits.
  public var opinionTypes: [String]
  /// Entity types of the name layer, in the order of the tag logits.
  public var nameTypes: [String]
  /// Intents, in the order of the logits.
  public var intents: [String]
  /// The probability from which each intent counts as present.
  public var intentThresholds: [Double]
  /// The confidence from which a marked span counts as an entity.
  public var entityThreshold: Double
  /// What the probability that a piece is in no span is multiplied by before tags are chosen, by
  /// the layer's name (`opinion`, `name`); 1 where it has no entry. Below 1 more spans are marked.
  public var outsideWeights: [String: Double]
  /// What each head's logits are multiplied by, by the head's name (`sentiment`, `intents`); 1 where
  /// it has no entry. An intent may have an entry of its own, which stands before its head's. Of
  /// `entities` it is the power to which the product of a span's tag probabilities is its
  /// confidence.
  public var calibration: [String: HeadCalibration]
  /// The languages in which each type and intent was trained; in others the model would only guess.
  public var labelLanguages: [String: [String]]
  /// CRC-32 of `model.safetensors`.
  public var weightsChecksum: String
  /// CRC-32 of `tokenizer.model`.
  public var tokenizerChecksum: String

  /// A configuration with every threshold at one half; checksums are set when the folder is
  /// written. Labels are all of Gloss's own unless others are given.
  public init(
    name: String, vocabularySize: Int, shape: ModelShape,
    opinionTypes: [String] = EntityLayer.opinion.types,
    nameTypes: [String] = EntityLayer.name.types, intents: [String] = LabelSchema.intents,
    labelLanguages: [String: [String]]? = nil
  ) {
    formatVersion = Self.currentFormatVersion
    self.name = name
    isBase = false
    self.vocabularySize = vocabularySize
    self.shape = shape
    self.opinionTypes = opinionTypes
    self.nameTypes = nameTypes
    self.intents = intents
    intentThresholds = intents.map { _ in 0.5 }
    entityThreshold = 0.5
    outsideWeights = [:]
    calibration = [:]
    self.labelLanguages =
      labelLanguages
      ?? Dictionary(
        uniqueKeysWithValues: (opinionTypes + nameTypes + intents).map { ($0, ["en", "zh"]) })
    weightsChecksum = ""
    tokenizerChecksum = ""
  }

  /// How the logits of a head are weighed.
  public func calibration(of head: String) -> HeadCalibration {
    calibration[head] ?? HeadCalibration()
  }

  /// How the logits of an intent are weighed: by its own weights, or else by those of the head.
  public func calibration(ofIntent intent: String) -> HeadCalibration {
    calibration[intent] ?? calibration(of: "intents")
  }

  /// The labels of all heads that have lists of their own, in the order of the logits.
  public var labels: [String] { opinionTypes + nameTypes + intents }

  /// The entity types of one layer.
  public func types(of layer: EntityLayer) -> [String] {
    switch layer {
    case .opinion: opinionTypes
    case .name: nameTypes
    }
  }

  /// Whether a type or intent was trained in a language.
  public func knows(_ label: String, in language: String) -> Bool {
    labelLanguages[label]?.contains(language) ?? false
  }

  /// Name and checksum, as records carry it: `gloss-tiny/3f9c2d1a`.
  public var identifier: String { "\(name)/\(weightsChecksum)" }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case formatVersion = "format_version"
    case name
    case isBase = "base"
    case vocabularySize = "vocabulary_size"
    case shape
    case opinionTypes = "opinion_types"
    case nameTypes = "name_types"
    case intents
    case intentThresholds = "intent_thresholds"
    case entityThreshold = "entity_threshold"
    case outsideWeights = "outside_weights"
    case calibration
    case labelLanguages = "label_languages"
    case weightsChecksum = "weights_checksum"
    case tokenizerChecksum = "tokenizer_checksum"
  }

  /// Reads all fields; an unknown key, a newer format or labels that no model can have is an error.
  public init(from decoder: any Decoder) throws {
    // The version first: a newer format may well have other keys.
    formatVersion = try decoder.container(keyedBy: CodingKeys.self)
      .decode(Int.self, forKey: .formatVersion)
    func fail(_ problem: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
    }
    guard (1...Self.currentFormatVersion).contains(formatVersion) else {
      throw fail(
        "format_version is \(formatVersion), this program reads up to"
          + " \(Self.currentFormatVersion); use a newer gloss or train the model anew")
    }
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    // Since version 2.
    isBase = try values.decodeIfPresent(Bool.self, forKey: .isBase) ?? false
    vocabularySize = try values.decode(Int.self, forKey: .vocabularySize)
    shape = try values.decode(ModelShape.self, forKey: .shape)
    opinionTypes = try values.decode([String].self, forKey: .opinionTypes)
    nameTypes = try values.decode([String].self, forKey: .nameTypes)
    intents = try values.decode([String].self, forKey: .intents)
    intentThresholds = try values.decode([Double].self, forKey: .intentThresholds)
    entityThreshold = try values.decode(Double.self, forKey: .entityThreshold)
    // Since version 2.
    outsideWeights =
      try values.decodeIfPresent([String: Double].self, forKey: .outsideWeights) ?? [:]
    calibration =
      try values.decodeIfPresent([String: HeadCalibration].self, forKey: .calibration) ?? [:]
    labelLanguages = try values.decode([String: [String]].self, forKey: .labelLanguages)
    weightsChecksum = try values.decode(String.self, forKey: .weightsChecksum)
    tokenizerChecksum = try values.decode(String.self, forKey: .tokenizerChecksum)
    guard Set(labels).count == labels.count else { throw fail("a label is named twice") }
    guard (intentThresholds + [entityThreshold]).allSatisfy((0...1).contains) else {
      throw fail("a threshold lies outside 0 to 1")
    }
    for (layer, weight) in outsideWeights.sorted(by: { $0.key < $1.key }) {
      guard EntityLayer(rawValue: layer) != nil else {
        throw fail("outside_weights has '\(layer)', which is no layer of entities")
      }
      guard weight.isFinite && weight > 0 else {
        throw fail("outside_weights: \(layer) is \(weight); it has to be above 0")
      }
    }
    guard intentThresholds.count == intents.count else {
      throw fail("\(intents.count) intents but \(intentThresholds.count) thresholds")
    }
    guard (1...1 << 24).contains(vocabularySize) else {
      throw fail("vocabulary_size is \(vocabularySize); it has to be 1 to \(1 << 24)")
    }
    // Labels are bit sets of 32 while training; a type has two tags besides the one for outside.
    guard opinionTypes.count <= 15, nameTypes.count <= 15, intents.count <= 32 else {
      throw fail("at most 15 types a layer and 32 intents are possible")
    }
    if let label = labelLanguages.keys.filter({ !labels.contains($0) }).min() {
      throw fail("label_languages has '\(label)', which is no label of the model")
    }
    let heads = ["sentiment", "intents", "entities"] + intents
    if let head = calibration.keys.filter({ !heads.contains($0) }).min() {
      throw fail("calibration has '\(head)', which is neither a head nor an intent")
    }
  }
}
