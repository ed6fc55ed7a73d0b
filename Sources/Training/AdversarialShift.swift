import Models
import Tensors

/// The small change of a window's embeddings that raises its loss most, to first order.
///
/// A model that reads the changed embeddings as well leans less on single words of the texts that it
/// learns from. The change points along the gradient g of the loss by the embeddings:
/// `norm * length(piece) * g / length(g)`, where the length of a piece is the root mean square of
/// those of the window's rows in the table, so that the table cannot outgrow it.
/// Source: Miyato et al., Adversarial Training Methods for Semi-Supervised Text Classification, 2017,
/// section 3, equation 4.
struct AdversarialShift {
  /// The length of a window's change, in lengths of a piece.
  let norm: Double

  /// Writes the change of every window of `batch` to `shift`; none where the gradient is zero.
  ///
  /// Shapes: gradient and shift [N, D] over the pieces of all windows, table [V, D].
  func write(from gradient: Matrix, _ batch: TextBatch, table: Matrix, to shift: Matrix) {
    var start = 0
    for count in batch.windowLengths {
      let window = start..<start + count
      start += count
      let squaredLengths = batch.ids[window].reduce(0) {
        let row = Int($1)
        return $0 + Kernels.sumOfSquares(table.rows(row..<row + 1))
      }
      let slope = Kernels.sumOfSquares(gradient.rows(window)).squareRoot()
      guard slope > 0 else { continue }
      let length = norm * (squaredLengths / Double(count)).squareRoot()
      Kernels.combine(
        gradient.rows(window), scale: Float(length / slope), into: shift.rows(window), keeping: 0)
    }
  }
}
