import Models
import Tensors

/// Sequences of random pieces through an encoder of random weights, as inference does it: packed,
/// in shards that threads share.
struct EncoderBenchmark {
  private let settings: BenchmarkSettings

  init(_ settings: BenchmarkSettings) { self.settings = settings }

  func result() -> BenchmarkResult {
    let configuration = ModelConfiguration(
      name: "benchmark", vocabularySize: settings.vocabularySize, shape: settings.shape)
    let model = TextModel(configuration)
    let weights = ParameterBuffer(model.layout)
    weights.initialize(seed: 1)
    let packed = PackedParameters(weights)
    let workers = Workers(count: settings.threads)
    let workspaces = (0..<workers.count).map { _ in Workspace() }
    let batches = settings.batches().map(shards)
    let timing = Timing(seconds: settings.seconds, peakOn: settings.threads) {
      for shards in batches {
        workers.forEach(shards.count) { shard, worker in
          workspaces[worker].reset()
          _ = model.hiddenStates(shards[shard], packed, workspaces[worker])
        }
      }
    }
    return timing.result(
      .encoder, shape: settings.shapeDescription, threads: settings.threads,
      tokens: settings.lengths.reduce(0, +), flops: settings.encoderFlops)
  }

  /// A batch cut into as many shards as keep every thread busy and the caches small.
  private func shards(_ sequences: [[Int32]]) -> [TextBatch] {
    let tokens = sequences.reduce(0) { $0 + $1.count }
    let limit = min(
      settings.batchTokens, (tokens + settings.threads - 1) / settings.threads)
    var shards: [[[Int32]]] = [[]]
    var count = 0
    for sequence in sequences {
      if count + sequence.count > limit, count > 0 {
        shards.append([])
        count = 0
      }
      shards[shards.count - 1].append(sequence)
      count += sequence.count
    }
    return shards.map { TextBatch($0, shape: settings.shape) }
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
