import Foundation

/// A matrix of doubles for the reference twins: plain loops, no BLAS, no kernels.
public struct Reference: Equatable, Sendable {
  /// Number of rows.
  public var rows: Int
  /// Number of columns.
  public var columns: Int
  /// Row after row.
  public var values: [Double]

  /// A matrix of given values.
  public init(rows: Int, columns: Int, _ values: [Double]) {
    precondition(values.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, Array(repeating: 0, count: rows * columns))
  }

  /// One value.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The values of one row.
  public func row(_ row: Int) -> [Double] {
    Array(values[row * columns..<(row + 1) * columns])
  }

  /// A copy of some columns.
  public func columns(_ range: Range<Int>) -> Reference {
    var result = Reference(rows: rows, columns: range.count)
    for r in 0..<rows { for c in range { result[r, c - range.lowerBound] = self[r, c] } }
    return result
  }

  /// A copy of some rows.
  public func rows(_ range: Range<Int>) -> Reference {
    Reference(
      rows: range.count, columns: columns,
      Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// The sum, value by value.
  public static func + (left: Reference, right: Reference) -> Reference {
    Reference(
      rows: left.rows, columns: left.columns, zip(left.values, right.values).map { $0 + $1 })
  }

  /// [M, K] times [N, K] transposed: [M, N].
  public func timesTransposed(_ right: Reference) -> Reference {
    var result = Reference(rows: rows, columns: right.rows)
    for m in 0..<rows {
      for n in 0..<right.rows {
        result[m, n] = (0..<columns).reduce(0) { $0 + self[m, $1] * right[n, $1] }
      }
    }
    return result
  }
}

/// The layers again in double precision, written from their papers: the oracle for `forward`,
/// and through finite differences for `backward`.
public enum Twin {
  /// `x * weight^T + bias`.
  public static func linear(_ x: Reference, weight: Reference, bias: [Double]?) -> Reference {
    var y = x.timesTransposed(weight)
    if let bias {
      for r in 0..<y.rows { for c in 0..<y.columns { y[r, c] += bias[c] } }
    }
    return y
  }

  /// Each row divided by its root mean square, times the gain.
  public static func rmsNorm(_ x: Reference, gain: [Double], epsilon: Double) -> Reference {
    var y = x
    for r in 0..<x.rows {
      let meanSquare = x.row(r).reduce(0) { $0 + $1 * $1 } / Double(x.columns)
      for c in 0..<x.columns { y[r, c] = gain[c] * x[r, c] / (meanSquare + epsilon).squareRoot() }
    }
    return y
  }

  /// SwiGLU: gate and up are one matrix.
  public static func feedForward(_ x: Reference, input: Reference, output: Reference) -> Reference {
    let projected = x.timesTransposed(input)
    let size = projected.columns / 2
    var activated = Reference(rows: x.rows, columns: size)
    for r in 0..<x.rows {
      for c in 0..<size {
        let gate = projected[r, c]
        activated[r, c] = gate / (1 + exp(-gate)) * projected[r, size + c]
      }
    }
    return activated.timesTransposed(output)
  }

  /// Exponentials that sum to one.
  public static func softmax(_ values: [Double]) -> [Double] {
    let maximum = values.max() ?? 0
    let exponentials = values.map { exp($0 - maximum) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }

  /// One head turned by the angles of a position.
  public static func rotated(_ vector: [Double], position: Int) -> [Double] {
    let half = vector.count / 2
    var result = vector
    for pair in 0..<half {
      let angle = Double(position) / pow(10_000, 2 * Double(pair) / Double(vector.count))
      result[pair] = vector[pair] * cos(angle) - vector[pair + half] * sin(angle)
      result[pair + half] = vector[pair] * sin(angle) + vector[pair + half] * cos(angle)
    }
    return result
  }

  /// Multi-head attention within each sequence.
  public static func attention(
    _ x: Reference, lengths: [Int], heads: Int, input: Reference, output: Reference
  ) -> Reference {
    let size = x.columns / heads
    let projected = x.timesTransposed(input)
    var context = Reference(rows: x.rows, columns: x.columns)
    var start = 0
    for length in lengths {
      for head in 0..<heads {
        func part(_ number: Int, _ position: Int) -> [Double] {
          let first = number * x.columns + head * size
          return Array(projected.row(start + position)[first..<first + size])
        }
        for position in 0..<length {
          let query = rotated(part(0, position), position: position)
          let scores = (0..<length).map { other in
            zip(query, rotated(part(1, other), position: other)).reduce(0) { $0 + $1.0 * $1.1 }
              / Double(size).squareRoot()
          }
          for (other, weight) in softmax(scores).enumerated() {
            for (column, value) in part(2, other).enumerated() {
              context[start + position, head * size + column] += weight * value
            }
          }
        }
      }
      start += length
    }
    return context.timesTransposed(output)
  }

  /// The mean of each group, weighted by a softmax.
  public static func pooling(_ x: Reference, groups: [Range<Int>], query: [Double]) -> Reference {
    var pooled = Reference(rows: groups.count, columns: x.columns)
    for (index, group) in groups.enumerated() {
      let scores = group.map { r in zip(x.row(r), query).reduce(0) { $0 + $1.0 * $1.1 } }
      for (weight, r) in zip(softmax(scores), group) {
        for c in 0..<x.columns { pooled[index, c] += weight * x[r, c] }
      }
    }
    return pooled
  }

  /// Row by row of `query` and `weight`: attention pooling with the one, dot product with the other.
  public static func labelAttention(
    _ x: Reference, groups: [Range<Int>], query: Reference, weight: Reference, bias: [Double]
  ) -> Reference {
    var logits = Reference(rows: groups.count, columns: weight.rows)
    for label in 0..<weight.rows {
      let means = pooling(x, groups: groups, query: query.row(label))
      for group in groups.indices {
        logits[group, label] =
          zip(means.row(group), weight.row(label)).reduce(bias[label]) { $0 + $1.0 * $1.1 }
      }
    }
    return logits
  }

  /// One row of partial cross-entropy; classes are indices.
  public static func partialCrossEntropy(
    _ logits: [Double], allowed: [Int], possible: [Int]
  ) -> Double {
    log(possible.reduce(0) { $0 + exp(logits[$1]) })
      - log(allowed.reduce(0) { $0 + exp(logits[$1]) })
  }

  /// The central difference of `function` at `point` in every coordinate, step 1e-5.
  public static func finiteDifferences(
    of function: ([Double]) -> Double, at point: [Double]
  ) -> [Double] {
    let step = 1e-5
    var moved = point
    return point.indices.map { index in
      moved[index] = point[index] + step
      let above = function(moved)
      moved[index] = point[index] - step
      let below = function(moved)
      moved[index] = point[index]
      return (above - below) / (2 * step)
    }
  }
}

/// The largest difference of two lists, relative to the largest magnitude in the second.
///
/// A missing or non-finite value makes it infinite.
public func relativeDifference(_ values: [Float], _ reference: [Double]) -> Double {
  guard values.count == reference.count, values.allSatisfy(\.isFinite) else { return .infinity }
  let scale = max(reference.reduce(0) { max($0, abs($1)) }, 1e-3)
  return zip(values, reference).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / scale
}
