import Synchronization
import Testing

@testable import Tensors

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 3, 8], [0, 1, 5, 100])
  func everyItemIsDoneOnceByItsOwnWorkerInOrder(count: Int, items: Int) {
    let done = Mutex<[(item: Int, worker: Int)]>([])
    Workers(count: count).forEach(items) { item, worker in
      done.withLock { $0.append((item, worker)) }
    }
    let calls = done.withLock { $0 }
    #expect(calls.map(\.item).sorted() == Array(0..<items))
    for (worker, own) in Dictionary(grouping: calls, by: \.worker) {
      #expect((0..<count).contains(worker))
      #expect(own.map(\.item) == Array(stride(from: worker, to: items, by: min(count, items))))
    }
  }

  @Test func atLeastOneWorkerWorks() {
    #expect(Workers(count: 0).count == 1)
    #expect(Workers(count: -3).count == 1)
  }

  @Test(arguments: [1, 2, 3, 8], [0, 1, 5, 100, 1_000])
  func mapKeepsOrder(count: Int, items: Int) {
    let results = Workers(count: count).map(Array(0..<items)) { "\($0)" }
    #expect(results == (0..<items).map { "\($0)" })
  }

  @Test(arguments: [2, 8]) func sharesTheWork(count: Int) {
    let workers = Mutex<Set<Int>>([])
    Workers(count: count).forEach(100) { _, worker in
      workers.withLock { _ = $0.insert(worker) }
    }
    let seen = workers.withLock { $0 }
    #expect(seen == Set(0..<count))
  }
}
