import Models
import Tensors
import Testing

@testable import Training

/// An objective on one shard, with the loss whose gradient it claims to add.
struct GradientCheck<Goal: Objective> {
  let objective: Goal
  let model: TextModel
  let shard: Shard
  let seed: UInt64
  /// What each part counts in the sum that is minimised.
  let partWeights: [Double]

  /// Each part's loss, summed; the gradient is added to `gradients`.
  func losses(_ weights: ParameterBuffer, into gradients: ParameterBuffer) -> [Double] {
    let workspace = Workspace()
    return objective.addGradients(
      of: shard, units: objective.units(of: shard), random: SeededRandom(seed: seed), dropout: 0,
      model: model, weights: weights, gradients: gradients, workspace: workspace)
  }

  /// The weighted sum of the parts' means.
  func loss(_ weights: ParameterBuffer) -> Double {
    let ignored = ParameterBuffer(model.layout)
    let units = objective.units(of: shard)
    return zip(losses(weights, into: ignored), zip(units, partWeights)).reduce(0) {
      $0 + $1.1.1 * $1.0 / max($1.1.0, 1)
    }
  }

  /// Parameters far from zero and from each other, also where training starts at zero or one.
  func randomWeights() -> ParameterBuffer {
    let weights = ParameterBuffer(model.layout)
    var random = SeededRandom(seed: seed, stream: 1)
    weights.all.copy(
      from: (0..<model.layout.count).map { _ in Float(random.nextNormal() * 0.4 + 0.05) })
    return weights
  }

  /// The slope of the loss along one parameter.
  ///
  /// The fourth-order difference over steps of 1/64 and 1/32: both are exact in Float beside these
  /// parameters' exponents, and wide enough that the loss's rounding, about 1e-7, stays below
  /// 1e-5 of the slope.
  func slope(_ weights: ParameterBuffer, at index: Int) -> Double {
    let value = weights.all[0, index]
    defer { weights.all[0, index] = value }
    func loss(_ step: Float) -> Double {
      weights.all[0, index] = value + step
      return self.loss(weights)
    }
    let step: Float = 1.0 / 64
    return (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step)))
      / (12 * Double(step))
  }
}
