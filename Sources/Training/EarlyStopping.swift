import Foundation
import Tensors

/// Looks at the development splits every so many steps and keeps the best parameters met.
struct EarlyStopping {
  private let development: Development
  /// The best look so far.
  private(set) var best: Checkpoint.Best?
  /// The parameters there.
  private(set) var bestParameters: ParameterBuffer?

  /// Begins, or goes on from a checkpoint.
  init(_ development: Development, resuming checkpoint: Checkpoint?) {
    self.development = development
    best = checkpoint?.state.best
    bestParameters = checkpoint?.bestParameters
  }

  /// Whether the looks since the best one have used the patience up.
  var isOver: Bool { (best?.looksSince ?? 0) >= development.settings.patience }

  /// Takes a look where one is due, after the last step too; says what it saw.
  mutating func look(after step: StepReport, at weights: ParameterBuffer) -> String? {
    guard step.step % development.settings.everySteps == 0 || step.step == step.steps else {
      return nil
    }
    let value = development.value()
    let figure = "\(development.settings.metric) \(String(format: "%.4f", value))"
    if let best, value <= best.value {
      self.best?.looksSince += 1
      let end = isOver ? "; no better \(best.looksSince + 1) times, so training ends" : ""
      return "\(figure), best \(String(format: "%.4f", best.value)) at step \(best.step)\(end)"
    }
    best = Checkpoint.Best(step: step.step, value: value)
    let parameters = bestParameters ?? ParameterBuffer(weights.layout)
    parameters.all.copy(from: weights.all)
    bestParameters = parameters
    return "\(figure), the best so far"
  }
}
