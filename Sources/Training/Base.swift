import Files
import Foundation
import Models
import Tensors
import Tokenization

/// The model that a run begins with: one, or the mean of several.
struct Base {
  let model: LoadedModel
  /// CRC-32 of the weights, of several of all their checksums.
  let checksum: String

  /// The models that the recipe names; nil where it names none.
  ///
  /// Of several the numbers of encoders and heads are averaged; linear parts, languages of labels,
  /// thresholds and calibration are those of the first.
  ///
  /// - Throws: `TrainingError` when one cannot be read, or is of another kind than the first.
  init?(_ recipe: Recipe) throws(TrainingError) {
    guard let first = recipe.bases.first else { return nil }
    for (key, isGiven) in [("tokenizer", recipe.tokenizer != nil), ("model", recipe.model != nil)]
    where isGiven {
      throw .input(
        "\(recipe.path): \(key): stands beside from, which brings its own; leave one of the two out"
      )
    }
    let mean = try Self.load(first, of: recipe)
    var checksums = [mean.configuration.weightsChecksum]
    for folder in recipe.bases.dropFirst() {
      let other = try Self.load(folder, of: recipe)
      guard other.model.layout == mean.model.layout,
        other.configuration.shape == mean.configuration.shape,
        other.tokenizer.modelData == mean.tokenizer.modelData,
        other.configuration.labels == mean.configuration.labels
      else {
        throw .model(
          "\(recipe.path): from: \(folder) has another architecture or tokenizer, or other labels, than"
            + " \(first); name models of one kind")
      }
      Kernels.add(other.weights.all, to: mean.weights.all)
      checksums.append(other.configuration.weightsChecksum)
    }
    if checksums.count > 1 {
      let scale = 1 / Float(checksums.count)
      mean.weights.all.copy(from: mean.weights.all.values.map { $0 * scale })
    }
    model = mean
    checksum =
      checksums.count == 1
      ? checksums[0] : Checksum.crc32(of: Data(checksums.joined(separator: " ").utf8))
  }

  private static func load(
    _ folder: String, of recipe: Recipe
  ) throws(TrainingError) -> LoadedModel {
    do {
      return try ModelFolder.load(folder)
    } catch {
      throw .model("\(recipe.path): from: \(error)")
    }
  }
}

extension LoadedModel {
  /// Takes over what `base` learned from plain text, its encoder and the bias of its vocabulary, and
  /// with `heads` what it learned from labels.
  ///
  /// Of `addedLayers` blocks each is a copy of the one below it without what it would add to its
  /// input.
  func takeOver(
    _ base: LoadedModel, withHeads heads: Bool, addingLayers addedLayers: Int
  ) {
    let slots = Dictionary(base.model.layout.slots.map { ($0.name, $0) }) { first, _ in first }
    let count = base.configuration.shape.layerCount
    let blocks = (0..<count).flatMap { layer in
      let added = (layer + 1) * addedLayers / count - layer * addedLayers / count
      return [(source: layer, isAdded: false)]
        + Array(repeating: (source: layer, isAdded: true), count: added)
    }
    for slot in model.layout.slots {
      var name = slot.name
      var addsNothing = false
      if let match = name.wholeMatch(of: /encoder\.(\d+)\.(.+)/), let index = Int(match.1) {
        name = "encoder.\(blocks[index].source).\(match.2)"
        addsNothing = blocks[index].isAdded && match.2.hasSuffix("output.weight")
      }
      guard heads || name.hasPrefix("encoder.") || name == model.vocabularyBias.name,
        let source = slots[name]
      else { continue }
      weights[slot].copy(from: base.weights[source])
      if addsNothing { weights[slot].fill(0) }
    }
  }
}
