internal import CKernels

/// A model's numbers, made ready for reading: the matrices that multiply are packed once.
///
/// `@unchecked Sendable` holds as long as nobody writes the numbers while it lives. It is made anew
/// when they change: matrices are copies, embeddings, gains and biases are read where they are. A
/// product with packed weights gives each row the same bits whatever the other rows are, and how
/// many; OpenBLAS's products do not.
@safe
public final class PackedParameters: @unchecked Sendable {
  /// Everything that is not packed, in place.
  private let values: ParameterBuffer
  private let base: UnsafeMutablePointer<Float>
  /// Where each packed matrix begins, by its offset in the layout.
  private let starts: [Int: Int]

  /// To what the factors of its products are rounded, whatever a workspace's precision is.
  private let precision: Precision
  /// Which instructions multiply.
  private let cpuLevel: Int32
  /// Whether pairs of bfloat16 are multiplied by the instruction for them.
  private let hasBF16: Bool

  /// Packs every matrix of `values` that multiplies, rounded to `precision`.
  public convenience init(_ values: ParameterBuffer, precision: Precision = .float32) {
    self.init(
      values, precision: precision, cpuLevel: kernel_cpu_level(), hasBF16: kernel_has_bf16() != 0)
  }

  /// The same, for the instructions of another level that this CPU has.
  init(
    _ values: ParameterBuffer, precision: Precision = .float32,
    cpuLevel: Int32 = kernel_cpu_level(),
    hasBF16: Bool = kernel_has_bf16() != 0
  ) {
    self.values = values
    self.precision = precision
    self.cpuLevel = cpuLevel
    self.hasBF16 = hasBF16
    var starts: [Int: Int] = [:]
    var count = 0
    for slot in values.layout.slots where slot.use != .table {
      starts[slot.offset] = count
      count += Self.packedCount(slot, precision)
    }
    self.starts = starts
    unsafe base = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(count, 1))
    for slot in values.layout.slots {
      guard slot.use != .table, let start = starts[slot.offset] else { continue }
      let (rows, columns) = (Int64(slot.rows), Int64(slot.columns))
      // There is room for this matrix from `start` on, by the count above.
      if precision == .bfloat16 {
        unsafe (base + start).withMemoryRebound(
          to: UInt32.self, capacity: Self.packedCount(slot, precision)
        ) { packed in
          unsafe kernel_mixed_pack_right(values[slot].base, columns, 1, rows, columns, packed)
        }
      } else if slot.use == .gatedProduct {
        unsafe kernel_pack_gated(values[slot].base, rows / 2, columns, base + start)
      } else {
        unsafe kernel_pack(values[slot].base, rows, columns, base + start)
      }
    }
  }

  /// Words of 32 bits, as a float has.
  private static func packedCount(_ slot: Slot, _ precision: Precision) -> Int {
    let (rows, columns) = (Int64(slot.rows), Int64(slot.columns))
    if precision == .bfloat16 { return Int(kernel_mixed_right_count(rows, columns)) }
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
    _ input: Matrix, _ slot: Slot, into output: Matrix, accumulating: Bool = false,
    _ workspace: Workspace
  ) {
    precondition(
      input.columns == slot.columns && output.rows == input.rows && output.columns == slot.rows,
      "\(input.shape) times the transpose of \(slot.shape) does not give \(output.shape)")
    guard slot.columns > 0 else {
      if !accumulating { output.fill(0) }
      return
    }
    let packed = unsafe packed(slot, .product, .attentionProduct)
    // The shapes were checked above, and the packed weights are those of the slot.
    if precision == .bfloat16 {
      unsafe multiplyRounded(input, packed, slot, into: output, accumulating, workspace)
      return
    }
    unsafe kernel_product(
      cpuLevel, input.base, Int64(input.stride), Int64(input.rows), packed,
      Int64(slot.rows), Int64(slot.columns), output.base, Int64(output.stride),
      accumulating ? 1 : 0)
  }

  /// `output = silu(input * gate^T) * (input * up^T)`; in single precision nothing between is kept.
  ///
  /// Shapes: input [M, K], the slot's weights [2F, K] with gate above up, output [M, F].
  /// Source: Shazeer, GLU Variants Improve Transformer, 2020, equation 5.
  public func multiplySwiGLU(
    _ input: Matrix, _ slot: Slot, into output: Matrix, _ workspace: Workspace
  ) {
    precondition(
      input.columns == slot.columns && output.rows == input.rows
        && 2 * output.columns == slot.rows,
      "\(input.shape) times the transpose of gated \(slot.shape) does not give \(output.shape)")
    let packed = unsafe packed(slot, .gatedProduct)
    // The shapes were checked above, and the packed weights are those of the slot.
    if precision == .bfloat16 {
      let mark = workspace.mark
      let both = workspace.matrix(rows: input.rows, columns: slot.rows)
      unsafe multiplyRounded(input, packed, slot, into: both, false, workspace)
      Kernels.swiglu(both, into: output)
      workspace.release(to: mark)
      return
    }
    unsafe kernel_product_swiglu(
      cpuLevel, input.base, Int64(input.stride), Int64(input.rows), packed,
      Int64(output.columns), Int64(slot.columns), output.base, Int64(output.stride))
  }

  /// A product whose packed weights are pairs of bfloat16; the input is rounded on the way.
  private func multiplyRounded(
    _ input: Matrix, _ packed: UnsafePointer<Float>, _ slot: Slot, into output: Matrix,
    _ accumulating: Bool, _ workspace: Workspace
  ) {
    let (m, n, k) = (Int64(input.rows), Int64(slot.rows), Int64(slot.columns))
    let mark = workspace.mark
    let left = workspace.matrix(rows: 1, columns: Int(kernel_mixed_left_count(m, k)))
    // The caller has compared the shapes, and both factors have the room that the kernels ask for:
    // words as large as a float.
    unsafe left.base.withMemoryRebound(to: UInt32.self, capacity: left.count) { left in
      unsafe packed.withMemoryRebound(
        to: UInt32.self, capacity: Int(kernel_mixed_right_count(n, k))
      ) { right in
        unsafe kernel_mixed_pack_left(input.base, Int64(input.stride), 0, m, k, left)
        unsafe kernel_mixed_product(
          hasBF16 ? 1 : 0, left, 0, right, m, n, k, output.base, Int64(output.stride),
          accumulating ? 1 : 0)
      }
    }
    workspace.release(to: mark)
  }

  private func packed(_ slot: Slot, _ uses: MatrixUse...) -> UnsafePointer<Float> {
    guard uses.contains(slot.use), let start = starts[slot.offset] else {
      preconditionFailure("\(slot.name) is not packed for this product")
    }
    // One of the starts that `init` has filled.
    return unsafe UnsafePointer(base + start)
  }
}
