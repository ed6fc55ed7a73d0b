import Testing

@testable import Training

@Suite struct ScheduleTests {
  private let schedule = Schedule(peak: 0.4, warmupSteps: 10, steps: 109)

  @Test func risesInALineToThePeak() {
    #expect(abs(schedule.learningRate(at: 1) - 0.04) < 1e-12)
    #expect(abs(schedule.learningRate(at: 5) - 0.2) < 1e-12)
    #expect(schedule.learningRate(at: 10) == 0.4)
  }

  @Test func fallsAsAHalfCosineToZeroBehindTheLastStep() {
    // A quarter, half and three quarters of the way down: (1 + cos) / 2 of 45, 90, 135 degrees.
    #expect(abs(schedule.learningRate(at: 35) - 0.4 * 0.853_553_390_593) < 1e-12)
    #expect(abs(schedule.learningRate(at: 60) - 0.2) < 1e-12)
    #expect(abs(schedule.learningRate(at: 85) - 0.4 * 0.146_446_609_407) < 1e-12)
    #expect(schedule.learningRate(at: 109) > 0)
    #expect(abs(schedule.learningRate(at: 110)) < 1e-12)
  }

  @Test func neverRisesAfterThePeakNorLeavesItsRange() {
    let rates = (1...120).map(schedule.learningRate)
    #expect(rates.allSatisfy { (0...0.4).contains($0) })
    #expect(zip(rates[9...], rates[10...]).allSatisfy { $0 >= $1 })
  }

  @Test func startsBelowThePeakWithoutWarmup() {
    let schedule = Schedule(peak: 1, warmupSteps: 0, steps: 3)
    #expect(abs(schedule.learningRate(at: 1) - 0.853_553_390_593) < 1e-12)
    #expect(abs(schedule.learningRate(at: 3) - 0.146_446_609_407) < 1e-12)
  }

  @Test func allWarmupEndsAtThePeak() {
    let schedule = Schedule(peak: 1, warmupSteps: 4, steps: 4)
    #expect((1...4).map(schedule.learningRate) == [0.25, 0.5, 0.75, 1])
  }
}
