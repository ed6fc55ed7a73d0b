internal import CKernels

/// A model's numbers, made ready for reading: the matrices that multiply are packed once.
///
/// A copy of the numbers as they are when it is made. A product with packed weights gives each row
/// the same bits whatever the other rows are, and how many; OpenBLAS's products do not.
@safe
public final class PackedParameters: @unchecked Sendable {
  /// Everything that is not packed, in place.
  private let values: ParameterBuffer
  private let base: UnsafeMutablePointer<Float>
  private let capacity: Int
  /// Where each packed matrix begins, by its offset in the layout.
  private let starts: [Int: Int]

  /// Packs every matrix of `values` that multiplies.
  public init(_ values: ParameterBuffer) {
    self.values = values
    var starts: [Int: Int] = [:]
    var count = 0
    for slot in values.layout.slots where slot.multiplies {
      starts[slot.offset] = count
      count += Int(kernel_packed_count(Int64(slot.rows), Int64(slot.columns)))
    }
    self.starts = starts
    capacity = count
    unsafe base = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(count, 1))
    for slot in values.layout.slots {
      guard let start = starts[slot.offset], slot.multiplies else { continue }
      // There is room for this matrix from `start` on, by the count above.
      unsafe kernel_pack(
        values[slot].base, Int64(slot.rows), Int64(slot.columns), base + start)
    }
  }

  deinit { unsafe base.deallocate() }

  /// The values of one parameter, in place.
  public subscript(slot: Slot) -> Matrix { values[slot] }

  /// `output = input * weights^T`.
  ///
  /// Shapes: input [M, K], the slot's weights [N, K], output [M, N].
  public func multiply(_ input: Matrix, _ slot: Slot, into output: Matrix) {
    precondition(
      input.columns == slot.columns && output.rows == input.rows && output.columns == slot.rows,
      "\(input.shape) times the transpose of \(slot.shape) does not give \(output.shape)")
    guard let start = starts[slot.offset] else {
      preconditionFailure("\(slot.name) is not packed")
    }
    // The shapes were checked above, and the packed weights are those of the slot.
    unsafe kernel_product(
      input.base, Int64(input.stride), Int64(input.rows), base + start, Int64(slot.rows),
      Int64(slot.columns), output.base, Int64(output.stride))
  }
}
