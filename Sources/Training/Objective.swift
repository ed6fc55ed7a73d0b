import Models
import Tensors

/// What a stage minimises.
protocol Objective: Sendable {
  /// What the parts of the loss are called.
  var names: [String] { get }

  /// How many units each part's loss is a mean over, for all texts of a batch.
  func units(of texts: [TrainingText]) -> [Double]

  /// Adds the gradient of a shard's share of the batch's loss to `gradients`.
  ///
  /// `units` are those of the whole batch, `random` is this shard's own. Returns each part's loss,
  /// summed over the shard.
  func addGradients(
    of shard: Shard, units: [Double], random: SeededRandom, dropout: Double, model: TextModel,
    weights: ParameterBuffer, gradients: ParameterBuffer, workspace: Workspace
  ) -> [Double]
}
