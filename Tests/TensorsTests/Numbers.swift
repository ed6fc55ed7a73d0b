import Tensors

/// Standard normal numbers from a seed, times `scale`.
func randomValues(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var random = SeededRandom(seed: seed)
  return (0..<count).map { _ in Float(random.nextNormal()) * scale }
}

extension Workspace {
  /// A matrix that holds `values`; the workspace has to outlive it.
  func matrix(_ values: [Float], rows: Int, columns: Int) -> Matrix {
    let matrix = matrix(rows: rows, columns: columns)
    matrix.copy(from: values)
    return matrix
  }
}

/// Row widths around and beside the sixteen lanes of the kernels.
let oddWidths = [0, 1, 7, 16, 33]

/// Inputs at and beyond the ends of what a float's exponential can hold.
let wideValues: [Float] = [0, -0.0, 1, -1, 30, -30, 88, -88, 200, -200]

/// The largest difference of two lists, each relative to its own reference value.
///
/// Results below the smallest normal float (1.2e-38) count as zero, which is how the kernels may
/// round them. A missing value, or one that is not finite, makes it infinite.
func largestRelativeError(_ values: [Float], _ reference: [Double]) -> Double {
  guard values.count == reference.count, values.allSatisfy(\.isFinite) else { return .infinity }
  let smallest = Double(Float.leastNormalMagnitude)
  return zip(values, reference).reduce(0) { worst, pair in
    let error = abs(Double(pair.0) - pair.1)
    return error <= smallest ? worst : max(worst, error / max(abs(pair.1), smallest))
  }
}
