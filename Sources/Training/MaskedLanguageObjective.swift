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
    var ids = shard.flatMap(\.ids)
    var positions: [Int32] = []
    var targets: [Int32] = []
    for index in ids.indices where random.nextUniform() < maskProbability {
      positions.append(Int32(index))
      targets.append(ids[index])
      let choice = random.nextUniform()
      if choice < 0.8 {
        ids[index] = maskID
      } else if choice < 0.9 {
        ids[index] = Int32(random.nextInt(below: vocabularySize))
      }
    }
    guard !positions.isEmpty else { return [0] }
    let lengths = shard.map(\.ids.count)
    let (hidden, cache) = model.encoder.forward(
      ids, lengths: lengths, dropout: dropout, weights, workspace)

    // logits = hidden at the chosen positions * embedding^T + bias
    let embedding = model.encoder.embedding.weight
    let chosen = workspace.matrix(rows: positions.count, columns: hidden.columns)
    Kernels.gatherRows(positions, of: hidden, into: chosen)
    let logits = workspace.matrix(rows: positions.count, columns: vocabularySize)
    multiply(chosen, weights[embedding].transposed, into: logits)
    Kernels.addBias(weights[model.vocabularyBias], to: logits)
    let loss = Kernels.crossEntropy(logits, targets: targets, scale: Float(1 / units[0]))

    Kernels.addColumnSums(of: logits, to: gradients[model.vocabularyBias])
    multiply(logits.transposed, chosen, into: gradients[embedding], accumulating: true)
    multiply(logits, weights[embedding], into: chosen)
    let hiddenGradient = workspace.zeros(rows: hidden.rows, columns: hidden.columns)
    Kernels.scatterAddRows(chosen, positions, to: hiddenGradient)
    model.encoder.backward(hiddenGradient, cache, lengths: lengths, weights, gradients, workspace)
    return [loss]
  }
}
