import Foundation

/// The memory of this process.
public enum ProcessMemory {
  /// The most bytes that it has had in memory.
  public static var peak: Int {
    var usage = rusage()
    // Fills `usage`, which outlives the call.
    unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1_024
  }
}
