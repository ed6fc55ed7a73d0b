import Dispatch

/// A fixed number of threads that share the items of a job.
public struct Workers: Sendable {
  /// How many threads work at most.
  public let count: Int

  /// `count` threads; at least one.
  public init(count: Int) { self.count = max(1, count) }

  /// Calls `body(item, worker)` once for every item in 0..<items.
  ///
  /// Item i goes to worker i modulo `count`, and one worker does its items in order; so whatever
  /// belongs to an item or to a worker is never touched by two threads at once.
  public func forEach(_ items: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    let active = min(count, items)
    if active <= 1 {
      for item in 0..<items { body(item, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // Each item is done by one worker only, so the calls share nothing that changes.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: active) { worker in
        for item in stride(from: worker, to: items, by: active) { unsafe body(item, worker) }
      }
    }
  }

  /// `transform` of every element, in order.
  public func map<Element, Result>(
    _ elements: [Element], _ transform: (Element) -> Result
  ) -> [Result] {
    map(elements) { element, _ in transform(element) }
  }

  /// `transform` of every element and the worker that it falls to, in order.
  public func map<Element, Result>(
    _ elements: [Element], _ transform: (_ element: Element, _ worker: Int) -> Result
  ) -> [Result] {
    // Many more parts than workers, so that one slow part does not keep the others waiting.
    let size = max(1, elements.count / (count * 16))
    let parts = (elements.count + size - 1) / size
    var results: [[Result]] = Array(repeating: [], count: parts)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // Each part writes its own element only.
      nonisolated(unsafe) let results = unsafe results
      forEach(parts) { part, worker in
        unsafe results[part] = elements[part * size..<min((part + 1) * size, elements.count)]
          .map { transform($0, worker) }
      }
    }
    return results.flatMap { $0 }
  }
}
