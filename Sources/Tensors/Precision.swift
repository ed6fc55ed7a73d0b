internal import CKernels

/// To what the factors of a product are rounded; sums are always in single precision.
public enum Precision: String, CaseIterable, Sendable {
  /// Not at all: single precision.
  case float32
  /// To 8 bits of mantissa while they are packed. A CPU that multiplies such pairs does twice as
  /// many in the same time; others give the same bits, slowly, but for numbers below 1e-38, which
  /// the instruction takes for zero.
  /// Source: Kalamkar et al., A Study of BFLOAT16 for Deep Learning Training, 2019.
  case bfloat16

  /// Whether this CPU multiplies such numbers faster than others.
  public var isFast: Bool { self == .float32 || kernel_has_bf16() != 0 }
}

extension Workspace {
  /// `output = left * right`, or `output += …` when accumulating, at the workspace's precision.
  ///
  /// Shapes, after transposition: left [M, K], right [K, N], output [M, N].
  public func multiply(
    _ left: some Factor, _ right: some Factor, into output: Matrix, accumulating: Bool = false
  ) {
    multiply(
      left, right, into: output, accumulating: accumulating,
      hasInstruction: kernel_has_bf16() != 0)
  }

  /// The same, for CPUs that multiply pairs of bfloat16 or as on those that do not.
  func multiply(
    _ left: some Factor, _ right: some Factor, into output: Matrix, accumulating: Bool,
    hasInstruction: Bool
  ) {
    let (a, b) = (left.matrix, right.matrix)
    let (m, k) = left.isTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
    let (k2, n) = right.isTransposed ? (b.columns, b.rows) : (b.rows, b.columns)
    guard precision == .bfloat16, m > 0, n > 0, k > 0 else {
      Tensors.multiply(left, right, into: output, accumulating: accumulating)
      return
    }
    precondition(
      k == k2 && output.rows == m && output.columns == n,
      "\([m, k]) times \([k2, n]) does not give \(output.shape)")
    let mark = mark
    let packedLeft = matrix(rows: 1, columns: Int(kernel_mixed_left_count(Int64(m), Int64(k))))
    let packedRight = matrix(rows: 1, columns: Int(kernel_mixed_right_count(Int64(n), Int64(k))))
    // The shapes were checked above, a stride is never smaller than the columns it spans, and the
    // packed factors have the room that the kernels ask for: words as large as a float.
    unsafe packedLeft.base.withMemoryRebound(to: UInt32.self, capacity: packedLeft.count) { x in
      unsafe packedRight.base.withMemoryRebound(to: UInt32.self, capacity: packedRight.count) { y in
        unsafe kernel_mixed_pack_left(
          a.base, Int64(a.stride), left.isTransposed ? 1 : 0, Int64(m), Int64(k), x)
        unsafe kernel_mixed_pack_right(
          b.base, Int64(b.stride), right.isTransposed ? 1 : 0, Int64(n), Int64(k), y)
        unsafe kernel_mixed_product(
          hasInstruction ? 1 : 0, x, left.isTransposed ? 1 : 0, y, Int64(m), Int64(n), Int64(k),
          output.base, Int64(output.stride), accumulating ? 1 : 0)
      }
    }
    release(to: mark)
  }
}
