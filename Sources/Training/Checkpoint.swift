import Files
import Foundation
import Models
import Tensors

/// All that a run needs to go on as if it had never stopped.
///
/// Data order, dropout and masking follow from the recipe's seed and the step's number, so stage
/// and step are the state of every random number.
struct Checkpoint {
  /// Where the run stands.
  struct State: Codable, Equatable, Sendable {
    /// The stage that is under way.
    var stage: String
    /// Steps of it that are done.
    var step: Int
    /// The best look at the development splits; nil before the first, and without early stopping.
    var best: Best?
  }

  /// The best of the looks that early stopping took.
  struct Best: Codable, Equatable, Sendable {
    /// The step after which it was taken.
    var step: Int
    /// The metric there.
    var value: Double
    /// Looks since that were no better.
    var looksSince = 0
  }

  let state: State
  let parameters: ParameterBuffer
  let firstMoments: ParameterBuffer
  let secondMoments: ParameterBuffer
  /// The parameters of `state.best`.
  let bestParameters: ParameterBuffer?

  private static let format = FileFormat(name: "gloss-checkpoint", version: 1)

  /// The tensors of the file; the last only where there is a best look.
  private static let names = [
    "parameters", "first_moments", "second_moments", "best_parameters",
  ]

  /// The bytes of a safetensors file: each buffer as one flat tensor, the state as JSON in the
  /// metadata, and a CRC-32 over all metadata and numbers.
  func encoded() throws -> Data {
    let state = try state.sortedJSON()
    let buffers = [parameters, firstMoments, secondMoments, bestParameters].compactMap(\.self)
    let tensors = zip(Self.names, buffers).map { name, buffer in
      Safetensors.Tensor(name: name, shape: [buffer.layout.count], values: buffer.all.values)
    }
    var metadata = Self.format.metadata
    metadata["state"] = state
    metadata["checksum"] = Self.checksum(metadata, tensors)
    return Safetensors.encode(tensors, metadata: metadata)
  }

  /// A checkpoint of a model of `layout`.
  ///
  /// - Throws: `ModelError` when the file is damaged, of a newer version, or of another model.
  init(_ data: Data, layout: ParameterLayout, file: String) throws(ModelError) {
    let contents = try Safetensors.decode(data, file: file)
    try Self.format.check(contents.metadata, file: file)
    guard let text = contents.metadata["state"],
      let state = try? JSONDecoder().decode(State.self, from: Data(text.utf8)),
      contents.metadata["format"] == Self.format.name
    else { throw .badWeights(file: file, problem: "is no checkpoint; remove it") }
    // Decoding sorts by name, and the checksum goes by the order of writing.
    let tensors = Self.names.compactMap { name in contents.tensors.first { $0.name == name } }
    var metadata = contents.metadata
    metadata["checksum"] = nil
    guard contents.metadata["checksum"] == Self.checksum(metadata, tensors) else {
      throw .badWeights(file: file, problem: "is damaged: its checksum differs")
    }
    guard tensors.count == (state.best == nil ? 3 : 4), tensors.count == contents.tensors.count,
      tensors.allSatisfy({ $0.shape == [layout.count] })
    else {
      throw .mismatch(
        file: file,
        problem: "belongs to another model; train with the recipe and the gloss it was made with")
    }
    let buffers = tensors.map { tensor in
      let buffer = ParameterBuffer(layout)
      buffer.all.copy(from: tensor.values)
      return buffer
    }
    self.init(
      state: state, parameters: buffers[0], firstMoments: buffers[1], secondMoments: buffers[2],
      bestParameters: buffers.count > 3 ? buffers[3] : nil)
  }

  init(
    state: State, parameters: ParameterBuffer, firstMoments: ParameterBuffer,
    secondMoments: ParameterBuffer, bestParameters: ParameterBuffer?
  ) {
    self.state = state
    self.parameters = parameters
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.bestParameters = bestParameters
  }

  private static func checksum(
    _ metadata: [String: String], _ tensors: [Safetensors.Tensor]
  ) -> String {
    var checksum = Checksum()
    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) {
      checksum.update(Data("\(name)=\(text)\n".utf8))
    }
    for tensor in tensors {
      // The bytes are used inside the call only.
      unsafe tensor.values.withUnsafeBytes { unsafe checksum.update($0) }
    }
    return checksum.hexadecimal
  }
}
