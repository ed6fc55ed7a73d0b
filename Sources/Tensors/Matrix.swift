/// A shape over borrowed numbers: `rows` × `columns` floats, row-major, `stride` floats from one
/// row to the next.
///
/// A matrix owns nothing. Its numbers belong to a `Workspace`, until that is reset, or to a
/// `ParameterBuffer`; whoever holds a matrix must keep its owner alive.
@safe
public struct Matrix {
  /// First number of the first row.
  let base: UnsafeMutablePointer<Float>
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// Floats from the start of one row to the start of the next; at least `columns`.
  public let stride: Int

  init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int) {
    unsafe self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// Number of values: rows times columns.
  public var count: Int { rows * columns }

  /// Whether the rows follow each other without a gap.
  public var isContiguous: Bool { stride == columns || rows <= 1 }

  /// `[rows, columns]`, for messages.
  public var shape: [Int] { [rows, columns] }

  /// One value.
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(contains(row, column), "[\(row), \(column)] is outside \(shape)")
      // In range by the line above, and the owner is alive by contract.
      return unsafe base[row * stride + column]
    }
    nonmutating set {
      precondition(contains(row, column), "[\(row), \(column)] is outside \(shape)")
      // In range by the line above, and the owner is alive by contract.
      unsafe base[row * stride + column] = newValue
    }
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < rows && column >= 0 && column < columns
  }

  /// The rows of `range`, over the same numbers.
  public func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(shape)")
    return unsafe Matrix(
      base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
  }

  /// The columns of `range`, over the same numbers.
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(shape)")
    return unsafe Matrix(
      base + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// `rows` × `columns` of the numbers from the `start`-th on; the matrix must be contiguous.
  public func slice(at start: Int, rows: Int, columns: Int) -> Matrix {
    precondition(
      isContiguous && start >= 0 && rows >= 0 && columns >= 0 && start + rows * columns <= count,
      "\(rows) × \(columns) numbers from \(start) of \(shape)")
    return unsafe Matrix(base + start, rows: rows, columns: columns, stride: columns)
  }

  /// Sets every value.
  public func fill(_ value: Float) {
    for row in 0..<rows {
      // Rows are inside the matrix by construction.
      unsafe (base + row * stride).update(repeating: value, count: columns)
    }
  }

  /// Copies the values of `source`, which has the same shape.
  public func copy(from source: Matrix) {
    precondition(shape == source.shape, "copy of \(source.shape) into \(shape)")
    for row in 0..<rows {
      // Both shapes are the same, so both rows hold `columns` values.
      unsafe (base + row * stride).update(from: source.base + row * source.stride, count: columns)
    }
  }

  /// Copies `values`, row after row.
  public func copy(from values: [Float]) {
    precondition(values.count == count, "\(values.count) values for \(shape)")
    unsafe values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return }
      for row in 0..<rows {
        // Rows are inside the matrix by construction, and `values` holds as many.
        unsafe (base + row * stride).update(from: start + row * columns, count: columns)
      }
    }
  }

  /// The values, row after row.
  public var values: [Float] {
    var values: [Float] = []
    values.reserveCapacity(count)
    for row in 0..<rows {
      // Rows are inside the matrix by construction.
      unsafe values.append(
        contentsOf: UnsafeBufferPointer(start: base + row * stride, count: columns))
    }
    return values
  }
}
