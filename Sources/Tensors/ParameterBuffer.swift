/// All parameters of a model, or all their gradients or moments, in one flat run of floats.
///
/// Reading from several threads at once is safe while nobody writes.
@safe
public final class ParameterBuffer {
  /// Which value belongs to which parameter.
  public let layout: ParameterLayout
  private let base: UnsafeMutablePointer<Float>

  /// A buffer of zeros.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    unsafe base = UnsafeMutableRawPointer.allocate(
      byteCount: max(layout.count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(layout.count, 1))
    unsafe base.initialize(repeating: 0, count: layout.count)
  }

  deinit { unsafe base.deallocate() }

  /// The values of one parameter, in place.
  public subscript(slot: Slot) -> Matrix {
    precondition(
      slot.offset + slot.count <= layout.count, "\(slot.name) is not in this buffer's layout")
    // In range by the line above.
    return unsafe Matrix(
      base + slot.offset, rows: slot.rows, columns: slot.columns, stride: slot.columns)
  }

  /// A range of values as one row, whatever parameters they belong to.
  public subscript(range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= layout.count, "values \(range)")
    // In range by the line above.
    return unsafe Matrix(
      base + range.lowerBound, rows: 1, columns: range.count, stride: range.count)
  }

  /// Every value as one row.
  public var all: Matrix { self[0..<layout.count] }

  /// Starts every parameter as its slot says; the same seed gives the same values.
  public func initialize(seed: UInt64) {
    for (index, slot) in layout.slots.enumerated() {
      let values = self[slot]
      switch slot.initialization {
      case .zeros: values.fill(0)
      case .ones: values.fill(1)
      case .normal(let standardDeviation):
        var random = SeededRandom(seed: seed, stream: UInt64(index))
        for row in 0..<slot.rows {
          for column in 0..<slot.columns {
            values[row, column] = Float(random.nextNormal()) * standardDeviation
          }
        }
      }
    }
  }
}
