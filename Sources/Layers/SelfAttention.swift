public import Tensors

/// Every token looks at every token of its own sequence.
///
/// Shapes: input and output [N, D], N all tokens of the packed sequences; query, key and value are
/// one matrix [3D, D]; D = H attention heads of D / H columns. Positions are rotary, from 0 in each
/// sequence. Nothing is padded: a sequence of L tokens costs L × L per head.
/// Source: Vaswani et al., Attention Is All You Need, 2017, section 3.2; Su et al., RoFormer, 2021.
public struct SelfAttention: Sendable {
  /// Query, key and value projections, one above the other.
  public let input: Linear
  /// Mixes the heads.
  public let output: Linear
  /// H.
  public let attentionHeadCount: Int
  /// The angles of every position up to the longest sequence.
  public let positions: RotaryPositions

  /// What `backward` needs.
  public struct Cache {
    let input: Linear.Cache
    /// Rotated query and key, and value: [N, 3D].
    let projected: Matrix
    /// The attention probabilities of every sequence and head, L × L each, end to end.
    let probabilities: Matrix
    let output: Linear.Cache
  }

  /// Adds the layer's parameters to `layout`.
  public init(
    _ name: String, hiddenSize: Int, attentionHeadCount: Int, positions: RotaryPositions,
    in layout: inout ParameterLayout
  ) {
    precondition(
      hiddenSize == attentionHeadCount * positions.attentionHeadSize,
      "\(attentionHeadCount) heads of \(positions.attentionHeadSize) do not make \(hiddenSize)")
    input = Linear(
      "\(name).input", inputSize: hiddenSize, outputSize: 3 * hiddenSize, bias: false,
      use: .attentionProduct, in: &layout)
    output = Linear(
      "\(name).output", inputSize: hiddenSize, outputSize: hiddenSize, bias: false, in: &layout)
    self.attentionHeadCount = attentionHeadCount
    self.positions = positions
  }

  /// Adds the output to `stream`, in place; probabilities live only as long as their head.
  public func callAsFunction(
    _ input: Matrix, lengths: [Int], addingTo stream: Matrix, _ weights: PackedParameters,
    _ workspace: Workspace
  ) {
    let projected = self.input(input, weights, workspace)
    let context = workspace.matrix(rows: input.rows, columns: input.columns)
    forEachHead(lengths) { head in
      if head.index == 0 { rotate(projected.rows(head.rows), forward: true) }
      let mark = workspace.mark
      attend(
        head, in: projected, workspace.matrix(rows: head.rows.count, columns: head.rows.count),
        into: context, workspace)
      workspace.release(to: mark)
    }
    output.add(context, to: stream, weights, workspace)
  }

  /// The output and what `backward` needs.
  public func forward(
    _ input: Matrix, lengths: [Int], _ weights: ParameterBuffer, _ workspace: Workspace
  ) -> (output: Matrix, cache: Cache) {
    let (projected, inputCache) = self.input.forward(input, weights, workspace)
    let context = workspace.matrix(rows: input.rows, columns: input.columns)
    let probabilities = workspace.matrix(
      rows: 1, columns: lengths.reduce(0) { $0 + attentionHeadCount * $1 * $1 })
    forEachHead(lengths) { head in
      if head.index == 0 { rotate(projected.rows(head.rows), forward: true) }
      attend(head, in: projected, head.probabilities(in: probabilities), into: context, workspace)
    }
    let (output, outputCache) = self.output.forward(context, weights, workspace)
    let cache = Cache(
      input: inputCache, projected: projected, probabilities: probabilities, output: outputCache)
    return (output, cache)
  }

  /// Adds the parameters' gradients to `gradients` and returns the input's.
  public func backward(
    _ outputGradient: Matrix, _ cache: Cache, lengths: [Int], _ weights: ParameterBuffer,
    _ gradients: ParameterBuffer, _ workspace: Workspace
  ) -> Matrix {
    let contextGradient = output.backward(
      outputGradient, cache.output, weights, gradients, workspace)
    let projectedGradient = workspace.matrix(
      rows: cache.projected.rows, columns: cache.projected.columns)
    forEachHead(lengths) { head in
      let query = head.query(of: cache.projected), key = head.key(of: cache.projected)
      let value = head.value(of: cache.projected)
      let probabilities = head.probabilities(in: cache.probabilities)
      let headGradient = head.context(of: contextGradient)
      // context = probabilities * value
      workspace.multiply(
        probabilities.transposed, headGradient, into: head.value(of: projectedGradient))
      let mark = workspace.mark
      let scores = workspace.matrix(rows: probabilities.rows, columns: probabilities.columns)
      workspace.multiply(headGradient, value.transposed, into: scores)
      // probabilities = softmax(scale * query * key^T)
      Kernels.softmaxBackward(probabilities, gradient: scores, scale: scale)
      workspace.multiply(scores, key, into: head.query(of: projectedGradient))
      workspace.multiply(scores.transposed, query, into: head.key(of: projectedGradient))
      workspace.release(to: mark)
      // query and key were rotated, once for all heads
      if head.index == attentionHeadCount - 1 {
        rotate(projectedGradient.rows(head.rows), forward: false)
      }
    }
    return input.backward(projectedGradient, cache.input, weights, gradients, workspace)
  }

  /// One attention head of one sequence: which rows and columns are its own.
  private struct Head {
    let rows: Range<Int>
    let index: Int
    let size: Int
    let hiddenSize: Int
    let probabilityOffset: Int

    private func block(_ number: Int, of projected: Matrix) -> Matrix {
      let start = number * hiddenSize + index * size
      return projected.rows(rows).columns(start..<start + size)
    }
    func query(of projected: Matrix) -> Matrix { block(0, of: projected) }
    func key(of projected: Matrix) -> Matrix { block(1, of: projected) }
    func value(of projected: Matrix) -> Matrix { block(2, of: projected) }
    func context(of matrix: Matrix) -> Matrix { block(0, of: matrix) }
    func probabilities(in all: Matrix) -> Matrix {
      all.slice(at: probabilityOffset, rows: rows.count, columns: rows.count)
    }
  }

  private func forEachHead(_ lengths: [Int], _ body: (Head) -> Void) {
    var row = 0
    var probability = 0
    for length in lengths where length > 0 {
      for index in 0..<attentionHeadCount {
        body(
          Head(
            rows: row..<row + length, index: index, size: positions.attentionHeadSize,
            hiddenSize: output.weight.rows, probabilityOffset: probability))
        probability += length * length
      }
      row += length
    }
  }

  /// `context = softmax(scale * query * key^T) * value` for one head.
  private func attend(
    _ head: Head, in projected: Matrix, _ probabilities: Matrix, into context: Matrix,
    _ workspace: Workspace
  ) {
    workspace.multiply(
      head.query(of: projected), head.key(of: projected).transposed, into: probabilities)
    Kernels.softmax(probabilities, scale: scale)
    workspace.multiply(probabilities, head.value(of: projected), into: head.context(of: context))
  }

  /// Turns query and key of one sequence; the value columns stay.
  private func rotate(_ projected: Matrix, forward: Bool) {
    positions.rotate(projected.columns(0..<2 * output.weight.rows), forward: forward)
  }

  /// 1 / sqrt(D / H).
  private var scale: Float { 1 / Float(positions.attentionHeadSize).squareRoot() }
}
