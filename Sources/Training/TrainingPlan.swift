/// What a run would do.
public struct TrainingPlan: Equatable, Sendable {
  /// The model's name.
  public var name: String
  /// Where all randomness comes from.
  public var seed: UInt64
  /// Threads that would work.
  public var threads: Int
  /// Pieces of the tokenizer.
  public var vocabularySize: Int
  /// Numbers of the model.
  public var parameterCount: Int
  /// In the order in which they would run.
  public var stages: [StagePlan]
  /// Bytes, measured with every text read and all buffers of the largest stage in use.
  public var peakMemory: Int
}

/// What a stage would do.
public struct StagePlan: Equatable, Sendable {
  /// pretrain or finetune.
  public var name: String
  /// How much of each corpus it reads.
  public var shares: [StageShare]
  /// Texts that it meets, each as often as it is met.
  public var texts: Int
  /// Its steps.
  public var steps: Int
  /// Pieces of all steps.
  public var tokens: Int
  /// Estimated from the speed of the first steps.
  public var seconds: Double
}
