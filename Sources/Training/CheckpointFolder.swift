import Files
import Foundation
import Models
import Tensors

/// The folder `checkpoints` inside a model folder, as long as its run is not done.
///
/// It holds what the run is (`run.json`), its tokenizer, and the last two checkpoints.
struct CheckpointFolder {
  /// What the checkpoints belong to; a resumed run has to be the same.
  struct Identity: Codable, Equatable {
    /// The version of this folder's format that this program writes and reads.
    static let currentFormatVersion = 1
    var formatVersion = currentFormatVersion
    var producer = Producer.name
    /// The kernels that did the products: others round in another order.
    var kernels = BLAS.coreName
    /// CRC-32 of the recipe's text.
    var recipe: String
    /// CRC-32 of all examples; nil until they are read.
    var corpora: String?
    /// CRC-32 of `tokenizer.model`; nil until it is learned.
    var tokenizer: String?
    /// CRC-32 of the weights that the run began with; nil for random ones.
    var base: String?
    /// CRC-32 of the weights of the model that replaces pieces; nil where none does.
    var generator: String?
    /// CRC-32 of the weights of the models that teach; nil where none do.
    var teachers: String?
  }

  let path: String

  /// The checkpoints of the run that writes to the model folder `folder`.
  init(in folder: String) { path = "\(folder)/checkpoints" }

  private var identityFile: String { "\(path)/run.json" }
  private var tokenizerFile: String { "\(path)/tokenizer.model" }

  /// The run that was begun here; nil where there is none.
  func identity() throws(TrainingError) -> Identity? {
    guard FileManager.default.fileExists(atPath: identityFile) else { return nil }
    let remedy = "remove \(path) to train from the beginning"
    do {
      struct Version: Decodable { var formatVersion: Int }
      let data = try WholeFile.read(identityFile)
      // The version first: a newer format may well have other keys.
      let version = try JSONDecoder().decode(Version.self, from: data).formatVersion
      guard version == Identity.currentFormatVersion else {
        throw TrainingError.model(
          "\(identityFile): is of format version \(version), this program goes on from"
            + " \(Identity.currentFormatVersion); use a newer gloss, or \(remedy)")
      }
      return try JSONDecoder().decode(Identity.self, from: data)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .model("\(identityFile): cannot be read; \(remedy)")
    }
  }

  /// Makes the folder where there is none.
  func make() throws(TrainingError) {
    do {
      try Folder.make(path)
    } catch {
      throw .model(String(describing: error))
    }
  }

  /// Says what the run is.
  func write(_ identity: Identity) throws(TrainingError) {
    do {
      let json = try identity.sortedJSON(indented: true)
      try AtomicFile.write(Data((json + "\n").utf8), to: identityFile)
    } catch {
      throw .model(String(describing: error))
    }
  }

  /// The run's tokenizer; nil where there is none of that checksum.
  func tokenizer(checksum: String?) -> Data? {
    guard let data = try? WholeFile.read(tokenizerFile), Checksum.crc32(of: data) == checksum
    else { return nil }
    return data
  }

  /// Keeps the run's tokenizer.
  func write(tokenizer: Data) throws(TrainingError) {
    do {
      try AtomicFile.write(tokenizer, to: tokenizerFile)
    } catch {
      throw .model(error.description)
    }
  }

  /// Writes a checkpoint of the stage of that number; of the earlier ones the last is kept.
  func write(_ checkpoint: Checkpoint, stageIndex: Int) throws(TrainingError) {
    let step = String(checkpoint.state.step)
    let digits = String(repeating: "0", count: max(0, 9 - step.count)) + step
    let name = "\(stageIndex)-\(checkpoint.state.stage)-\(digits)\(Self.suffix)"
    // Before, so that the disk never holds more than two.
    for old in names.dropFirst() {
      try? FileManager.default.removeItem(atPath: "\(path)/\(old)")
    }
    do {
      try AtomicFile.write(checkpoint.encoded(), to: "\(path)/\(name)")
    } catch {
      let last = isEmpty ? "" : ": the checkpoint before it is whole"
      throw .model("\(error), then go on with --resume\(last)")
    }
  }

  /// The newest whole checkpoint; nil where there is none. Damaged ones are removed, and `report`
  /// is told of them.
  ///
  /// - Throws: `TrainingError` when the newest whole one cannot be read, is of a newer version, or
  ///   belongs to another model.
  func newest(
    layout: ParameterLayout, report: (String) -> Void
  ) throws(TrainingError) -> Checkpoint? {
    for name in names {
      let file = "\(path)/\(name)"
      do {
        return try Checkpoint(WholeFile.read(file), layout: layout, file: file)
      } catch let error as ModelError {
        guard case .badWeights = error else { throw .model(error.description) }
        report("\(error); removed")
        try? FileManager.default.removeItem(atPath: file)
      } catch {
        throw .model(String(describing: error))
      }
    }
    return nil
  }

  /// Whether no checkpoint is there.
  var isEmpty: Bool { names.isEmpty }

  /// Removes what Gloss put here; `run.json` first, so that a half removed folder is none.
  func remove() {
    OutputFile.removeLeftovers(in: path)
    for file in [identityFile, tokenizerFile] + names.map({ "\(path)/\($0)" }) {
      try? FileManager.default.removeItem(atPath: file)
    }
    // Only when nothing else is in it.
    _ = unsafe rmdir(path)
  }

  private static let suffix = ".safetensors"

  /// The checkpoints' files, newest first: names sort as the run goes.
  private var names: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.wholeMatch(of: /\d-[a-z]+-\d{9,}\.safetensors/) != nil }.sorted(by: >)
  }
}
