/// Momentum whose update of a matrix is made nearly orthogonal; for hidden matrices only.
///
/// The update is as long as one of AdamW usually is, so learning rate and weight decay mean the
/// same in both.
/// Sources: Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024; Liu et
/// al., Muon is Scalable for LLM Training, 2025, section 2.
public struct Muon: Equatable, Sendable {
  /// Decay of the running sum of gradients.
  public var momentum: Float = 0.95
  /// Decay of matrices per step, times the learning rate.
  public var weightDecay: Float

  /// Settings with the usual momentum.
  public init(weightDecay: Float) { self.weightDecay = weightDecay }

  /// Newton–Schulz iterations of one update.
  private static let iterations = 5
  /// Of X, X Xᵀ X and X Xᵀ X Xᵀ X: chosen to lift small singular values fast, not to end at 1.
  private static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.7750, 2.0315)
  /// Keeps the quotient finite.
  private static let epsilon = 1e-7
  /// The root mean square that updates of AdamW usually have.
  private static let usualRootMeanSquare: Float = 0.2

  /// Updates the parameters of one matrix; slots are independent, so threads may share the work.
  ///
  /// `gradientScale` multiplies every gradient first (clipping). What is taken from `workspace` is
  /// given back.
  public func update(
    _ parameters: ParameterBuffer, slot: Slot, gradients: ParameterBuffer,
    firstMoments: ParameterBuffer, learningRate: Float, gradientScale: Float,
    workspace: Workspace
  ) {
    precondition(
      [gradients, firstMoments].allSatisfy { $0.layout == parameters.layout },
      "gradients or moments of another layout")
    let blocks = Self.blockCount(of: slot)
    precondition(slot.rows % blocks == 0, "\(slot.name) is not \(blocks) matrices")
    let rows = slot.rows / blocks
    for block in 0..<blocks {
      let range = block * rows..<(block + 1) * rows
      update(
        parameters[slot].rows(range), gradient: gradients[slot].rows(range),
        moment: firstMoments[slot].rows(range),
        keep: slot.decays ? 1 - learningRate * weightDecay : 1, learningRate: learningRate,
        gradientScale: gradientScale, workspace)
    }
  }

  /// How many matrices lie above one another in a slot: query, key and value, or gate and up.
  static func blockCount(of slot: Slot) -> Int {
    switch slot.use {
    case .gatedProduct: 2
    case .attentionProduct: 3
    case .product, .table: 1
    }
  }

  private func update(
    _ parameters: Matrix, gradient: Matrix, moment: Matrix, keep: Float, learningRate: Float,
    gradientScale: Float, _ workspace: Workspace
  ) {
    let mark = workspace.mark
    // moment = momentum * moment + gradient
    Kernels.combine(gradient, scale: gradientScale, into: moment, keeping: momentum)
    // update = gradient + momentum * moment: Nesterov's look ahead
    let update = workspace.zeros(rows: gradient.rows, columns: gradient.columns)
    Kernels.combine(gradient, scale: gradientScale, into: update, keeping: 0)
    Kernels.combine(moment, scale: momentum, into: update, keeping: 1)
    // An orthogonal matrix has a root mean square of 1 / sqrt(its longer side).
    let longer = Float(max(update.rows, update.columns))
    Kernels.combine(
      Self.orthogonalized(update, workspace),
      scale: -learningRate * Self.usualRootMeanSquare * longer.squareRoot(), into: parameters,
      keeping: keep)
    workspace.release(to: mark)
  }

  /// `update` with all singular values brought near 1, from 0.7 to 1.2 where they were not tiny.
  ///
  /// A matrix taller than wide is multiplied from the right, which is the same as transposing it.
  static func orthogonalized(_ update: Matrix, _ workspace: Workspace) -> Matrix {
    let (a, b, c) = coefficients
    let isTall = update.rows > update.columns
    let size = min(update.rows, update.columns)
    var current = workspace.zeros(rows: update.rows, columns: update.columns)
    var next = workspace.matrix(rows: update.rows, columns: update.columns)
    let gram = workspace.matrix(rows: size, columns: size)
    let polynomial = workspace.matrix(rows: size, columns: size)
    let norm = Kernels.sumOfSquares(update).squareRoot()
    Kernels.combine(update, scale: Float(1 / (norm + epsilon)), into: current, keeping: 0)
    for _ in 0..<iterations {
      // A = X Xᵀ
      if isTall {
        workspace.multiply(current.transposed, current, into: gram)
      } else {
        workspace.multiply(current, current.transposed, into: gram)
      }
      // B = b A + c A²
      workspace.multiply(gram, gram, into: polynomial)
      Kernels.combine(gram, scale: b, into: polynomial, keeping: c)
      // X = a X + B X
      if isTall {
        workspace.multiply(current, polynomial, into: next)
      } else {
        workspace.multiply(polynomial, current, into: next)
      }
      Kernels.combine(current, scale: a, into: next, keeping: 1)
      swap(&current, &next)
    }
    return current
  }
}
