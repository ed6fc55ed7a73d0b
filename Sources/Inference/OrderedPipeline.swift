import Foundation
import Tensors

/// Items taken one after the other, worked on by several threads, and delivered in the order in
/// which they were taken.
///
/// Whoever is free takes the next item, works on it, and delivers what is ready: nobody waits for a
/// slow item but the delivery itself, and what is under way at any time is bounded.
struct OrderedPipeline {
  let workers: Workers
  /// Items that are taken and not yet delivered, at most.
  let limit: Int
  /// The weight of such items from which on no other is taken.
  var weightLimit = Int.max

  /// Runs until `next` gives nil or one of the closures throws; what was taken before `next` threw
  /// is delivered. `next` and `deliver` are each called by one thread at a time.
  func run<Item, Result>(
    next: () throws -> Item?, weight: (Item) -> Int = { _ in 0 },
    work: (_ item: Item, _ worker: Int) -> Result, deliver: (Result) throws -> Void
  ) throws {
    let line = Line<Result>(limit: limit, weightLimit: weightLimit)
    workers.forEach(workers.count) { _, worker in
      while line.mayTake() {
        let number: Int
        let item: Item
        do {
          let taken = try next()
          guard let taken else { return line.end(nil) }
          (item, number) = (taken, line.took(weight(taken)))
        } catch {
          return line.end(error)
        }
        line.add(work(item, worker), number)
        while let result = line.nextToDeliver() {
          do {
            try deliver(result)
            line.delivered(nil)
          } catch {
            line.delivered(error)
          }
        }
      }
    }
    if let error = line.error { throw error }
  }
}

/// What the threads of a pipeline share; every access is under its lock.
private final class Line<Result>: @unchecked Sendable {
  private let condition = NSCondition()
  private let limit: Int
  private let weightLimit: Int
  private var weights: [Int: Int] = [:]
  private var takenCount = 0
  private var deliveredCount = 0
  private var isTaking = false
  private var isDelivering = false
  private var isEnded = false
  private var ready: [Int: Result] = [:]
  private(set) var error: (any Error)?

  init(limit: Int, weightLimit: Int) {
    self.limit = limit
    self.weightLimit = weightLimit
  }

  private var isFull: Bool {
    takenCount - deliveredCount >= limit || weights.values.reduce(0, +) >= weightLimit
  }

  private func locked<T>(_ body: () -> T) -> T {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  /// Waits until it is the caller's turn to take an item; false when there are no more.
  func mayTake() -> Bool {
    locked {
      while !isEnded, isTaking || isFull { condition.wait() }
      if isEnded { return false }
      isTaking = true
      return true
    }
  }

  /// The number of the item that the caller took.
  func took(_ weight: Int) -> Int {
    locked {
      isTaking = false
      weights[takenCount] = weight
      takenCount += 1
      condition.broadcast()
      return takenCount - 1
    }
  }

  func end(_ error: (any Error)?) {
    locked {
      isTaking = false
      isEnded = true
      self.error = self.error ?? error
      condition.broadcast()
    }
  }

  func add(_ result: Result, _ number: Int) { locked { ready[number] = result } }

  /// The next result, if it is there and nobody else delivers; nil also after a failed delivery.
  func nextToDeliver() -> Result? {
    locked {
      guard !isDelivering, let result = ready.removeValue(forKey: deliveredCount) else {
        return nil
      }
      isDelivering = true
      return result
    }
  }

  func delivered(_ error: (any Error)?) {
    locked {
      isDelivering = false
      // What follows a result that could not be delivered never becomes the next one.
      if let error {
        isEnded = true
        self.error = error
      } else {
        weights[deliveredCount] = nil
        deliveredCount += 1
      }
      condition.broadcast()
    }
  }
}
