import Foundation

/// How often a measurement that looks out of proportion is repeated at most: other programs slow some.
private let attemptCount = 60

/// Whether `work` on sixteen times the bytes takes at most as long as sixteen times `work`, and half as
/// long again for noise and caches; it runs on the calling thread.
///
/// Work that grows with the square of its length would take sixteen times as long. There is no limit
/// in seconds: machines differ. Both sides take about as long, so that other programs slow them alike:
/// what is over in a moment would find one without them, what takes long would not. The shortest times
/// of all attempts count.
public func isTimeProportional(toLengthOf unit: String, in work: (String) -> Void) -> Bool {
  let short = String(repeating: unit, count: (1 << 14) / unit.utf8.count)
  let long = String(repeating: short, count: 16)
  // What only the first call does is not measured.
  work(short)
  var shortest = (short: Double.infinity, long: Double.infinity)
  for attempt in 1...attemptCount {
    shortest.short = min(shortest.short, secondsOfThread { for _ in 1...16 { work(short) } })
    shortest.long = min(shortest.long, secondsOfThread { work(long) })
    let ratio = shortest.long / shortest.short
    if ratio < 1.5 { return true }
    // No noise is that large four times, and another attempt might take as long.
    if ratio > 9, attempt > 3 { return false }
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
