import Layers
import Models
import Tensors

/// What one step did.
public struct StepReport: Sendable {
  /// Counted from 1.
  public let step: Int
  /// Steps of the whole stage.
  public let steps: Int
  /// Pieces read in this step.
  public let tokens: Int
  /// Each part's mean loss over this batch; parts that met no label are left out.
  public let losses: [(name: String, value: Double)]
  /// The learning rate of this step.
  public let learningRate: Double
  /// The gradient's norm before clipping.
  public let gradientNorm: Double
}

/// A step whose loss or gradient is infinite or no number; the parameters are those before it.
struct NonFiniteStep: Error {
  /// Counted from 1.
  let step: Int
  /// "loss" or "gradient".
  let what: String
  /// All texts of the step.
  let texts: [TrainingText]
}

/// A plain loop of steps: gradients of every shard, summed in order, clipped, then AdamW or Muon.
struct Trainer {
  /// Steps that are done.
  private(set) var step = 0
  private let model: TextModel
  private let weights: ParameterBuffer
  private let plan: BatchPlan
  private let objective: any Objective
  private let settings: OptimizationSettings
  private let schedule: Schedule
  private let optimizer: AdamW
  private let muon: Muon
  /// What Muon updates instead of AdamW: the hidden matrices or nothing.
  private let muonSlots: [Slot]
  private let seed: UInt64
  private let workers: Workers
  private let firstMoments: ParameterBuffer
  private let secondMoments: ParameterBuffer
  private let laneGradients: [ParameterBuffer]
  private let workspaces: [Workspace]

  init(
    _ model: TextModel, weights: ParameterBuffer, plan: BatchPlan, objective: any Objective,
    settings: OptimizationSettings, seed: UInt64, workers: Workers
  ) {
    self.model = model
    self.weights = weights
    self.plan = plan
    self.objective = objective
    self.settings = settings
    let warmupSteps = Int(Double(plan.count) * settings.warmup)
    schedule = Schedule(
      peak: settings.learningRate, warmupSteps: warmupSteps, steps: plan.count)
    optimizer = AdamW(weightDecay: Float(settings.weightDecay))
    muon = Muon(weightDecay: Float(settings.weightDecay))
    // By size, so that slots of one shape are dealt out to all workers.
    muonSlots =
      settings.optimizer == .muon
      ? model.layout.slots.filter(Self.isHiddenMatrix).sorted {
        ($0.count, $0.offset) > ($1.count, $1.offset)
      } : []
    self.seed = seed
    self.workers = workers
    firstMoments = ParameterBuffer(model.layout)
    secondMoments = ParameterBuffer(model.layout)
    laneGradients = (0..<Batch.laneCount).map { _ in ParameterBuffer(model.layout) }
    workspaces = (0..<Batch.laneCount).map { _ in Workspace(precision: settings.precision) }
  }

  /// How often scratch memory was asked of the system; constant once the largest batch was met.
  var allocationCount: Int { workspaces.reduce(0) { $0 + $1.allocationCount } }

  /// Goes on where `checkpoint` was made.
  mutating func restore(_ checkpoint: Checkpoint) {
    weights.all.copy(from: checkpoint.parameters.all)
    firstMoments.all.copy(from: checkpoint.firstMoments.all)
    secondMoments.all.copy(from: checkpoint.secondMoments.all)
    step = checkpoint.state.step
  }

  /// The present state; it shares the buffers that the next step changes.
  func checkpoint(
    stage: String, best: Checkpoint.Best?, bestParameters: ParameterBuffer?
  ) -> Checkpoint {
    Checkpoint(
      state: .init(stage: stage, step: step, best: best), parameters: weights,
      firstMoments: firstMoments, secondMoments: secondMoments, bestParameters: bestParameters)
  }

  /// Takes the next step; nil when the plan is done.
  mutating func next() throws(NonFiniteStep) -> StepReport? {
    guard step < plan.count else { return nil }
    let batch = plan[step]
    let units = objective.units(of: batch.texts)
    let laneLosses = workers.map(Array(batch.lanes.indices)) { lane in
      addGradients(of: batch.lanes[lane], lane: lane, units: units)
    }
    let totals = units.indices.map { part in laneLosses.reduce(0) { $0 + $1[part] } }
    sumLanes()
    let norm = Kernels.sumOfSquares(laneGradients[0].all).squareRoot()
    for (what, values) in [("loss", totals), ("gradient", [norm])] {
      guard values.allSatisfy(\.isFinite) else {
        throw NonFiniteStep(step: step + 1, what: what, texts: batch.planned)
      }
    }
    step += 1
    let rate = schedule.learningRate(at: step)
    update(learningRate: rate, gradientScale: min(1, settings.gradientClip / norm))
    return StepReport(
      step: step, steps: plan.count, tokens: batch.tokens,
      losses: zip(objective.names, zip(totals, units)).compactMap { name, part in
        part.1 > 0 ? (name, part.0 / part.1) : nil
      },
      learningRate: rate, gradientNorm: norm)
  }

  /// The summed losses of one lane's shards; its gradient buffer starts from zero.
  private func addGradients(of shards: [Shard], lane: Int, units: [Double]) -> [Double] {
    let gradients = laneGradients[lane]
    gradients.all.fill(0)
    var losses = units.map { _ in 0.0 }
    for (index, shard) in shards.enumerated() {
      workspaces[lane].reset()
      let random = SeededRandom(
        seed: seed, stream: UInt64(step + 1), UInt64(lane), UInt64(index))
      let parts = objective.addGradients(
        of: shard, units: units, random: random, dropout: settings.dropout, model: model,
        weights: weights, gradients: gradients, workspace: workspaces[lane])
      for (part, loss) in parts.enumerated() { losses[part] += loss }
    }
    return losses
  }

  /// The parameters in as many ranges as there are lanes, for passes that every value needs alone.
  private func forEachRange(_ body: (Range<Int>) -> Void) {
    let count = model.layout.count
    let size = (count + Batch.laneCount - 1) / Batch.laneCount
    workers.forEach(Batch.laneCount) { part, _ in
      let range = min(part * size, count)..<min((part + 1) * size, count)
      if !range.isEmpty { body(range) }
    }
  }

  /// Adds the lanes' gradients to the first lane's, in lane order.
  private func sumLanes() {
    forEachRange { range in
      for lane in laneGradients.dropFirst() {
        Kernels.add(lane[range], to: laneGradients[0][range])
      }
    }
  }

  private func update(learningRate: Double, gradientScale: Double) {
    let muonOffsets = Set(muonSlots.map(\.offset))
    let table = model.encoder.embedding.weight
    forEachRange { range in
      optimizer.update(
        weights, range: range, gradients: laneGradients[0], firstMoments: firstMoments,
        secondMoments: secondMoments, step: step, learningRate: Float(learningRate),
        gradientScale: Float(gradientScale),
        share: { slot in
          if muonOffsets.contains(slot.offset) { return nil }
          return slot == table ? Float(settings.embeddingRate) : 1
        })
    }
    // A worker needs a workspace, and there is one a lane.
    Workers(count: min(workers.count, workspaces.count)).forEach(muonSlots.count) { item, worker in
      workspaces[worker].reset()
      muon.update(
        weights, slot: muonSlots[item], gradients: laneGradients[0], firstMoments: firstMoments,
        learningRate: Float(learningRate), gradientScale: Float(gradientScale),
        workspace: workspaces[worker])
    }
  }

  /// Whether a matrix lies between embedding and heads and multiplies hidden states.
  private static func isHiddenMatrix(_ slot: Slot) -> Bool {
    slot.use != .table && slot.name.hasPrefix("encoder.")
  }
}
