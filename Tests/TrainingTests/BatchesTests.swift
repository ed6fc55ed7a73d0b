import Testing

@testable import Training

@Suite struct BatchesTests {
  /// Texts that are told apart by their first piece, of 1 to `longest` pieces.
  private func texts(_ count: Int, longest: Int, from first: Int = 0) -> [TrainingText] {
    (first..<first + count).map { number in
      TrainingText(
        corpus: "c", ids: Array(repeating: Int32(number), count: 1 + number * 7 % longest))
    }
  }

  private func order(_ plan: BatchPlan) -> [Int32] {
    (0..<plan.count).flatMap { plan[$0].texts.map { $0.ids[0] } }
  }

  private func counts(_ plan: BatchPlan) -> [Int32: Int] {
    order(plan).reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  @Test func everyTextComesAsOftenAsItsCorpusPasses() {
    let plan = BatchPlan(
      [
        (texts(20, longest: 9), 3), (texts(10, longest: 9, from: 20), 1), (texts(5, longest: 9), 0),
      ],
      batchTokens: 30, seed: 1)
    let counts = counts(plan)
    #expect(counts.count == 30)
    #expect((0..<20).allSatisfy { counts[$0] == 3 })
    #expect((20..<30).allSatisfy { counts[$0] == 1 })
  }

  @Test func aFractionOfAPassTakesThatPartOfTheTextsOnceMore() {
    let plan = BatchPlan([(texts(40, longest: 9), 2.25)], batchTokens: 50, seed: 1)
    let counts = counts(plan)
    #expect(counts.values.count { $0 == 2 } == 30)
    #expect(counts.values.count { $0 == 3 } == 10)
  }

  @Test func theFractionIsARandomPart() {
    let all = texts(40, longest: 9)
    let parts = [1, 2].map { seed in
      Set(counts(BatchPlan([(all, 0.25)], batchTokens: 50, seed: seed)).keys)
    }
    #expect(parts.map(\.count) == [10, 10])
    #expect(parts[0] != parts[1])
    #expect(parts[0] != Set(0..<10))
  }

  @Test(arguments: [1, 8, 40, 1_000]) func batchesKeepToTheirTokens(limit: Int) {
    let plan = BatchPlan([(texts(60, longest: 12), 2)], batchTokens: limit, seed: 3)
    let batches = (0..<plan.count).map { plan[$0] }
    for batch in batches {
      // A text longer than the limit makes a batch of its own.
      #expect(batch.tokens <= limit || batch.texts.count == 1)
      #expect(!batch.texts.isEmpty)
    }
    // No batch could have taken the first text of the next one.
    for (batch, next) in zip(batches, batches.dropFirst()) {
      #expect(batch.tokens + next.texts[0].ids.count > limit)
    }
    #expect(batches.reduce(0) { $0 + $1.tokens } == plan.tokens)
    #expect(plan.tokens == 2 * texts(60, longest: 12).reduce(0) { $0 + $1.ids.count })
  }

  @Test func theOrderFollowsFromTheSeed() {
    let groups = [(texts: texts(50, longest: 9), passes: 2.0)]
    let first = order(BatchPlan(groups, batchTokens: 40, seed: 5))
    #expect(first == order(BatchPlan(groups, batchTokens: 40, seed: 5)))
    let other = order(BatchPlan(groups, batchTokens: 40, seed: 6))
    #expect(first != other)
    #expect(first.sorted() == other.sorted())
  }

  @Test func corporaAreMixed() {
    let plan = BatchPlan(
      [(texts(100, longest: 2), 1), (texts(100, longest: 2, from: 100), 1)], batchTokens: 10,
      seed: 2)
    // Of 100 draws from 200, half of each: five standard deviations are 18.
    let early = order(plan).prefix(100).count { $0 < 100 }
    #expect((32...68).contains(early))
  }

  @Test func aStepAddsUpSeveralBatches() {
    let groups = [(texts: texts(60, longest: 12), passes: 2.0)]
    let single = BatchPlan(groups, batchTokens: 40, seed: 3)
    let triple = BatchPlan(groups, batchTokens: 40, batchesPerStep: 3, seed: 3)
    #expect(triple.count == (single.count + 2) / 3)
    #expect(triple.tokens == single.tokens)
    for step in 0..<triple.count {
      let batches = (3 * step..<min(3 * step + 3, single.count)).flatMap { single[$0].texts }
      #expect(triple[step].texts == batches)
    }
  }

  @Test func nothingToReadMakesNoBatch() {
    #expect(BatchPlan([], batchTokens: 8, seed: 1).count == 0)
    #expect(BatchPlan([(texts(3, longest: 2), 0)], batchTokens: 8, seed: 1).count == 0)
  }

  @Test func lanesHoldEveryTextOnceInShardsOfLimitedSize() {
    // 300 pieces each, one text alone longer than a shard.
    var all = (0..<31).map { TrainingText(corpus: "c", ids: Array(repeating: $0, count: 300)) }
    all[7].ids = Array(repeating: 7, count: 3_000)
    let batch = Batch(all)
    #expect(batch.lanes.count == Batch.laneCount)
    let shards = batch.lanes.flatMap { $0 }
    #expect(shards.flatMap { $0.map(\.ids[0]) }.sorted() == Array(0..<31))
    for shard in shards {
      let tokens = shard.reduce(0) { $0 + $1.ids.count }
      // No longer than a shard by more than half a text at either end.
      #expect(tokens <= Batch.shardTokens + 300 || shard.contains { $0.ids.count == 3_000 })
    }
    let loads = batch.lanes.map { $0.reduce(0) { $0 + $1.reduce(0) { $0 + $1.ids.count } } }
    // No lane waits longer than one largest shard takes.
    #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 3_000)
    #expect(loads.allSatisfy { $0 > 0 })
    #expect(Batch(all).lanes == batch.lanes)
  }
}
