import Testing

@testable import Tensors

@Suite struct ParameterTests {
  /// A layout with every kind of start, and its slots.
  private static func layout() -> ParameterLayout {
    var layout = ParameterLayout()
    _ = layout.addMatrix(
      "a", rows: 100, columns: 101, initialization: .normal(standardDeviation: 0.02))
    _ = layout.addVector("b", size: 7, initialization: .ones)
    _ = layout.addMatrix("c", rows: 0, columns: 5, initialization: .zeros)
    _ = layout.addVector("d", size: 3, initialization: .zeros)
    _ = layout.addMatrix(
      "e", rows: 100, columns: 101, initialization: .normal(standardDeviation: 3))
    return layout
  }

  private func buffer(seed: UInt64) -> ParameterBuffer {
    let buffer = ParameterBuffer(Self.layout())
    buffer.initialize(seed: seed)
    return buffer
  }

  @Test func offsetsAreContiguous() {
    let layout = Self.layout()
    var offset = 0
    for slot in layout.slots {
      #expect(slot.offset == offset)
      offset += slot.count
    }
    #expect(layout.count == offset)
    #expect(layout.slots.map(\.name) == ["a", "b", "c", "d", "e"])
  }

  @Test func matricesDecayAndVectorsHaveOneDimension() {
    let slots = Self.layout().slots
    #expect(slots.map(\.decays) == [true, false, true, false, true])
    #expect(slots.map(\.shape) == [[100, 101], [7], [0, 5], [3], [100, 101]])
  }

  @Test func newBuffersAreZero() {
    let buffer = ParameterBuffer(Self.layout())
    #expect(buffer.all.count == buffer.layout.count)
    #expect(buffer.all.values.allSatisfy { $0 == 0 })
    #expect(ParameterBuffer(ParameterLayout()).layout.count == 0)
  }

  @Test func sameSeedGivesTheSameValuesAndAnotherOthers() {
    let (one, same, other) = (buffer(seed: 1), buffer(seed: 1), buffer(seed: 2))
    #expect(one.all.values == same.all.values)
    let slot = one.layout.slots[0]
    let pairs = zip(one[slot].values, other[slot].values)
    #expect(pairs.count { $0 == $1 } < 10)
  }

  @Test func initializingAgainLeavesNothingBehind() {
    let (fresh, used) = (buffer(seed: 3), buffer(seed: 4))
    used.all.fill(8)
    used.initialize(seed: 3)
    #expect(used.all.values == fresh.all.values)
  }

  @Test func valuesStartAsTheirSlotsSay() {
    let buffer = buffer(seed: 5)
    let slots = buffer.layout.slots
    #expect(buffer[slots[1]].values == Array(repeating: 1, count: 7))
    #expect(buffer[slots[3]].values == Array(repeating: 0, count: 3))
    for (slot, deviation) in [(slots[0], 0.02), (slots[4], 3.0)] {
      let values = buffer[slot].values.map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      // Of 10,100 draws: five standard deviations of the mean and of the deviation.
      #expect(abs(mean) < 0.05 * deviation)
      #expect(abs(variance.squareRoot() - deviation) < 0.036 * deviation)
    }
  }

  @Test func slotsOfTheSameStartDoNotHoldTheSameValues() {
    let buffer = buffer(seed: 6)
    let (first, last) = (buffer.layout.slots[0], buffer.layout.slots[4])
    let scaled = buffer[last].values.map { $0 * (0.02 / 3) }
    #expect(zip(buffer[first].values, scaled).count { abs($0 - $1) < 1e-7 } < 10)
  }

  @Test func slotsAndRangesAreViewsOfTheSameNumbers() {
    let buffer = ParameterBuffer(Self.layout())
    let slot = buffer.layout.slots[1]
    buffer[slot].copy(from: [1, 2, 3, 4, 5, 6, 7])
    #expect(buffer[slot.offset + 2..<slot.offset + 5].values == [3, 4, 5])
    buffer[slot.offset..<slot.offset + 1].fill(-1)
    #expect(buffer[slot][0, 0] == -1)
    #expect(buffer.all.values.count { $0 != 0 } == 7)
  }
}
