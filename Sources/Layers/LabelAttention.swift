public import Tensors

/// One logit per label and group of rows: every label weighs the rows by a softmax of its own, and
/// reads their weighted mean.
///
/// What a long text says of one label does not have to share its attention with what it says of
/// another. Groups are ranges of rows, as in `AttentionPooling`, and each holds at least one.
/// Dropout falls on the mean that each label reads, the same for all rows of a group, and not on
/// what the query looks at; queries decay as weights do.
/// Shapes: input [N, D], query and weight [L, D], bias [L], output [G, L].
/// Source: Mullenbach et al., Explainable Prediction of Medical Codes from Clinical Text, 2018,
/// sections 2.2 and 2.3.
public struct LabelAttention: Sendable {
  /// [L, D]; starts at zero, which makes the plain mean.
  public let query: Slot
  /// [L, D].
  public let weight: Slot
  /// [L].
  public let bias: Slot

  /// What `backward` needs.
  public struct Cache {
    let input: Matrix
    let dropout: Dropout
    let groups: [Range<Int>]
    /// The weight as it met each group, after dropout: [L, D].
    let weights: [Matrix]
    /// What each label gives the rows of each group: [L, rows], one group after another.
    let probabilities: [Matrix]
    /// What each row says of each label: [L, rows], one group after another.
    let evidence: [Matrix]
  }

  /// Adds the layer's parameters to `layout`; weights start with variance 1 / D.
  ///
  /// Both matrices stay as they lie, since groups are multiplied one by one.
  public init(_ name: String, size: Int, labelCount: Int, in layout: inout ParameterLayout) {
    query = layout.addMatrix(
      "\(name).pooling.query", rows: labelCount, columns: size, initialization: .zeros)
    weight = layout.addMatrix(
      "\(name).output.weight", rows: labelCount, columns: size,
      initialization: .normal(standardDeviation: 1 / Float(size).squareRoot()))
    bias = layout.addVector("\(name).output.bias", size: labelCount, initialization: .zeros)
  }

  /// The logits alone.
  public func callAsFunction(
    _ input: Matrix, groups: [Range<Int>], _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    let output = workspace.matrix(rows: groups.count, columns: weight.rows)
    for (index, rows) in groups.enumerated() {
      let mark = workspace.mark
      let (probabilities, evidence) = read(
        input, index, rows, query: weights[query], weight: weights[weight], workspace)
      write(probabilities, evidence, weights[bias], to: output, row: index)
      workspace.release(to: mark)
    }
    return output
  }

  /// The logits and what `backward` needs.
  public func forward(
    _ input: Matrix, groups: [Range<Int>], dropout: Dropout, _ weights: ParameterBuffer,
    _ workspace: Workspace
  ) -> (logits: Matrix, cache: Cache) {
    let output = workspace.matrix(rows: groups.count, columns: weight.rows)
    // To drop a column of a label's weight is to drop it from the mean that the label reads.
    let dropped = groups.indices.map { index in
      let kept = workspace.matrix(rows: weight.rows, columns: weight.columns)
      kept.copy(from: weights[weight])
      dropout.stream(index)(kept)
      return kept
    }
    let parts = groups.enumerated().map { index, rows in
      let part = read(
        input, index, rows, query: weights[query], weight: dropped[index], workspace)
      write(part.probabilities, part.evidence, weights[bias], to: output, row: index)
      return part
    }
    let cache = Cache(
      input: input, dropout: dropout, groups: groups, weights: dropped,
      probabilities: parts.map(\.probabilities), evidence: parts.map(\.evidence))
    return (output, cache)
  }

  /// Adds the parameters' gradients to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    // output += bias
    Kernels.addColumnSums(of: outputGradient, to: gradients[bias])
    let inputGradient = workspace.zeros(rows: cache.input.rows, columns: cache.input.columns)
    for (index, rows) in cache.groups.enumerated() {
      let mark = workspace.mark
      let (probabilities, evidence) = (cache.probabilities[index], cache.evidence[index])
      let evidenceGradient = workspace.matrix(rows: weight.rows, columns: rows.count)
      let scores = workspace.matrix(rows: weight.rows, columns: rows.count)
      // output = sum of probabilities * evidence
      for label in 0..<weight.rows {
        for row in 0..<rows.count {
          evidenceGradient[label, row] = outputGradient[index, label] * probabilities[label, row]
          scores[label, row] = outputGradient[index, label] * evidence[label, row]
        }
      }
      // evidence = weight * rows^T, the weight after dropout
      let weightGradient = workspace.matrix(rows: weight.rows, columns: weight.columns)
      multiply(evidenceGradient, cache.input.rows(rows), into: weightGradient)
      cache.dropout.stream(index)(weightGradient)
      Kernels.add(weightGradient, to: gradients[weight])
      multiply(
        evidenceGradient.transposed, cache.weights[index], into: inputGradient.rows(rows),
        accumulating: true)
      // probabilities = softmax(query * rows^T)
      Kernels.softmaxBackward(probabilities, gradient: scores)
      multiply(scores, cache.input.rows(rows), into: gradients[query], accumulating: true)
      multiply(
        scores.transposed, weights[query], into: inputGradient.rows(rows), accumulating: true)
      workspace.release(to: mark)
    }
    return inputGradient
  }

  /// What each label gives the rows of a group, and what each row says of it: [L, rows].
  private func read(
    _ input: Matrix, _ group: Int, _ rows: Range<Int>, query: Matrix, weight: Matrix,
    _ workspace: Workspace
  ) -> (probabilities: Matrix, evidence: Matrix) {
    precondition(!rows.isEmpty, "group \(group) has no rows")
    let probabilities = workspace.matrix(rows: query.rows, columns: rows.count)
    multiply(query, input.rows(rows).transposed, into: probabilities)
    Kernels.softmax(probabilities)
    let evidence = workspace.matrix(rows: weight.rows, columns: rows.count)
    multiply(weight, input.rows(rows).transposed, into: evidence)
    return (probabilities, evidence)
  }

  /// The mean of a group's evidence, and the bias.
  private func write(
    _ probabilities: Matrix, _ evidence: Matrix, _ bias: Matrix, to output: Matrix, row: Int
  ) {
    for label in 0..<evidence.rows {
      var sum = bias[0, label]
      for column in 0..<evidence.columns {
        sum += probabilities[label, column] * evidence[label, column]
      }
      output[row, label] = sum
    }
  }
}
