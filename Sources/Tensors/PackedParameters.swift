internal import CKernels

/// A model's numbers, made ready for reading: the matrices that multiply are packed once.
///
/// Made anew when the numbers change: matrices are copies, embeddings, gains and biases are read where
/// they are. A product with packed weights gives each row
/// the same bits whatever the other rows are, and how many; OpenBLAS's products do not.
@safe
public final class PackedParameters: @unchecked Sendable {
  /// Everything that is not packed, in place.
  private let values: ParameterBuffer
  private let base: UnsafeMutablePointer<Float>
  /// Where each packed matrix begins, by its offset in the layout.
  private let starts: [Int: Int]

  /// Which instructions multiply.
  private let cpuLevel: Int32

  /// Packs every matrix of `values` that multiplies.
  public convenience init(_ values: ParameterBuffer) {
    self.init(values, cpuLevel: kernel_cpu_level())
  }

  /// The same, for the instructions of another level that this CPU has.
  init(_ values: ParameterBuffer, cpuLevel: Int32) {
    self.values = values
    self.cpuLevel = cpuLevel
    var starts: [Int: Int] = [:]
    var count = 0
    for slot in values.layout.slots where slot.use != .table {
      starts[slot.offset] = count
      count += Self.packedCount(slot)
    }
    self.starts = starts
    unsafe base = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(count, 1))
    for slot in values.layout.slots {
      guard slot.use != .table, let start = starts[slot.offset] else { continue }
      let (rows, columns) = (Int64(slot.rows), Int64(slot.columns))
      // There is room for this matrix from `start` on, by the count above.
      if slot.use == .gatedProduct {
        unsafe kernel_pack_gated(values[slot].base, rows / 2, columns, base + start)
      } else {
        unsafe kernel_pack(values[slot].base, rows, columns, base + start)
      }
    }
  }

  private static func packedCount(_ slot: Slot) -> Int {
    let (rows, columns) = (Int64(slot.rows), Int64(slot.columns))
    return Int(
      slot.use == .gatedProduct
        ? kernel_packed_gated_count(rows / 2, columns) : kernel_packed_count(rows, columns))
  }

  deinit { unsafe base.deallocate() }

  /// The values of one parameter, in place.
  public subscript(slot: Slot) -> Matrix { values[slot] }

  /// `output = input * weights^T`, or `output += …` when accumulating.
  ///
  /// Shapes: input [M, K], the slot's weights [N, K], output [M, N].
  public func multiply(
    _ input: Matrix, _ slot: Slot, into output: Matrix, accumulating: Bool = false
  ) {
    precondition(
      input.columns == slot.columns && output.rows == input.rows && output.columns == slot.rows,
      "\(input.shape) times the transpose of \(slot.shape) does not give \(output.shape)")
    // The shapes were checked above, and the packed weights are those of the slot.
    unsafe kernel_product(
      cpuLevel, input.base, Int64(input.stride), Int64(input.rows),
      packed(slot, .product, .attentionProduct),
      Int64(slot.rows), Int64(slot.columns), output.base, Int64(output.stride),
      accumulating ? 1 : 0)
  }

  /// `output = silu(input * gate^T) * (input * up^T)`; nothing between is kept.
  ///
  /// Shapes: input [M, K], the slot's weights [2F, K] with gate above up, output [M, F].
  /// Source: Shazeer, GLU Variants Improve Transformer, 2020, equation 5.
  public func multiplySwiGLU(_ input: Matrix, _ slot: Slot, into output: Matrix) {
    precondition(
      input.columns == slot.columns && output.rows == input.rows
        && 2 * output.columns == slot.rows,
      "\(input.shape) times the transpose of gated \(slot.shape) does not give \(output.shape)")
    // The shapes were checked above, and the packed weights are those of the slot.
    unsafe kernel_product_swiglu(
      cpuLevel, input.base, Int64(input.stride), Int64(input.rows), packed(slot, .gatedProduct),
      Int64(output.columns), Int64(slot.columns), output.base, Int64(output.stride))
  }

  private func packed(_ slot: Slot, _ uses: MatrixUse...) -> UnsafePointer<Float> {
    guard uses.contains(slot.use), let start = starts[slot.offset] else {
      preconditionFailure("\(slot.name) is not packed for this product")
    }
    // One of the starts that `init` has filled.
    return unsafe UnsafePointer(base + start)
  }
}
