import Models
import Tensors
import Training

extension Benchmark {
  /// Sequences of random pieces through an encoder of random weights, as inference does it: packed,
  /// in shards that threads share.
  static func encoderResult(_ settings: BenchmarkSettings) -> BenchmarkResult {
    let model = TextModel(
      ModelConfiguration(
        name: "benchmark", vocabularySize: settings.vocabularySize, shape: settings.shape))
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 1)
    let packed = PackedParameters(weights, precision: settings.precision)
    let workers = Workers(count: settings.threads)
    let workspaces = (0..<workers.count).map { _ in Workspace() }
    let batches = settings.batches().map { sequences in
      // As many shards as keep every thread busy and the caches small.
      let counts = sequences.map(\.count)
      let share = (counts.reduce(0, +) + settings.threads - 1) / settings.threads
      return runs(of: counts, limit: min(settings.batchTokens, share)).map {
        TextBatch(Array(sequences[$0]), shape: settings.shape)
      }
    }
    let timing = Timing(seconds: settings.seconds, peakOn: settings.threads) {
      for shards in batches {
        workers.forEach(shards.count) { shard, worker in
          workspaces[worker].reset()
          _ = model.hiddenStates(shards[shard], packed, workspaces[worker])
        }
      }
    }
    return timing.result(
      .encoder, shape: settings.shapeDescription + settings.precisionDescription,
      threads: settings.threads,
      tokens: settings.lengths.reduce(0, +), flops: settings.encoderFlops)
  }

  /// Steps of masked language modelling: forward, backward, clipping, AdamW.
  static func trainResult(_ settings: BenchmarkSettings) -> BenchmarkResult {
    let batches = settings.batches()
    var steps = PretrainingSteps(
      settings.shape, vocabularySize: settings.vocabularySize, batches: batches,
      threads: settings.threads)
    let timing = Timing(seconds: settings.seconds, peakOn: settings.threads) {
      for _ in batches { steps.next() }
    }
    let tokens = settings.lengths.reduce(0, +)
    // Backward costs twice what forward does; the vocabulary is guessed for the masked pieces.
    let output =
      2 * Double(tokens) * PretrainingSteps.maskProbability
      * Double(settings.shape.hiddenSize * settings.vocabularySize)
    return timing.result(
      .train, shape: settings.shapeDescription, threads: settings.threads, tokens: tokens,
      flops: 3 * (settings.encoderFlops + output))
  }
}

extension BenchmarkSettings {
  /// Random pieces in sequences of `lengths`, cut into batches in order.
  func batches() -> [[[Int32]]] {
    var random = SeededRandom(seed: 1)
    let sequences = lengths.map { length in
      (0..<length).map { _ in Int32(random.nextInt(below: vocabularySize)) }
    }
    return stride(from: 0, to: sequences.count, by: batchSize).map {
      Array(sequences[$0..<min($0 + batchSize, sequences.count)])
    }
  }

  /// Operations of all sequences: the projections of every block by piece, attention by pairs.
  var encoderFlops: Double {
    let hidden = Double(shape.hiddenSize)
    let projections = 4 * hidden * hidden + 3 * hidden * Double(shape.feedForwardSize)
    let perSequence = lengths.reduce(0) { sum, length in
      let length = Double(length)
      return sum + 2 * length * projections + 4 * length * length * hidden
    }
    return Double(shape.layerCount) * perSequence
  }

  /// Nothing where products are in single precision.
  var precisionDescription: String {
    precision == .float32 ? "" : ", \(precision.rawValue)"
  }

  /// `6 × 256, 4 heads, feed-forward 688 gated, 32 × 128`.
  var shapeDescription: String {
    let isUniform = Set(lengths).count == 1 && lengths.count <= batchSize
    let sequences =
      isUniform
      ? "\(lengths.count) × \(lengths[0])"
      : "\(lengths.count) sequences of \(lengths.min() ?? 0) to \(lengths.max() ?? 0)"
    return "\(shape.layerCount) × \(shape.hiddenSize), \(shape.attentionHeadCount) heads,"
      + " feed-forward \(shape.feedForwardSize) gated, \(sequences)"
  }
}
