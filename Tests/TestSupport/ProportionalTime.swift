import Foundation

/// How often a measurement that looks out of proportion is repeated at most: other programs slow some.
private let attemptCount = 60

/// Whether `work` on sixteen times the bytes takes at most sixteen times as long, and half as long again
/// for noise and caches; it runs on the calling thread.
///
/// Work that grows with the square of its length would take 256 times as long. There is no limit in
/// seconds: machines differ. The shortest times of all attempts count.
public func isTimeProportional(toLengthOf unit: String, in work: (String) -> Void) -> Bool {
  // Long enough to tell, short enough that memory is reused: fresh pages are slow to come while other
  // tests ask for some too.
  let short = String(repeating: unit, count: (1 << 14) / unit.utf8.count)
  let long = String(repeating: short, count: 16)
  // What only the first call does is not measured.
  work(short)
  var shortest = (short: Double.infinity, long: Double.infinity)
  // One slow start must not make a long time look right.
  for _ in 1...3 { shortest.short = min(shortest.short, secondsOfThread { work(short) }) }
  for attempt in 1...attemptCount {
    shortest.short = min(shortest.short, secondsOfThread { work(short) })
    shortest.long = min(shortest.long, secondsOfThread { work(long) })
    let ratio = shortest.long / shortest.short
    if ratio < 1.5 * 16 { return true }
    // No noise is that large four times, and another attempt might take as long.
    if ratio > 9 * 16, attempt > 3 { return false }
  }
  return false
}

/// Seconds that the processor gave to this thread, whatever else it did meanwhile.
private func secondsOfThread(_ body: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    // Fills `time`, which outlives the call.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let start = now()
  body()
  return now() - start
}
