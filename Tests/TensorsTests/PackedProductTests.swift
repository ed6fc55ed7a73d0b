import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Products with packed weights.
@Suite struct PackedProductTests {
  /// Weights of a shape, packed, with one matrix that does not multiply before them.
  private func packed(
    rows: Int, columns: Int, precision: Precision = .float32,
    cpuLevel: Int32 = kernel_cpu_level(), hasBF16: Bool = kernel_has_bf16() != 0
  ) -> (weights: PackedParameters, slot: Slot, values: [Float]) {
    var layout = ParameterLayout()
    _ = layout.addMatrix("table", rows: 3, columns: 5, initialization: .ones)
    let slot = layout.addMatrix(
      "weights", rows: rows, columns: columns, use: .product, initialization: .zeros)
    let buffer = ParameterBuffer(layout)
    let values = randomValues(rows * columns, seed: 2)
    buffer[slot].copy(from: values)
    let weights = PackedParameters(
      buffer, precision: precision, cpuLevel: cpuLevel, hasBF16: hasBF16)
    return (weights, slot, values)
  }

  /// Around every edge of panels (32 columns), tiles (up to 8 rows) and blocks (256 terms).
  @Test(arguments: [1, 3, 4, 7, 8, 9, 16, 23], [1, 5, 31, 32, 33, 64, 70])
  func equalsTheTwin(rows: Int, outputs: Int) {
    for terms in [1, 8, 255, 256, 257, 700] {
      let workspace = Workspace()
      let (weights, slot, values) = packed(rows: outputs, columns: terms)
      let input = workspace.matrix(rows: rows, columns: terms)
      input.copy(from: randomValues(rows * terms, seed: 1))
      // A part of a wider matrix, whose other columns stay as they are.
      let wide = workspace.matrix(rows: rows, columns: outputs + 2)
      wide.fill(7)
      let output = wide.columns(1..<outputs + 1)
      weights.multiply(input, slot, into: output, workspace)
      let twin = Reference(rows: rows, columns: terms, input.values.map(Double.init))
        .timesTransposed(Reference(rows: outputs, columns: terms, values.map(Double.init)))
      #expect(relativeDifference(output.values, twin.values) < 1e-5, "\(terms) terms")
      for row in 0..<rows { #expect(wide[row, 0] == 7 && wide[row, outputs + 1] == 7) }
    }
  }

  @Test func aRowsBitsDependOnTheRowAlone() {
    let workspace = Workspace()
    let (weights, slot, _) = packed(rows: 70, columns: 300)
    let input = workspace.matrix(rows: 37, columns: 300)
    input.copy(from: randomValues(37 * 300, seed: 3))
    let together = workspace.matrix(rows: 37, columns: 70)
    weights.multiply(input, slot, into: together, workspace)
    for (first, count) in [(0, 1), (5, 3), (17, 4), (11, 8), (20, 17)] {
      let part = workspace.matrix(rows: count, columns: 70)
      weights.multiply(input.rows(first..<first + count), slot, into: part, workspace)
      #expect(part.values == together.rows(first..<first + count).values)
    }
  }

  @Test(arguments: [
    (Precision.float32, false), (.bfloat16, kernel_has_bf16() != 0), (.bfloat16, false),
  ])
  func strangeNumbersComeThrough(precision: Precision, hasBF16: Bool) {
    let workspace = Workspace()
    let (weights, slot, values) = packed(
      rows: 33, columns: 4, precision: precision, hasBF16: hasBF16)
    let input = workspace.matrix(rows: 3, columns: 4)
    input.copy(from: [.infinity, 0, 0, 0, .nan, 1, 1, 1, -0.0, 0, 0, 0])
    let output = workspace.matrix(rows: 3, columns: 33)
    weights.multiply(input, slot, into: output, workspace)
    for column in 0..<33 {
      let weight = values[4 * column]
      #expect(output[0, column] == weight * .infinity)
      #expect(output[1, column].isNaN)
      #expect(output[2, column] == 0)
    }
  }

  @Test func nothingTimesAnythingIsNothing() {
    let workspace = Workspace()
    let (weights, slot, _) = packed(rows: 0, columns: 4)
    let input = workspace.zeros(rows: 3, columns: 4)
    weights.multiply(input, slot, into: workspace.matrix(rows: 3, columns: 0), workspace)
    let (others, other, _) = packed(rows: 5, columns: 4)
    others.multiply(
      input.rows(0..<0), other, into: workspace.matrix(rows: 0, columns: 5), workspace)
    let (empty, none, _) = packed(rows: 5, columns: 0)
    let output = workspace.matrix(rows: 3, columns: 5)
    output.fill(7)
    empty.multiply(workspace.matrix(rows: 3, columns: 0), none, into: output, workspace)
    #expect(output.values.allSatisfy { $0 == 0 })
  }

  @Test func laterChangesAreNotSeen() {
    var layout = ParameterLayout()
    let slot = layout.addMatrix(
      "weights", rows: 1, columns: 1, use: .product, initialization: .ones)
    let buffer = ParameterBuffer(layout)
    buffer.initialize(seed: 1)
    let packed = PackedParameters(buffer)
    buffer[slot].fill(5)
    let workspace = Workspace()
    let input = workspace.matrix(rows: 1, columns: 1)
    input.fill(3)
    let output = workspace.matrix(rows: 1, columns: 1)
    packed.multiply(input, slot, into: output, workspace)
    #expect(output[0, 0] == 3)
  }

  @Test func accumulatingAddsToWhatIsThere() {
    let workspace = Workspace()
    for outputs in [5, 32, 70] {
      let (weights, slot, _) = packed(rows: outputs, columns: 40)
      let input = workspace.matrix(rows: 131, columns: 40)
      input.copy(from: randomValues(131 * 40, seed: 4))
      let product = workspace.matrix(rows: 131, columns: outputs)
      weights.multiply(input, slot, into: product, workspace)
      let sum = workspace.matrix(rows: 131, columns: outputs)
      let start = randomValues(131 * outputs, seed: 5)
      sum.copy(from: start)
      weights.multiply(input, slot, into: sum, accumulating: true, workspace)
      let expected = zip(start, product.values).map { Double($0) + Double($1) }
      #expect(relativeDifference(sum.values, expected) < 1e-6)
    }
  }

  /// Around the edges of half panels (16 columns) and of the buffer (128 rows).
  @Test(arguments: [1, 5, 15, 16, 17, 48, 50], [1, 9, 127, 128, 131])
  func gatedEqualsTheTwin(size: Int, rows: Int) {
    let terms = 20
    var layout = ParameterLayout()
    let slot = layout.addMatrix(
      "gated", rows: 2 * size, columns: terms, use: .gatedProduct, initialization: .zeros)
    let last = layout.addMatrix(
      "after", rows: 1, columns: 1, use: .product, initialization: .zeros)
    let buffer = ParameterBuffer(layout)
    buffer[slot].copy(from: randomValues(2 * size * terms, seed: 6))
    buffer[last].fill(3)
    let weights = PackedParameters(buffer)
    let workspace = Workspace()
    let input = workspace.matrix(rows: rows, columns: terms)
    input.copy(from: randomValues(rows * terms, seed: 7))
    let output = workspace.matrix(rows: rows, columns: size)
    weights.multiplySwiGLU(input, slot, into: output, workspace)

    let projected = Reference(rows: rows, columns: terms, input.values.map(Double.init))
      .timesTransposed(
        Reference(rows: 2 * size, columns: terms, buffer[slot].values.map(Double.init)))
    let twin = (0..<rows).flatMap { row in
      (0..<size).map { column in
        let gate = projected[row, column]
        return gate / (1 + exp(-gate)) * projected[row, size + column]
      }
    }
    #expect(relativeDifference(output.values, twin) < 1e-5)
    // What is packed after it is whole.
    let one = workspace.matrix(rows: 1, columns: 1)
    one.fill(2)
    let product = workspace.matrix(rows: 1, columns: 1)
    weights.multiply(one, last, into: product, workspace)
    #expect(product[0, 0] == 6)
  }

  /// Every level that this CPU has, in one binary.
  @Test func olderInstructionsGiveTheSameNumbers() {
    let workspace = Workspace()
    func product(_ cpuLevel: Int32, outputs: Int, terms: Int) -> [Float] {
      let (weights, slot, _) = packed(rows: outputs, columns: terms, cpuLevel: cpuLevel)
      let input = workspace.matrix(rows: 29, columns: terms)
      input.copy(from: randomValues(29 * terms, seed: 8))
      let output = workspace.matrix(rows: 29, columns: outputs)
      weights.multiply(input, slot, into: output, workspace)
      return output.values
    }
    for (outputs, terms) in [(70, 300), (32, 256), (5, 17)] {
      let best = product(kernel_cpu_level(), outputs: outputs, terms: terms)
      let baseline = product(1, outputs: outputs, terms: terms)
      #expect(relativeDifference(baseline, best.map(Double.init)) < 1e-5)
      // With fused multiply-add the order of every sum is all there is: the bits are the same.
      if kernel_cpu_level() == 4 {
        #expect(product(3, outputs: outputs, terms: terms) == best)
      }
    }
  }

  /// A float as near as 8 bits of mantissa come.
  private func rounded(_ value: Float) -> Double {
    let bits = value.bitPattern
    return Double(Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000))
  }

  /// Around the edges of panels (32 columns), tiles (12 rows) and pairs of terms; with the
  /// instruction, where this CPU has it, and without.
  @Test(arguments: [0, 1, 11, 12, 13, 25], [1, 16, 31, 32, 33, 70])
  func roundedFactorsEqualTheTwin(rows: Int, outputs: Int) {
    for terms in [1, 8, 255, 256, 257] {
      var layout = ParameterLayout()
      let slots = [MatrixUse.product, .gatedProduct].map { use in
        layout.addMatrix(
          "\(use)", rows: 2 * outputs, columns: terms, use: use, initialization: .zeros)
      }
      let buffer = ParameterBuffer(layout)
      for (index, slot) in slots.enumerated() {
        buffer[slot].copy(
          from: randomValues(2 * outputs * terms, seed: 10 + UInt64(index)).map { $0 / 8 })
      }
      let workspace = Workspace()
      let input = workspace.matrix(rows: rows, columns: terms)
      input.copy(from: randomValues(rows * terms, seed: 12))
      let twins = slots.map { slot in
        Reference(rows: rows, columns: terms, input.values.map(rounded)).timesTransposed(
          Reference(rows: 2 * outputs, columns: terms, buffer[slot].values.map(rounded)))
      }
      let gatedTwin = (0..<rows).flatMap { row in
        (0..<outputs).map { column in
          let gate = twins[1][row, column]
          return gate / (1 + exp(-gate)) * twins[1][row, outputs + column]
        }
      }
      for hasBF16 in Set([kernel_has_bf16() != 0, false]) {
        let weights = PackedParameters(buffer, precision: .bfloat16, hasBF16: hasBF16)
        // A part of a wider matrix, whose other columns stay as they are.
        let wide = workspace.matrix(rows: rows, columns: 2 * outputs + 2)
        wide.fill(7)
        let product = wide.columns(1..<2 * outputs + 1)
        weights.multiply(input, slots[0], into: product, workspace)
        #expect(relativeDifference(product.values, twins[0].values) < 1e-5, "\(terms) terms")
        weights.multiply(input, slots[0], into: product, accumulating: true, workspace)
        #expect(
          relativeDifference(product.values, twins[0].values.map { 2 * $0 }) < 1e-5,
          "\(terms) terms")
        let gated = workspace.matrix(rows: rows, columns: outputs)
        weights.multiplySwiGLU(input, slots[1], into: gated, workspace)
        #expect(relativeDifference(gated.values, gatedTwin) < 1e-5, "\(terms) terms")

        // A row's bits depend on the row alone.
        for row in 0..<rows {
          #expect(wide[row, 0] == 7 && wide[row, 2 * outputs + 1] == 7)
          let alone = input.rows(row..<row + 1)
          let one = workspace.matrix(rows: 1, columns: 2 * outputs)
          weights.multiply(alone, slots[0], into: one, workspace)
          weights.multiply(alone, slots[0], into: one, accumulating: true, workspace)
          #expect(one.values == product.rows(row..<row + 1).values)
          let oneGated = workspace.matrix(rows: 1, columns: outputs)
          weights.multiplySwiGLU(alone, slots[1], into: oneGated, workspace)
          #expect(oneGated.values == gated.rows(row..<row + 1).values)
        }
      }
    }
  }
}
