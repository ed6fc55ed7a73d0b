internal import CKernels

/// The row kernels of CKernels under Swift names, shapes checked.
///
/// Every pointer below comes from a matrix whose shape the precondition has just compared, or from
/// an array that outlives the call; so each kernel stays inside its arguments.
public enum Kernels {
  // MARK: Norm

  /// `output = gain * input / rms(input)`, row by row; `inverseRMS` keeps 1 / rms for `backward`.
  ///
  /// Shapes: input and output [N, D], gain [1, D], inverseRMS [1, N].
  public static func rmsNorm(
    _ input: Matrix, gain: Matrix, epsilon: Float, into output: Matrix, inverseRMS: Matrix
  ) {
    check(input, sameAs: output)
    check(gain, is: 1, input.columns)
    check(inverseRMS, is: 1, input.rows)
    unsafe kernel_rms_norm(
      input.base, gain.base, output.base, inverseRMS.base, Int64(input.rows),
      Int64(input.columns), epsilon)
  }

  /// Undoes `rmsNorm`: overwrites `inputGradient`, adds to `gainGradient`.
  public static func rmsNormBackward(
    _ outputGradient: Matrix, input: Matrix, gain: Matrix, inverseRMS: Matrix,
    into inputGradient: Matrix, gainGradient: Matrix
  ) {
    check(input, sameAs: outputGradient)
    check(input, sameAs: inputGradient)
    check(gain, is: 1, input.columns)
    check(inverseRMS, is: 1, input.rows)
    check(gainGradient, is: 1, input.columns)
    unsafe kernel_rms_norm_backward(
      outputGradient.base, input.base, gain.base, inverseRMS.base, inputGradient.base,
      gainGradient.base, Int64(input.rows), Int64(input.columns))
  }

  // MARK: Activation

  /// `output = silu(gate) * up` where input is [gate | up].
  ///
  /// Shapes: input [N, 2F], output [N, F].
  public static func swiglu(_ input: Matrix, into output: Matrix) {
    check(input, is: output.rows, 2 * output.columns)
    check(output, is: output.rows, output.columns)
    unsafe kernel_swiglu(input.base, output.base, Int64(output.rows), Int64(output.columns))
  }

  /// Undoes `swiglu`; overwrites `inputGradient`.
  public static func swigluBackward(
    _ outputGradient: Matrix, input: Matrix, into inputGradient: Matrix
  ) {
    check(input, is: outputGradient.rows, 2 * outputGradient.columns)
    check(input, sameAs: inputGradient)
    check(outputGradient, is: outputGradient.rows, outputGradient.columns)
    unsafe kernel_swiglu_backward(
      outputGradient.base, input.base, inputGradient.base, Int64(outputGradient.rows),
      Int64(outputGradient.columns))
  }

  // MARK: Softmax

  /// Softmax of each row of `scale * values`, in place.
  public static func softmax(_ values: Matrix, scale: Float = 1) {
    check(values, is: values.rows, values.columns)
    guard values.columns > 0 else { return }
    unsafe kernel_softmax(values.base, Int64(values.rows), Int64(values.columns), scale)
  }

  /// Turns the gradient of probabilities into that of the values before `softmax`, in place.
  public static func softmaxBackward(
    _ probabilities: Matrix, gradient: Matrix, scale: Float = 1
  ) {
    check(probabilities, sameAs: gradient)
    unsafe kernel_softmax_backward(
      probabilities.base, gradient.base, Int64(gradient.rows), Int64(gradient.columns), scale)
  }

  /// Sum of the rows' cross-entropies; the logits become `scale` times their gradient.
  ///
  /// Shapes: logits [N, V], one target in 0..<V a row.
  public static func crossEntropy(_ logits: Matrix, targets: [Int32], scale: Float) -> Double {
    check(logits, is: targets.count, logits.columns)
    check(targets, below: logits.columns)
    return unsafe kernel_cross_entropy(
      logits.base, targets, Int64(logits.rows), Int64(logits.columns), scale)
  }

  // MARK: Rotary positions

  /// Rotates adjacent heads of `headSize` columns by each row's position: row r stands at r.
  ///
  /// Shapes: values [L, heads * headSize], cosines and sines [positions >= L, headSize / 2].
  public static func rotary(
    _ values: Matrix, headSize: Int, cosines: [Float], sines: [Float], forward: Bool
  ) {
    precondition(
      values.columns % headSize == 0 && headSize % 2 == 0, "heads of \(headSize) in \(values.shape)"
    )
    precondition(
      cosines.count == sines.count && cosines.count >= values.rows * headSize / 2,
      "a sequence of \(values.rows) is longer than the table of positions")
    unsafe kernel_rotary(
      values.base, Int64(values.stride), Int64(values.rows), Int64(values.columns / headSize),
      Int64(headSize), cosines, sines, forward ? 1 : -1)
  }

  // MARK: Vectors

  /// `output += input`.
  public static func add(_ input: Matrix, to output: Matrix) {
    check(input, sameAs: output)
    unsafe kernel_add(input.base, output.base, Int64(input.count))
  }

  /// `output = scale * input + keep * output`; what is there has to be finite even if `keep` is 0.
  public static func combine(
    _ input: Matrix, scale: Float, into output: Matrix, keeping keep: Float
  ) {
    check(input, sameAs: output)
    unsafe kernel_combine(input.base, scale, output.base, keep, Int64(input.count))
  }

  /// Adds `bias` [1, O] to every row of `output` [N, O].
  public static func addBias(_ bias: Matrix, to output: Matrix) {
    check(bias, is: 1, output.columns)
    check(output, is: output.rows, output.columns)
    unsafe kernel_add_bias(bias.base, output.base, Int64(output.rows), Int64(output.columns))
  }

  /// Adds the sum of each column of `input` [N, O] to `sums` [1, O]: undoes `addBias`.
  public static func addColumnSums(of input: Matrix, to sums: Matrix) {
    check(sums, is: 1, input.columns)
    check(input, is: input.rows, input.columns)
    unsafe kernel_add_column_sums(
      input.base, sums.base, Int64(input.rows), Int64(input.columns))
  }

  /// The sum of all squared values.
  public static func sumOfSquares(_ values: Matrix) -> Double {
    check(values, is: values.rows, values.columns)
    return unsafe kernel_sum_of_squares(values.base, Int64(values.count))
  }

  /// `output[r] = table[indices[r]]`.
  public static func gatherRows(_ indices: [Int32], of table: Matrix, into output: Matrix) {
    check(output, is: indices.count, table.columns)
    check(indices, below: table.rows)
    unsafe kernel_gather_rows(
      table.base, indices, output.base, Int64(output.rows), Int64(output.columns))
  }

  /// `table[indices[r]] += input[r]`: undoes `gatherRows`.
  public static func scatterAddRows(_ input: Matrix, _ indices: [Int32], to table: Matrix) {
    check(input, is: indices.count, table.columns)
    check(indices, below: table.rows)
    unsafe kernel_scatter_add_rows(
      input.base, indices, table.base, Int64(input.rows), Int64(input.columns))
  }

  /// Zeroes each value with `probability`, scales the rest by 1 / (1 - probability), in place;
  /// the same seed drops the same places.
  public static func dropout(_ values: Matrix, probability: Float, seed: UInt64) {
    check(values, is: values.rows, values.columns)
    precondition((0..<1).contains(probability), "a dropout probability of \(probability)")
    unsafe kernel_dropout(values.base, Int64(values.count), probability, seed)
  }

  // MARK: Numbers

  /// The floats that `bytes` store as little-endian IEEE 754 binary16, two bytes each.
  public static func floats(ofHalves bytes: [UInt8]) -> [Float] {
    let count = bytes.count / 2
    // Both arrays hold `count` numbers; the bytes need no alignment on the CPUs of Gloss.
    return unsafe [Float](unsafeUninitializedCapacity: count) { floats, initialized in
      guard count > 0, let output = floats.baseAddress else { return }
      unsafe bytes.withUnsafeBytes { bytes in
        guard let input = bytes.baseAddress else { return }
        unsafe kernel_floats_of_halves(
          input.assumingMemoryBound(to: UInt16.self), output, Int64(count))
      }
      initialized = count
    }
  }

  // MARK: Checks

  private static func check(_ matrix: Matrix, is rows: Int, _ columns: Int) {
    precondition(
      matrix.rows == rows && matrix.columns == columns && matrix.isContiguous,
      "a matrix of \(matrix.shape) where a contiguous \([rows, columns]) is needed")
  }

  private static func check(_ matrix: Matrix, sameAs other: Matrix) {
    check(matrix, is: other.rows, other.columns)
    check(other, is: other.rows, other.columns)
  }

  private static func check(_ indices: [Int32], below bound: Int) {
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < bound }, "an index outside 0..<\(bound)")
  }
}
