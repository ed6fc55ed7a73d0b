import Foundation

/// The learning rate of every step: a linear rise to the peak, then a half cosine to zero.
///
/// Source: Loshchilov and Hutter, SGDR, 2017, equation 5, with a linear warm-up.
struct Schedule: Equatable, Sendable {
  /// The highest learning rate.
  let peak: Double
  /// Steps of the rise.
  let warmupSteps: Int
  /// All steps.
  let steps: Int

  /// The learning rate of `step`, counted from 1.
  func learningRate(at step: Int) -> Double {
    if step <= warmupSteps { return peak * Double(step) / Double(warmupSteps) }
    // One step more than there are, so that the last one still learns.
    let progress = Double(step - warmupSteps) / Double(steps - warmupSteps + 1)
    return peak * 0.5 * (1 + cos(.pi * min(progress, 1)))
  }
}
