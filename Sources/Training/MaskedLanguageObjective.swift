import Layers
import Models
import Tensors

/// Guessing hidden pieces from their surroundings.
///
/// Of the chosen pieces 80 % are replaced by the mask, 10 % by a random piece, 10 % stay.
/// Source: Devlin et al., BERT, 2019, section 3.1.
struct MaskedLanguageObjective: Objective {
  let maskProbability: Double
  let maskID: Int32
  let vocabularySize: Int

  let names = ["masked"]

  func units(of texts: [TrainingText]) -> [Double] {
    [Double(texts.reduce(0) { $0 + $1.ids.count }) * maskProbability]
  }

  func addGradients(
    of shard: Shard, units: [Double], random: SeededRandom, dropout: Double, model: TextModel,
    weights: ParameterBuffer, gradients: ParameterBuffer, workspace: Workspace
  ) -> [Double] {
    var random = random
    let dropout = Dropout(probability: Float(dropout), seed: random.next())
    let masked = masked(shard, &random)
    return [
      addGradients(
        of: masked, units: units[0], dropout: dropout, model: model, weights: weights,
        gradients: gradients, workspace: workspace)
    ]
  }

  /// Texts with some pieces replaced, and what is to be guessed in their place.
  struct MaskedTexts {
    /// The pieces of all texts, end to end, as the encoder meets them.
    var ids: [Int32]
    /// Pieces of each text.
    let lengths: [Int]
    /// The rows to guess, rising.
    var positions: [Int32] = []
    /// The pieces that stood there.
    var targets: [Int32] = []
  }

  private func masked(_ shard: Shard, _ random: inout SeededRandom) -> MaskedTexts {
    var texts = MaskedTexts(ids: shard.flatMap(\.ids), lengths: shard.map(\.ids.count))
    for index in texts.ids.indices where random.nextUniform() < maskProbability {
      texts.positions.append(Int32(index))
      texts.targets.append(texts.ids[index])
      let choice = random.nextUniform()
      if choice < 0.8 {
        texts.ids[index] = maskID
      } else if choice < 0.9 {
        texts.ids[index] = Int32(random.nextInt(below: vocabularySize))
      }
    }
    return texts
  }

  /// Adds the gradient of the summed loss divided by `units`; returns the summed loss.
  func addGradients(
    of texts: MaskedTexts, units: Double, dropout: Dropout, model: TextModel,
    weights: ParameterBuffer, gradients: ParameterBuffer, workspace: Workspace
  ) -> Double {
    guard !texts.positions.isEmpty else { return 0 }
    let (hidden, cache) = model.encoder.forward(
      texts.ids, lengths: texts.lengths, dropout: dropout, weights, workspace)

    // logits = hidden at the chosen positions * embedding^T + bias
    let embedding = model.encoder.embedding.weight
    let chosen = workspace.matrix(rows: texts.positions.count, columns: hidden.columns)
    Kernels.gatherRows(texts.positions, of: hidden, into: chosen)
    let logits = workspace.matrix(rows: texts.positions.count, columns: vocabularySize)
    workspace.multiply(chosen, weights[embedding].transposed, into: logits)
    Kernels.addBias(weights[model.vocabularyBias], to: logits)
    let loss = Kernels.crossEntropy(logits, targets: texts.targets, scale: Float(1 / units))

    Kernels.addColumnSums(of: logits, to: gradients[model.vocabularyBias])
    workspace.multiply(logits.transposed, chosen, into: gradients[embedding], accumulating: true)
    workspace.multiply(logits, weights[embedding], into: chosen)
    let hiddenGradient = workspace.zeros(rows: hidden.rows, columns: hidden.columns)
    Kernels.scatterAddRows(chosen, texts.positions, to: hiddenGradient)
    model.encoder.backward(
      hiddenGradient, cache, lengths: texts.lengths, weights, gradients, workspace)
    return loss
  }
}
