import Files
import Foundation
import Layers
public import Tensors
public import Tokenization

/// A model with its numbers and its tokenizer: all that reading a text needs.
public struct LoadedModel {
  /// What the numbers mean.
  public var configuration: ModelConfiguration
  /// Text to pieces.
  public let tokenizer: Tokenizer
  /// The architecture.
  public let model: TextModel
  /// The numbers; nobody writes them while somebody reads.
  public let weights: ParameterBuffer
  /// The linear models beside the encoder, by head: `sentiment`, `intents`; empty without.
  public var ngrams: [String: NGramModel] = [:]

  /// A model around a tokenizer; the weights start as the layers say, from `seed`. The heads for
  /// `corpusIntentCount` classes and for replaced pieces are there for training and are not saved.
  public init(
    configuration: ModelConfiguration, tokenizer: Tokenizer, seed: UInt64,
    corpusIntentCount: Int = 0, detectsReplacements: Bool = false
  ) {
    let model = TextModel(
      configuration, corpusIntentCount: corpusIntentCount, detectsReplacements: detectsReplacements)
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: seed)
    self.init(configuration, tokenizer, model, weights)
  }

  fileprivate init(
    _ configuration: ModelConfiguration, _ tokenizer: Tokenizer, _ model: TextModel,
    _ weights: ParameterBuffer
  ) {
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.model = model
    self.weights = weights
  }
}

/// The files of `models/<name>/`.
public enum ModelFolder {
  static let configuration = "config.json"
  static let tokenizer = "tokenizer.model"
  static let weights = "model.safetensors"

  /// Loads a model, all or nothing.
  ///
  /// - Throws: `ModelError` when a file is missing or damaged, a checksum differs, or the tensors
  ///   are not those of the configuration: all missing, unexpected and misshapen ones in one line.
  public static func load(_ folder: String) throws(ModelError) -> LoadedModel {
    let configurationFile = path(folder, Self.configuration)
    let configuration: ModelConfiguration
    let tokenizerData: Data
    let weightsData: Data
    do {
      configuration = try StrictYAML.decode(ModelConfiguration.self, fromFile: configurationFile)
      tokenizerData = try WholeFile.read(path(folder, Self.tokenizer))
      weightsData = try WholeFile.read(path(folder, Self.weights))
    } catch {
      throw .file(error.description)
    }
    try check(tokenizerData, configuration.tokenizerChecksum, path(folder, Self.tokenizer))
    try check(weightsData, configuration.weightsChecksum, path(folder, Self.weights))
    let tokenizer: Tokenizer
    do {
      tokenizer = try Tokenizer(modelData: tokenizerData, name: path(folder, Self.tokenizer))
    } catch {
      throw .file(error.description)
    }
    guard tokenizer.vocabularySize == configuration.vocabularySize else {
      throw .mismatch(
        file: configurationFile,
        problem: "vocabulary_size is \(configuration.vocabularySize), the tokenizer has"
          + " \(tokenizer.vocabularySize) pieces; use the config this model was trained with")
    }
    let model = TextModel(configuration)
    let contents = try Safetensors.decode(weightsData, file: path(folder, Self.weights))
    try FileFormat.model.check(contents.metadata, file: path(folder, Self.weights))
    let weightsFile = path(folder, Self.weights)
    var (ngrams, others) = try NGramModel.models(
      in: contents.tensors,
      labelCounts: ["sentiment": 5, "intents": configuration.intents.count], file: weightsFile)
    if configuration.formatVersion < 4 { shareQuery(of: model.intents, in: &others) }
    var loaded = LoadedModel(
      configuration, tokenizer, model, try weights(others, model.layout, file: weightsFile))
    loaded.ngrams = ngrams
    return loaded
  }

  /// Writes the three files, numbers stored as `type`; each appears whole or not at all.
  ///
  /// - Returns: the configuration as written, with its checksums.
  @discardableResult
  public static func save(
    _ model: LoadedModel, to folder: String, as type: NumberType = .float32
  ) throws(ModelError) -> ModelConfiguration {
    var tensors = model.model.keptSlots.map { slot in
      Safetensors.Tensor(
        name: slot.name, shape: slot.shape, values: model.weights[slot].values)
    }
    for (head, ngrams) in model.ngrams.sorted(by: { $0.key < $1.key }) {
      tensors += ngrams.tensors(of: head)
    }
    for tensor in tensors where type != .float32 && !tensor.isBytes {
      guard tensor.values.allSatisfy({ type.value(of: type.bits(of: $0)).isFinite }) else {
        throw .file(
          "\(folder): cannot be written: \(tensor.name) holds a number that \(type.rawValue) cannot;"
            + " store weights as F32")
      }
    }
    let tokenizerData = model.tokenizer.modelData
    var configuration = model.configuration
    configuration.formatVersion = ModelConfiguration.currentFormatVersion
    configuration.weightsChecksum = ""
    configuration.tokenizerChecksum = Checksum.crc32(of: tokenizerData)
    do {
      // The same weights calibrated anew are another model: the checksum that names it says so.
      let metadata = [
        "model": configuration.name,
        "configuration": Checksum.crc32(
          of: Data(try configuration.sortedJSON(indented: true).utf8)),
      ]
      let weightsData = Safetensors.encode(
        tensors, as: type, metadata: FileFormat.model.metadata.merging(metadata) { $1 })
      configuration.weightsChecksum = Checksum.crc32(of: weightsData)
      try Folder.make(folder)
      // Without its configuration the folder is no model, until all of it is there again.
      try? FileManager.default.removeItem(atPath: path(folder, Self.configuration))
      try AtomicFile.write(tokenizerData, to: path(folder, Self.tokenizer))
      try AtomicFile.write(weightsData, to: path(folder, Self.weights))
      try AtomicFile.write(
        Data((configuration.sortedJSON(indented: true) + "\n").utf8),
        to: path(folder, Self.configuration))
    } catch let error as FileError {
      throw .file(error.description)
    } catch {
      throw .file("\(folder): cannot be written; check the path and the space left")
    }
    return configuration
  }

  private static func path(_ folder: String, _ file: String) -> String {
    folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
  }

  private static func check(
    _ data: Data, _ checksum: String, _ file: String
  ) throws(ModelError) {
    let found = Checksum.crc32(of: data)
    guard found == checksum else {
      throw .mismatch(
        file: file,
        problem: "checksum is \(found), config.json says \(checksum);"
          + " copy the model folder again, all files together")
    }
  }

  /// Gives every intent the query that all of them shared before version 4.
  private static func shareQuery(of intents: LabelAttention, in tensors: inout [Safetensors.Tensor])
  {
    let query = intents.query
    for index in tensors.indices
    where tensors[index].name == query.name && tensors[index].shape == [query.columns] {
      let shared = tensors[index].values
      tensors[index].shape = query.shape
      tensors[index].values = (0..<query.rows).flatMap { _ in shared }
    }
  }

  /// The tensors in the slots of their names, after checking all of them.
  private static func weights(
    _ tensors: [Safetensors.Tensor], _ layout: ParameterLayout, file: String
  ) throws(ModelError) -> ParameterBuffer {
    let byName = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    let known = Set(layout.slots.map(\.name))
    var problems: [String] = []
    let missing = layout.slots.map(\.name).filter { byName[$0] == nil }
    func list(_ names: [String]) -> String {
      // Names come from the file and may hold anything.
      names.prefix(20).map(\.onOneLine).joined(separator: ", ")
        + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
    if !missing.isEmpty { problems.append("missing \(list(missing))") }
    let unexpected = byName.keys.filter { !known.contains($0) }.sorted()
    if !unexpected.isEmpty { problems.append("unexpected \(list(unexpected))") }
    for slot in layout.slots {
      if let tensor = byName[slot.name], tensor.shape != slot.shape {
        problems.append("\(slot.name) is \(tensor.shape), config.json asks for \(slot.shape)")
      }
    }
    guard problems.isEmpty else {
      throw .mismatch(
        file: file,
        problem: problems.joined(separator: "; ") + "; use the config this model was trained with")
    }
    for slot in layout.slots {
      if let tensor = byName[slot.name], !tensor.values.allSatisfy({ $0.isFinite }) {
        throw .badWeights(
          file: file,
          problem: "\(slot.name) holds a number that is not finite;"
            + " copy the file again or retrain the model")
      }
    }
    let weights = ParameterBuffer(layout)
    for slot in layout.slots { weights[slot].copy(from: byName[slot.name]?.values ?? []) }
    return weights
  }
}
