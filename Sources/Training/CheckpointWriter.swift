import Foundation

/// Writes checkpoints when it is time.
struct CheckpointWriter {
  private let folder: CheckpointFolder
  private let interval: TimeInterval
  private var last = Date()
  /// The stage that is under way, counted from 0: names of files sort by it.
  var stageIndex = 0

  /// One about every `interval` seconds.
  init(folder: CheckpointFolder, interval: TimeInterval) {
    self.folder = folder
    self.interval = interval
  }

  /// Writes one where the time has come, or `isDue` says so.
  mutating func write(
    isDue: Bool, _ checkpoint: () -> Checkpoint
  ) throws(TrainingError) {
    guard isDue || Date().timeIntervalSince(last) >= interval else { return }
    try folder.write(checkpoint(), stageIndex: stageIndex)
    last = Date()
  }
}
