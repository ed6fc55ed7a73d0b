import Testing

@testable import Models

@Suite struct RunsTests {
  @Test func runsHoldAtMostTheLimitUnlessOneAloneHoldsMore() {
    #expect(runs(of: [3, 4, 5, 1, 9, 1, 1], limit: 8) == [0..<2, 2..<4, 4..<5, 5..<7])
    #expect(runs(of: [9, 9], limit: 8) == [0..<1, 1..<2])
    #expect(runs(of: [8, 8], limit: 8) == [0..<1, 1..<2])
    // What counts nothing joins the run before it.
    #expect(runs(of: [0, 8, 0, 1], limit: 8) == [0..<3, 3..<4])
    #expect(runs(of: [], limit: 8) == [])
  }
}
