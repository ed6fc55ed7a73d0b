import Files
import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Models

@Suite struct ModelFolderTests {
  private static let files = ["config.json", "tokenizer.model", "model.safetensors"]

  /// Saves the fixture's model and hands the folder's path to `body`.
  private func withSavedModel(_ body: (String, LoadedModel) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let model = try Fixture.model()
      try ModelFolder.save(model, to: folder.path)
      try body(folder.path, model)
    }
  }

  private func complaint(_ folder: String) -> String? {
    message { _ = try ModelFolder.load(folder) }
  }

  private func read(_ file: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: file))
  }

  private func write(_ data: Data, _ file: String) throws {
    try data.write(to: URL(fileURLWithPath: file))
  }

  private func replace(_ old: String, _ new: String, in file: String) throws {
    let text = String(decoding: try read(file), as: UTF8.self)
    #expect(text.contains(old))
    try write(Data(text.replacingOccurrences(of: old, with: new).utf8), file)
  }

  @Test func loadGivesBackWhatWasSaved() throws {
    try withTemporaryFolder { folder in
      var model = try Fixture.model()
      model.configuration.name = "gloss \"tiny\" 名: #1"
      model.configuration.intentThresholds = (0..<13).map { pow(0.1, Double($0)) / 3 }
      // A folder that does not exist yet, inside one that does not.
      let path = folder.appendingPathComponent("new/gloss-tiny/").path + "/"
      let saved = try ModelFolder.save(model, to: path)
      let loaded = try ModelFolder.load(path)
      #expect(loaded.configuration == saved)
      var expected = model.configuration
      expected.weightsChecksum = Checksum.crc32(of: try read(path + "model.safetensors"))
      expected.tokenizerChecksum = Checksum.crc32(of: try read(path + "tokenizer.model"))
      #expect(saved == expected)
      #expect(loaded.weights.layout == model.weights.layout)
      #expect(loaded.weights.all.values == model.weights.all.values)
      #expect(loaded.tokenizer.modelData == model.tokenizer.modelData)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: path).sorted() == Self.files.sorted())
    }
  }

  @Test func theHeadForIntentsOfTheCorporaIsNotSaved() throws {
    try withTemporaryFolder { folder in
      let plain = try Fixture.model()
      let model = LoadedModel(
        configuration: plain.configuration, tokenizer: plain.tokenizer, seed: 1,
        corpusIntentCount: 7)
      // All else begins with the same numbers.
      #expect(model.weights.layout.count > plain.weights.layout.count)
      #expect(model.weights.all.values.starts(with: plain.weights.all.values))
      try ModelFolder.save(model, to: folder.path)
      let loaded = try ModelFolder.load(folder.path)
      #expect(loaded.weights.layout == plain.weights.layout)
      #expect(loaded.weights.all.values == plain.weights.all.values)
    }
  }

  @Test func modelsWithoutIntentsAndTypesSurviveToo() throws {
    try withTemporaryFolder { folder in
      var configuration = Fixture.configuration()
      configuration.intents = []
      configuration.intentThresholds = []
      configuration.opinionTypes = []
      configuration.labelLanguages = ["PER": ["en"]]
      let model = LoadedModel(
        configuration: configuration, tokenizer: try Fixture.tokenizer(), seed: 3)
      try ModelFolder.save(model, to: folder.path)
      let loaded = try ModelFolder.load(folder.path)
      #expect(loaded.weights.all.values == model.weights.all.values)
    }
  }

  @Test func savingAgainReplacesTheModel() throws {
    try withSavedModel { folder, _ in
      let other = try Fixture.model(seed: 2)
      try ModelFolder.save(other, to: folder)
      let loaded = try ModelFolder.load(folder)
      #expect(loaded.weights.all.values == other.weights.all.values)
    }
  }

  @Test(arguments: [Float.nan, .infinity]) func numbersThatAreNoneAreRefused(number: Float) throws {
    try withSavedModel { folder, model in
      let slot = model.model.layout.slots[0]
      model.weights[slot].fill(number)
      try ModelFolder.save(model, to: folder)
      #expect(
        complaint(folder) == "\(folder)/model.safetensors: \(slot.name) holds a number that is not"
          + " finite; copy the file again or retrain the model")
    }
  }

  @Test func numbersTooLargeForTheirTypeAreNotWritten() throws {
    try withSavedModel { folder, model in
      let slot = model.model.layout.slots[0]
      model.weights[slot].fill(65_520)
      #expect(
        message { try ModelFolder.save(model, to: "\(folder)/new", as: .float16) }
          == "\(folder)/new: cannot be written: \(slot.name) holds a number that F16 cannot; store"
          + " weights as F32")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/new"))
      try ModelFolder.save(model, to: "\(folder)/new", as: .bfloat16)
    }
  }

  @Test func savingIntoAFileIsRefused() throws {
    try withSavedModel { folder, model in
      let problem = message { try ModelFolder.save(model, to: "\(folder)/config.json/inside") }
      let text = try #require(problem)
      #expect(text.hasPrefix("\(folder)/config.json: cannot be made; "))
      #expect(text.isOneLineWithRemedy)
    }
  }

  @Test(arguments: files) func missingFilesAreNamed(file: String) throws {
    try withSavedModel { folder, _ in
      try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
      #expect(complaint(folder) == "\(folder)/\(file): no such file; check the path")
    }
  }

  @Test func missingFoldersAreNamed() {
    #expect(
      complaint("no/such/model") == "no/such/model/config.json: no such file; check the path")
  }

  @Test(arguments: ["tokenizer.model", "model.safetensors"])
  func everyFlippedByteOfABinaryFileIsRefused(file: String) throws {
    try withSavedModel { folder, model in
      let path = "\(folder)/\(file)"
      let original = try read(path)
      let checksum = Checksum.crc32(of: original)
      var random = SeededRandom(seed: 21)
      let places =
        [0, original.count - 1] + (0..<60).map { _ in random.nextInt(below: original.count) }
      for place in places {
        var data = original
        data[place] ^= UInt8(1 + random.nextInt(below: 255))
        try write(data, path)
        #expect(
          complaint(folder) == "\(path): checksum is \(Checksum.crc32(of: data)),"
            + " config.json says \(checksum); copy the model folder again, all files together",
          "byte \(place)")
      }
      for data in [Data(), original.dropLast(), original + Data([0])] {
        try write(data, path)
        #expect(complaint(folder)?.hasPrefix("\(path): checksum is ") == true)
      }
    }
  }

  @Test func everyFlippedByteOfTheConfigurationIsRefusedOrHarmless() throws {
    try withSavedModel { folder, model in
      let path = "\(folder)/config.json"
      let original = try read(path)
      var random = SeededRandom(seed: 22)
      for place in (0..<200).map({ _ in random.nextInt(below: original.count) }) {
        var data = original
        data[place] ^= 1 << UInt8(random.nextInt(below: 8))
        try write(data, path)
        do {
          // A name, a label or a threshold may be another; what the weights mean may not.
          let loaded = try ModelFolder.load(folder).configuration
          let saved = model.configuration
          #expect(loaded.shape == saved.shape, "byte \(place)")
          #expect(loaded.vocabularySize == saved.vocabularySize && loaded.isBase == saved.isBase)
          #expect(loaded.intents.count == saved.intents.count)
          #expect(loaded.opinionTypes.count == saved.opinionTypes.count)
          #expect(loaded.nameTypes.count == saved.nameTypes.count)
        } catch {
          let text = "\(error)"
          #expect(
            text.hasPrefix("\(folder)/") && text.isOneLineWithRemedy, "byte \(place): \(text)")
        }
      }
    }
  }

  @Test func anotherTokenizerIsRefused() throws {
    try withSavedModel { folder, model in
      let path = "\(folder)/tokenizer.model"
      try write(Fixture.otherTokenizerModel, path)
      let found = Checksum.crc32(of: Fixture.otherTokenizerModel)
      let expected = Checksum.crc32(of: model.tokenizer.modelData)
      #expect(
        complaint(folder) == "\(path): checksum is \(found), config.json says \(expected);"
          + " copy the model folder again, all files together")
      // With a checksum that agrees, the number of pieces gives it away.
      try replace(expected, found, in: "\(folder)/config.json")
      #expect(
        complaint(folder) == "\(folder)/config.json: vocabulary_size is 320, the tokenizer has 321"
          + " pieces; use the config this model was trained with")
    }
  }

  @Test func aTokenizerThatIsNoneIsRefused() throws {
    try withSavedModel { folder, model in
      let bytes = Data("not a tokenizer".utf8)
      try write(bytes, "\(folder)/tokenizer.model")
      try replace(
        Checksum.crc32(of: model.tokenizer.modelData), Checksum.crc32(of: bytes),
        in: "\(folder)/config.json")
      let problem = try #require(complaint(folder))
      #expect(problem.hasPrefix("\(folder)/tokenizer.model: not a SentencePiece model"))
      #expect(problem.isOneLineWithRemedy)
    }
  }

  @Test func aConfigurationOfAnotherShapeIsRefusedNamingEveryTensor() throws {
    try withSavedModel { folder, _ in
      let config = "\(folder)/config.json"
      try replace("\"feed_forward_size\" : 12", "\"feed_forward_size\" : 10", in: config)
      #expect(
        complaint(folder) == "\(folder)/model.safetensors:"
          + " encoder.0.feed_forward.input.weight is [24, 8], config.json asks for [20, 8];"
          + " encoder.0.feed_forward.output.weight is [8, 12], config.json asks for [8, 10];"
          + " encoder.1.feed_forward.input.weight is [24, 8], config.json asks for [20, 8];"
          + " encoder.1.feed_forward.output.weight is [8, 12], config.json asks for [8, 10];"
          + " use the config this model was trained with")
    }
  }

  @Test func missingAndUnexpectedTensorsAreNamed() throws {
    try withSavedModel { folder, _ in
      let config = "\(folder)/config.json"
      try replace("\"layer_count\" : 2", "\"layer_count\" : 1", in: config)
      let layer = [
        "attention.input.weight", "attention.output.weight", "attention_norm.gain",
        "feed_forward.input.weight", "feed_forward.output.weight", "feed_forward_norm.gain",
      ].map { "encoder.1.\($0)" }.joined(separator: ", ")
      #expect(
        complaint(folder) == "\(folder)/model.safetensors: unexpected \(layer);"
          + " use the config this model was trained with")
      try replace("\"layer_count\" : 1", "\"layer_count\" : 3", in: config)
      var problem = try #require(complaint(folder))
      #expect(
        problem.hasPrefix("\(folder)/model.safetensors: missing encoder.2.attention_norm.gain,"))
      #expect(problem.isOneLineWithRemedy)
      try replace("\"layer_count\" : 3", "\"layer_count\" : 60", in: config)
      problem = try #require(complaint(folder))
      #expect(problem.contains(", encoder.5.attention.input.weight and "), "\(problem)")
      #expect(problem.contains(" more; use the config"), "\(problem)")
    }
  }

  @Test(arguments: [
    (3, 8, nil),
    (4, 8, "intents.pooling.query is [8], config.json asks for [13, 8]"),
    (3, 9, "intents.pooling.query is [9], config.json asks for [13, 8]"),
  ])
  func beforeVersionFourAllIntentsShareOneQuery(
    version: Int, size: Int, problem: String?
  ) throws {
    try withSavedModel { folder, _ in
      let (config, weights) = ("\(folder)/config.json", "\(folder)/model.safetensors")
      let shared = (0..<size).map { Float($0) - 3 }
      let saved = Checksum.crc32(of: try read(weights))
      var contents = try Safetensors.decode(try read(weights), file: weights)
      let query = try #require(
        contents.tensors.firstIndex { $0.name == "intents.pooling.query" })
      contents.tensors[query].shape = [size]
      contents.tensors[query].values = shared
      try write(
        Safetensors.encode(contents.tensors, as: .float32, metadata: contents.metadata), weights)
      try replace(saved, Checksum.crc32(of: try read(weights)), in: config)
      try replace("\"format_version\" : 4", "\"format_version\" : \(version)", in: config)
      if let problem {
        #expect(complaint(folder)?.contains(problem) == true)
        return
      }
      let loaded = try ModelFolder.load(folder)
      for row in 0..<13 {
        #expect(loaded.weights[loaded.model.intents.query].rows(row..<row + 1).values == shared)
      }
    }
  }
}
