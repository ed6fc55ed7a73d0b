internal import CKernels

/// Adam with decoupled weight decay.
///
/// Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2.
public struct AdamW: Equatable, Sendable {
  /// Decay of the first moment.
  public var beta1: Float = 0.9
  /// Decay of the second moment.
  public var beta2: Float = 0.98
  /// Keeps the quotient finite.
  public var epsilon: Float = 1e-6
  /// Decay of matrices per step, times the learning rate.
  public var weightDecay: Float

  /// Settings with the usual betas for transformers.
  public init(weightDecay: Float) { self.weightDecay = weightDecay }

  /// Updates the parameters of `range`; ranges are independent, so threads may share the work.
  ///
  /// `step` counts from 1. `gradientScale` multiplies every gradient first (clipping). `share` is the
  /// part of the learning rate that a slot gets; where it is nil, parameters and moments stay.
  public func update(
    _ parameters: ParameterBuffer, range: Range<Int>, gradients: ParameterBuffer,
    firstMoments: ParameterBuffer, secondMoments: ParameterBuffer, step: Int,
    learningRate: Float, gradientScale: Float,
    share: (Slot) -> Float? = { _ in 1 }
  ) {
    precondition(
      [gradients, firstMoments, secondMoments].allSatisfy { $0.layout == parameters.layout },
      "gradients or moments of another layout")
    var settings = kernel_adamw_settings(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: 0,
      correction1: 1 - power(beta1, step), correction2: 1 - power(beta2, step),
      gradient_scale: gradientScale)
    for slot in parameters.layout.slots {
      let part = range.clamped(to: slot.offset..<slot.offset + slot.count)
      guard !part.isEmpty, let share = share(slot) else { continue }
      settings.learning_rate = learningRate * share
      settings.weight_decay = slot.decays ? weightDecay : 0
      // All four buffers have the same layout, so the range lies in each.
      unsafe kernel_adamw(
        parameters[part].base, gradients[part].base, firstMoments[part].base,
        secondMoments[part].base, Int64(part.count), settings)
    }
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    var result: Double = 1
    for _ in 0..<exponent {
      result *= Double(base)
      if result < 1e-12 { return 0 }
    }
    return Float(result)
  }
}
