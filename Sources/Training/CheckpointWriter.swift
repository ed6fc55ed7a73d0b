import Foundation

/// Writes checkpoints when it is time.
struct CheckpointWriter {
  private let folder: CheckpointFolder
  private let interval: Duration
  private var last = ContinuousClock.now
  /// The stage that is under way, counted from 0: names of files sort by it.
  var stageIndex = 0

  /// One about every `interval` seconds.
  init(folder: CheckpointFolder, interval: TimeInterval) {
    self.folder = folder
    self.interval = .seconds(interval)
  }

  /// Writes one where the time has come, or `isDue` says so.
  mutating func write(
    isDue: Bool, _ checkpoint: () throws(TrainingError) -> Checkpoint
  ) throws(TrainingError) {
    guard isDue || ContinuousClock.now - last >= interval else { return }
    try folder.write(checkpoint(), stageIndex: stageIndex)
    last = .now
  }
}
