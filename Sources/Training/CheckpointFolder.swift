import Files
import Foundation
import Models
import Tensors

/// The folder `checkpoints` inside a model folder, as long as its run is not done.
///
/// It holds what the run is (`run.json`), its tokenizer, and the last two checkpoints.
struct CheckpointFolder {
  /// What the checkpoints belong to; a resumed run has to be the same.
  struct Run: Codable, Equatable {
    var producer = Producer.name
    /// The kernels that did the products: others round in another order.
    var kernels = BLAS.coreName
    /// CRC-32 of the recipe's text.
    var recipe: String
    /// CRC-32 of all examples; nil until they are read.
    var corpora: String?
  }

  let path: String

  /// The checkpoints of the run that writes to the model folder `folder`.
  init(in folder: String) { path = "\(folder)/checkpoints" }

  private var runFile: String { "\(path)/run.json" }
  private var tokenizerFile: String { "\(path)/tokenizer.model" }

  /// The run that was begun here; nil where there is none.
  func run() throws(TrainingError) -> Run? {
    guard FileManager.default.fileExists(atPath: runFile) else { return nil }
    do {
      return try JSONDecoder().decode(Run.self, from: WholeFile.read(runFile))
    } catch {
      throw .model("\(runFile): cannot be read; remove \(path) to train from the beginning")
    }
  }

  /// Says what the run is.
  func write(_ run: Run) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.write(encoder.encode(run) + Data("\n".utf8), to: runFile)
    } catch let error as FileError {
      throw .model(error.description)
    } catch {
      throw .model("\(path): cannot be made; name another folder with --out")
    }
  }

  /// The run's tokenizer; nil until it is learned.
  func tokenizer() -> Data? { try? WholeFile.read(tokenizerFile) }

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

  /// The newest whole checkpoint; nil where there is none. `report` is told of damaged ones.
  ///
  /// - Throws: `TrainingError` when the newest one is of a newer version of the format.
  func newest(
    layout: ParameterLayout, report: (String) -> Void
  ) throws(TrainingError) -> Checkpoint? {
    for name in names {
      do {
        let file = "\(path)/\(name)"
        return try Checkpoint(WholeFile.read(file), layout: layout, file: file)
      } catch let error as ModelError {
        if case .mismatch = error { throw .model(error.description) }
        report("\(error); going on from the one before it")
      } catch {
        report("\(error); going on from the one before it")
      }
    }
    return nil
  }

  /// Whether any checkpoint is there.
  var isEmpty: Bool { names.isEmpty }

  /// Removes all of it; `run.json` first, so that a half removed folder is none.
  func remove() {
    try? FileManager.default.removeItem(atPath: runFile)
    try? FileManager.default.removeItem(atPath: path)
  }

  private static let suffix = ".safetensors"

  /// The checkpoints' files, newest first: names sort as the run goes.
  private var names: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }.sorted(by: >)
  }
}
