internal import Foundation
public import Tensors

/// One row per group of rows: their mean, weighted by a learned softmax.
///
/// Groups are ranges of rows: whole texts, or the spans of aspects; they may overlap, and each
/// holds at least one row.
/// Shapes: input [N, D], query [D], output [G, D].
/// Source: Yang et al., Hierarchical Attention Networks, 2016, equations 5 to 7, without the MLP.
public struct AttentionPooling: Sendable {
  /// [D]; starts at zero, which makes the plain mean.
  public let query: Slot

  /// What `backward` needs.
  public struct Cache {
    let input: Matrix
    let groups: [Range<Int>]
    /// The weights of every group's rows, end to end.
    let probabilities: Matrix
  }

  /// Adds the query to `layout`.
  public init(_ name: String, size: Int, in layout: inout ParameterLayout) {
    query = layout.addVector("\(name).query", size: size, initialization: .zeros)
  }

  /// The output alone.
  public func callAsFunction(
    _ input: Matrix, groups: [Range<Int>], _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    pooled(input, groups: groups, query: weights[query], workspace).output
  }

  /// The output, and for each group the log of the sum of its rows' weights before they were made to
  /// add up to one: with it the means of several groups make the mean of all their rows.
  public func parts(
    _ input: Matrix, groups: [Range<Int>], _ weights: PackedParameters, _ workspace: Workspace
  ) -> (output: Matrix, logSums: [Double]) {
    let query = weights[query]
    let (output, probabilities) = pooled(input, groups: groups, query: query, workspace)
    var logSums: [Double] = []
    forEachGroup(groups, probabilities) { _, rows, probabilities in
      // probability = exp(score - logSum), read off where it is largest and so most exact.
      let best = (0..<rows.count).reduce(0) {
        probabilities[0, $1] > probabilities[0, $0] ? $1 : $0
      }
      var score = 0.0
      for column in 0..<input.columns {
        score += Double(query[0, column]) * Double(input[rows.lowerBound + best, column])
      }
      logSums.append(score - log(Double(probabilities[0, best])))
    }
    return (output, logSums)
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, groups: [Range<Int>], _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    let (output, probabilities) = pooled(input, groups: groups, query: weights[query], workspace)
    return (output, Cache(input: input, groups: groups, probabilities: probabilities))
  }

  private func pooled(
    _ input: Matrix, groups: [Range<Int>], query: Matrix, _ workspace: Workspace
  ) -> (output: Matrix, probabilities: Matrix) {
    let output = workspace.matrix(rows: groups.count, columns: input.columns)
    let probabilities = workspace.matrix(rows: 1, columns: groups.reduce(0) { $0 + $1.count })
    forEachGroup(groups, probabilities) { index, rows, weightsOfRows in
      // weights = softmax(query * rows^T), output = weights * rows
      multiply(query, input.rows(rows).transposed, into: weightsOfRows)
      Kernels.softmax(weightsOfRows)
      multiply(weightsOfRows, input.rows(rows), into: output.rows(index..<index + 1))
    }
    return (output, probabilities)
  }

  /// Adds the query's gradient to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    let inputGradient = workspace.zeros(rows: cache.input.rows, columns: cache.input.columns)
    forEachGroup(cache.groups, cache.probabilities) { index, rows, probabilities in
      let groupGradient = outputGradient.rows(index..<index + 1)
      let mark = workspace.mark
      let scores = workspace.matrix(rows: 1, columns: rows.count)
      // output = weights * rows
      multiply(groupGradient, cache.input.rows(rows).transposed, into: scores)
      multiply(
        probabilities.transposed, groupGradient, into: inputGradient.rows(rows),
        accumulating: true)
      // weights = softmax(query * rows^T)
      Kernels.softmaxBackward(probabilities, gradient: scores)
      multiply(scores, cache.input.rows(rows), into: gradients[query], accumulating: true)
      multiply(
        scores.transposed, weights[query], into: inputGradient.rows(rows),
        accumulating: true)
      workspace.release(to: mark)
    }
    return inputGradient
  }

  private func forEachGroup(
    _ groups: [Range<Int>], _ probabilities: Matrix, _ body: (Int, Range<Int>, Matrix) -> Void
  ) {
    var start = 0
    for (index, rows) in groups.enumerated() {
      precondition(!rows.isEmpty, "group \(index) has no rows")
      body(index, rows, probabilities.slice(at: start, rows: 1, columns: rows.count))
      start += rows.count
    }
  }
}
