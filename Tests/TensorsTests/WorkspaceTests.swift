import Testing

@testable import Tensors

@Suite struct WorkspaceTests {
  /// Sizes below, at and above a cache line, and beyond the first block of 65,536 floats.
  private static let sizes = [1, 15, 16, 17, 0, 1_000, 40_000, 30_000, 70_000, 3, 200_000, 1]

  @Test func matricesDoNotOverlapAndSurviveGrowth() {
    let workspace = Workspace()
    let matrices = Self.sizes.enumerated().map { index, size in
      let matrix = workspace.matrix(rows: 1, columns: size)
      matrix.fill(Float(index))
      return matrix
    }
    #expect(workspace.allocationCount > 1)
    for (index, matrix) in matrices.enumerated() {
      #expect(matrix.values == Array(repeating: Float(index), count: Self.sizes[index]))
    }
  }

  @Test func shapesAreThoseAskedFor() {
    let workspace = Workspace()
    for (rows, columns) in [(3, 5), (0, 5), (5, 0), (0, 0)] {
      #expect(workspace.matrix(rows: rows, columns: columns).shape == [rows, columns])
    }
  }

  @Test func steadyStateAllocatesNothing() {
    let workspace = Workspace()
    func batch() {
      workspace.reset()
      for size in Self.sizes { _ = workspace.matrix(rows: size, columns: 3) }
    }
    for _ in 0..<2 { batch() }
    let count = workspace.allocationCount
    for _ in 0..<5 { batch() }
    #expect(workspace.allocationCount == count)
  }

  @Test func resetHandsOutTheSameMemoryAgain() {
    let workspace = Workspace()
    workspace.matrix(rows: 2, columns: 3).fill(7)
    workspace.reset()
    #expect(workspace.matrix(rows: 2, columns: 3).values == Array(repeating: 7, count: 6))
  }

  @Test func releaseReusesWhatCameAfterTheMark() {
    let workspace = Workspace()
    let kept = workspace.matrix(rows: 1, columns: 20)
    kept.fill(1)
    let mark = workspace.mark
    workspace.matrix(rows: 1, columns: 20).fill(2)
    workspace.release(to: mark)
    let reused = workspace.matrix(rows: 1, columns: 20)
    #expect(reused.values == Array(repeating: 2, count: 20))
    reused.fill(3)
    #expect(kept.values == Array(repeating: 1, count: 20))
  }

  @Test func releaseGoesBackOverGrowth() {
    let workspace = Workspace()
    let kept = workspace.matrix(rows: 1, columns: 60_000)
    kept.fill(1)
    let mark = workspace.mark
    for _ in 0..<3 { workspace.matrix(rows: 1, columns: 60_000).fill(2) }
    let count = workspace.allocationCount
    for _ in 0..<10 {
      workspace.release(to: mark)
      for _ in 0..<3 { workspace.matrix(rows: 1, columns: 60_000).fill(3) }
    }
    #expect(workspace.allocationCount == count)
    #expect(kept.values == Array(repeating: 1, count: 60_000))
  }

  @Test func marksNest() {
    let workspace = Workspace()
    let outer = workspace.mark
    let first = workspace.matrix(rows: 1, columns: 16)
    let inner = workspace.mark
    workspace.matrix(rows: 1, columns: 16).fill(5)
    workspace.release(to: inner)
    first.fill(4)
    workspace.release(to: outer)
    let both = workspace.matrix(rows: 1, columns: 32).values
    #expect(both == Array(repeating: 4, count: 16) + Array(repeating: 5, count: 16))
  }

  @Test func zerosAreZeroAfterReuse() {
    let workspace = Workspace()
    workspace.matrix(rows: 30, columns: 30).fill(9)
    workspace.reset()
    #expect(workspace.zeros(rows: 30, columns: 30).values == Array(repeating: 0, count: 900))
  }
}
