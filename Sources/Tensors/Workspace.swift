/// An arena of floats for the activations of one worker.
///
/// `matrix` hands out memory that is valid until `reset`, or until `release` of an earlier mark.
/// The arena grows to the largest batch it has met and then stays, so a steady state allocates
/// nothing. One workspace serves one thread at a time.
public final class Workspace {
  /// A point in the arena to which `release` can return.
  public struct Mark {
    let block: Int
    let used: Int
  }

  @safe
  private struct Block {
    let base: UnsafeMutablePointer<Float>
    let capacity: Int
  }

  /// Matrices start on a cache line: 16 floats of 4 bytes.
  private static let lineFloats = 16
  private var blocks: [Block] = []
  private var block = 0
  private var used = 0

  /// How often memory was asked of the system; constant in a steady state.
  public private(set) var allocationCount = 0

  /// To what this worker's products round their factors.
  public let precision: Precision

  /// An empty arena; memory comes with the first matrix.
  public init(precision: Precision = .float32) { self.precision = precision }

  deinit { blocks.forEach { unsafe $0.base.deallocate() } }

  /// A matrix whose values are not set.
  public func matrix(rows: Int, columns: Int) -> Matrix {
    precondition(rows >= 0 && columns >= 0, "a matrix of [\(rows), \(columns)]")
    let size = (rows * columns + Self.lineFloats - 1) / Self.lineFloats * Self.lineFloats
    while block < blocks.count && used + size > blocks[block].capacity {
      block += 1
      used = 0
    }
    if block == blocks.count { grow(toHold: size) }
    defer { used += size }
    // The block holds `size` more floats from `used` on, by the loop above.
    return unsafe Matrix(blocks[block].base + used, rows: rows, columns: columns, stride: columns)
  }

  /// A matrix of zeros.
  public func zeros(rows: Int, columns: Int) -> Matrix {
    let matrix = matrix(rows: rows, columns: columns)
    matrix.fill(0)
    return matrix
  }

  /// Where the arena stands; what is handed out afterwards goes with `release(to:)`.
  public var mark: Mark { Mark(block: block, used: used) }

  /// Takes back every matrix handed out since `mark`.
  public func release(to mark: Mark) {
    block = mark.block
    used = mark.used
  }

  /// Takes back every matrix; several blocks become one that holds the same and an eighth more, so
  /// that batches of about one size soon find room.
  public func reset() {
    if blocks.count > 1 {
      let total = blocks.reduce(0) { $0 + $1.capacity }
      blocks.forEach { unsafe $0.base.deallocate() }
      blocks = []
      block = 0
      grow(toHold: total + total / 8)
    }
    block = 0
    used = 0
  }

  private func grow(toHold size: Int) {
    let capacity = max(size, 1 << 16)
    // 64-byte alignment, so that a matrix never starts inside a cache line.
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
    // Floats need no initialisation, and memory that is never used is never asked of the system.
    let base = unsafe raw.bindMemory(to: Float.self, capacity: capacity)
    unsafe blocks.append(Block(base: base, capacity: capacity))
    allocationCount += 1
  }
}
