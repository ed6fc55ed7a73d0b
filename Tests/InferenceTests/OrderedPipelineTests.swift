import Foundation
import Synchronization
import Tensors
import Testing

@testable import Inference

@Suite struct OrderedPipelineTests {
  private struct Failure: Error, Equatable {
    let number: Int
  }

  @Test(arguments: [1, 2, 4, 16]) func resultsComeInOrderWhateverTakesLong(threads: Int) throws {
    let pipeline = OrderedPipeline(workers: Workers(count: threads), limit: 3 * threads)
    let underWay = Mutex(0)
    var next = 0
    var delivered: [Int] = []
    try pipeline.run {
      guard next < 300 else { return nil }
      next += 1
      let count = underWay.withLock { value in
        value += 1
        return value
      }
      #expect(count <= 3 * threads, "more items are under way than allowed")
      return next - 1
    } work: { (item: Int, worker: Int) in
      #expect((0..<threads).contains(worker))
      if item % 50 == 0 { usleep(20_000) }
      return item * 2
    } deliver: { result in
      delivered.append(result)
      underWay.withLock { $0 -= 1 }
    }
    #expect(delivered == (0..<300).map { $0 * 2 })
  }

  @Test func heavyItemsAreTakenOneAtATime() throws {
    let pipeline = OrderedPipeline(workers: Workers(count: 4), limit: 16, weightLimit: 10)
    let underWay = Mutex(0)
    var next = 0
    try pipeline.run {
      guard next < 60 else { return nil }
      // Nothing is taken beside an item that reaches the limit alone.
      #expect(underWay.withLock { $0 } < 10)
      next += 1
      underWay.withLock { $0 += next % 3 == 0 ? 12 : 4 }
      return next % 3 == 0 ? 12 : 4
    } weight: {
      $0
    } work: { (item: Int, _: Int) in
      usleep(1_000)
      return item
    } deliver: { item in
      underWay.withLock { $0 -= item }
    }
    #expect(next == 60 && underWay.withLock { $0 } == 0)
  }

  @Test(arguments: [1, 3]) func whatWasTakenBeforeAnErrorIsDelivered(threads: Int) {
    let pipeline = OrderedPipeline(workers: Workers(count: threads), limit: 8)
    var next = 0
    var delivered: [Int] = []
    #expect(throws: Failure(number: 40)) {
      try pipeline.run {
        if next == 40 { throw Failure(number: 40) }
        next += 1
        return next - 1
      } work: { (item: Int, _: Int) in
        usleep(UInt32(item % 5) * 500)
        return item
      } deliver: {
        delivered.append($0)
      }
    }
    #expect(delivered == Array(0..<40))
  }

  @Test(arguments: [1, 3]) func nothingIsDeliveredAfterARefusal(threads: Int) {
    let pipeline = OrderedPipeline(workers: Workers(count: threads), limit: 8)
    var next = 0
    var delivered: [Int] = []
    #expect(throws: Failure(number: 7)) {
      try pipeline.run {
        next += 1
        return next - 1
      } work: { (item: Int, _: Int) in
        item
      } deliver: { item in
        if item == 7 { throw Failure(number: 7) }
        delivered.append(item)
      }
    }
    #expect(delivered == Array(0..<7))
  }
}
