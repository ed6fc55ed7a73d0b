import Files
import Layers
import Models
import Tensors
import Tokenization

/// A masked language model that stays as it is, whose guesses stand in the place of pieces, so that
/// another model learns to tell them from what was written.
///
/// Source: Clark et al., ELECTRA, 2020, section 2.
struct Generator: Sendable {
  private let model: TextModel
  private let weights: PackedParameters
  private let maskID: Int32
  /// CRC-32 of its weights.
  let checksum: String

  /// The encoder in `folder`, which has to read the pieces and windows of `trained`; its products
  /// round to `precision`.
  ///
  /// - Throws: `TrainingError` when it cannot be read or reads something else.
  init(
    folder: String, for trained: LoadedModel, maskID: Int32, precision: Precision,
    _ recipe: Recipe
  ) throws(TrainingError) {
    let loaded: LoadedModel
    do {
      loaded = try ModelFolder.load(folder)
    } catch {
      throw .model("\(recipe.path): generator: \(error)")
    }
    guard loaded.configuration.isBase else {
      throw .model(
        "\(recipe.path): generator: \(folder) has heads, for which it forgot pieces; name the"
          + " encoder that it began with")
    }
    let windows = [loaded, trained].map(\.configuration.shape.windowSize)
    guard windows[0] >= windows[1] else {
      throw .model(
        "\(recipe.path): generator: \(folder) reads windows of \(windows[0]) pieces, the model that is"
          + " trained \(windows[1]); name one that reads as many")
    }
    guard loaded.tokenizer.modelData == trained.tokenizer.modelData else {
      throw .model(
        "\(recipe.path): generator: \(folder) has another tokenizer than the model that is trained;"
          + " name one that shares it, such as the model of from")
    }
    self.init(
      loaded.model, PackedParameters(loaded.weights, precision: precision), maskID: maskID,
      checksum: loaded.configuration.weightsChecksum)
  }

  init(_ model: TextModel, _ weights: PackedParameters, maskID: Int32, checksum: String = "") {
    self.model = model
    self.weights = weights
    self.maskID = maskID
    self.checksum = checksum
  }

  /// A piece for each of `positions`, drawn by how likely the model holds it there, while these
  /// positions are hidden behind the mask; `ids` are the pieces of all texts, end to end, `lengths`
  /// how many each has.
  func pieces(
    at positions: [Int32], of ids: [Int32], lengths: [Int], _ random: inout SeededRandom,
    _ workspace: Workspace
  ) -> [Int32] {
    let mark = workspace.mark
    defer { workspace.release(to: mark) }
    var hidden = ids
    for position in positions { hidden[Int(position)] = maskID }
    let states = model.encoder(hidden, lengths: lengths, weights, workspace)
    let chosen = workspace.matrix(rows: positions.count, columns: states.columns)
    Kernels.gatherRows(positions, of: states, into: chosen)
    let probabilities = model.vocabularyLogits(of: chosen, workspace) { weights[$0] }
    Kernels.softmax(probabilities)
    return (0..<positions.count).map { row in
      // The piece at which the sum of the probabilities passes a random number.
      var left = random.nextUniform()
      for piece in 0..<probabilities.columns {
        left -= Double(probabilities[row, piece])
        if left < 0 { return Int32(piece) }
      }
      return Int32(probabilities.columns - 1)
    }
  }
}
