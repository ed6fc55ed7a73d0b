import Foundation
import Models
import Tensors
import TestSupport
import Testing

@testable import Benchmarking

@Suite struct BenchmarkTests {
  private func settings(lengths: [Int] = [5, 9, 3], batchSize: Int = 2) -> BenchmarkSettings {
    BenchmarkSettings(
      shape: ModelShape(
        hiddenSize: 8, layerCount: 2, attentionHeadCount: 2, feedForwardSize: 16, windowSize: 9,
        windowOverlap: 0),
      vocabularySize: 50, batchSize: batchSize, lengths: lengths, batchTokens: 8, threads: 2,
      precision: .float32,
      seconds: 0.01,
      modelFolder: Project.root.appendingPathComponent("models/gloss-tiny").path,
      texts: Array(BenchmarkTexts.all.prefix(5)))
  }

  @Test(arguments: BenchmarkSubject.allCases)
  func everySubjectGivesFiguresThatFitTogether(subject: BenchmarkSubject) throws {
    let result = try Benchmark.run(subject, settings())
    #expect(result.subject == subject.rawValue)
    #expect(result.medianSeconds > 0 && result.medianSeconds <= result.p95Seconds)
    #expect(result.peakRSSBytes > 1 << 20)
    #expect(!result.blasCore.isEmpty && !result.shape.isEmpty)
    let isCounted = [.encoder, .train].contains(subject)
    #expect((result.gflops != nil) == isCounted && (result.peakShare != nil) == isCounted)
    #expect((result.tokensPerSecond == nil) == (subject == .load))
    if let speed = result.tokensPerSecond, isCounted {
      #expect(abs(speed * result.medianSeconds - 17) < 1e-6)
    }
  }

  @Test func textsAreManyAndDifferent() {
    let texts = BenchmarkTexts.all
    #expect(texts.count == 1_152 && Set(texts).count > 1_100)
    #expect(!texts.joined().contains { "@#".contains($0) })
  }

  @Test func operationsAreCountedByHand() {
    // One sequence of 3 pieces: 2 × 3 × (4 × 8² + 3 × 8 × 16) + 4 × 3² × 8, twice.
    #expect(settings(lengths: [3]).encoderFlops == 2 * (6 * 640 + 288))
    #expect(
      settings(lengths: [3, 3]).encoderFlops == 2 * settings(lengths: [3]).encoderFlops)
  }

  @Test func batchesFollowTheLengths() {
    let batches = settings(lengths: [4, 1, 7, 2, 2]).batches()
    #expect(batches.map { $0.map(\.count) } == [[4, 1], [7, 2], [2]])
    #expect(batches.joined().joined().allSatisfy { (0..<50).contains($0) })
  }

  @Test func quantilesAreThoseOfTheSortedValues() {
    let values = [5.0, 1, 4, 2, 3]
    #expect(Timing.quantile(values, 0.5) == 3)
    #expect(Timing.quantile(values, 0.95) == 5)
    #expect(Timing.quantile([7], 0.95) == 7)
  }

  @Test func theShapeSaysToWhatProductsRound() throws {
    var settings = settings()
    settings.precision = .bfloat16
    for subject in [BenchmarkSubject.encoder, .classify] {
      #expect(try Benchmark.run(subject, settings).shape.hasSuffix(", bfloat16"))
    }
    #expect(try !Benchmark.run(.train, settings).shape.contains("bfloat16"))
  }
}
