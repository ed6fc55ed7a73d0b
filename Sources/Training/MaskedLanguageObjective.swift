import Layers
import Models
import Tensors

/// Guessing hidden pieces from their surroundings and, beside a generator, telling which pieces it
/// put in.
///
/// Of the chosen pieces 80 % are replaced by the mask, 10 % by a random piece, 10 % stay. With a
/// generator its share of them is replaced by what it guesses, the others by the mask; of every piece
/// that is not hidden the model then tells whether it is another than was written.
/// Source: Devlin et al., BERT, 2019, section 3.1; Clark et al., ELECTRA, 2020, section 2.
struct MaskedLanguageObjective: Objective {
  let maskProbability: Double
  let maskID: Int32
  let vocabularySize: Int
  /// Whose guesses are to be detected, and how; nil for none.
  var detection: (generator: Generator, settings: GeneratorSettings)?

  var names: [String] { detection == nil ? ["masked"] : ["masked", "replaced"] }

  func units(of texts: [TrainingText]) -> [Double] {
    let pieces = Double(texts.reduce(0) { $0 + $1.ids.count })
    guard let detection else { return [pieces * maskProbability] }
    let hidden = maskProbability * (1 - detection.settings.share)
    return [pieces * maskProbability, pieces * (1 - hidden)]
  }

  func addGradients(
    of shard: Shard, units: [Double], random: SeededRandom, dropout: Double, model: TextModel,
    weights: ParameterBuffer, gradients: ParameterBuffer, workspace: Workspace
  ) -> [Double] {
    var random = random
    let dropout = Dropout(probability: Float(dropout), seed: random.next())
    let masked = masked(shard, &random, workspace)
    return addGradients(
      of: masked, units: units, dropout: dropout, model: model, weights: weights,
      gradients: gradients, workspace: workspace)
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

  private func masked(
    _ shard: Shard, _ random: inout SeededRandom, _ workspace: Workspace
  ) -> MaskedTexts {
    var texts = MaskedTexts(ids: shard.flatMap(\.ids), lengths: shard.map(\.ids.count))
    var guessed: [Int32] = []
    for index in texts.ids.indices where random.nextUniform() < maskProbability {
      texts.positions.append(Int32(index))
      texts.targets.append(texts.ids[index])
      let choice = random.nextUniform()
      if let detection {
        if choice < detection.settings.share {
          guessed.append(Int32(index))
        } else {
          texts.ids[index] = maskID
        }
      } else if choice < 0.8 {
        texts.ids[index] = maskID
      } else if choice < 0.9 {
        texts.ids[index] = Int32(random.nextInt(below: vocabularySize))
      }
    }
    if let detection, !guessed.isEmpty {
      let guesses = detection.generator.pieces(
        at: guessed, of: texts.ids, lengths: texts.lengths, &random, workspace)
      for (position, guess) in zip(guessed, guesses) { texts.ids[Int(position)] = guess }
    }
    return texts
  }

  /// Adds the gradient of the summed losses, each divided by its `units`; returns the summed losses.
  func addGradients(
    of texts: MaskedTexts, units: [Double], dropout: Dropout, model: TextModel,
    weights: ParameterBuffer, gradients: ParameterBuffer, workspace: Workspace
  ) -> [Double] {
    guard !texts.positions.isEmpty else { return names.map { _ in 0 } }
    let (hidden, cache) = model.encoder.forward(
      texts.ids, lengths: texts.lengths, dropout: dropout, weights, workspace)

    let embedding = model.encoder.embedding.weight
    let chosen = workspace.matrix(rows: texts.positions.count, columns: hidden.columns)
    Kernels.gatherRows(texts.positions, of: hidden, into: chosen)
    let logits = model.vocabularyLogits(of: chosen, workspace) { weights[$0] }
    var losses = [
      Kernels.crossEntropy(logits, targets: texts.targets, scale: Float(1 / units[0]))
    ]
    Kernels.addColumnSums(of: logits, to: gradients[model.vocabularyBias])
    workspace.multiply(logits.transposed, chosen, into: gradients[embedding], accumulating: true)
    workspace.multiply(logits, weights[embedding], into: chosen)
    let hiddenGradient = workspace.zeros(rows: hidden.rows, columns: hidden.columns)
    Kernels.scatterAddRows(chosen, texts.positions, to: hiddenGradient)

    if let detection, let head = model.replacedPieces {
      let (logits, cache) = head.forward(hidden, weights, workspace)
      var isReplaced = texts.ids.map { _ in UInt32(0) }
      for (position, target) in zip(texts.positions, texts.targets)
      where texts.ids[Int(position)] != target { isReplaced[Int(position)] = 1 }
      losses.append(
        BinaryCrossEntropy.lossAndGradient(
          logits, positive: isReplaced, known: texts.ids.map { $0 == maskID ? 0 : 1 },
          scale: Float(detection.settings.weight / units[1])))
      Kernels.add(
        head.backward(logits, cache, weights, gradients, workspace), to: hiddenGradient)
    }
    model.encoder.backward(
      hiddenGradient, cache, lengths: texts.lengths, weights, gradients, workspace)
    return losses
  }
}

extension TextModel {
  /// Logits of every piece of the vocabulary from hidden states: states [N, D], embedding [V, D],
  /// logits [N, V] = states * embedding transposed + bias.
  func vocabularyLogits(
    of states: Matrix, _ workspace: Workspace, weights: (Slot) -> Matrix
  ) -> Matrix {
    let logits = workspace.matrix(rows: states.rows, columns: vocabularyBias.columns)
    workspace.multiply(states, weights(encoder.embedding.weight).transposed, into: logits)
    Kernels.addBias(weights(vocabularyBias), to: logits)
    return logits
  }
}
