import Models
import Tensors

/// A part of a batch that one worker computes at once: its activations stay near the core.
typealias Shard = [TrainingText]

/// The texts of one step, cut into shards.
///
/// Shards go round `lanes` lanes, each with a gradient buffer of its own. The cut depends on the
/// texts alone, never on the number of threads.
struct Batch: Sendable {
  /// All texts of the step, as they are read.
  let texts: [TrainingText]
  /// The same before some of them were joined, for counts and messages.
  let planned: [TrainingText]
  /// The shards of each lane, in order.
  let lanes: [[Shard]]

  /// Gradient buffers of a step, and so the most threads that can share it.
  static let laneCount = 4
  /// Pieces of a shard, to the next text: there are as few as that allows, but one for each lane.
  static let shardTokens = 2_048

  init(_ planned: [TrainingText], joining: TextJoining? = nil, step: Int = 0) {
    self.planned = planned
    texts = joining?.joined(planned, step: step) ?? planned
    let tokens = texts.reduce(0) { $0 + $1.ids.count }
    let count = max(Self.laneCount, (tokens + Self.shardTokens - 1) / Self.shardTokens)
    var shards: [Shard] = Array(repeating: [], count: count)
    var start = 0
    for text in texts {
      // Where the text's middle lies in the batch.
      let middle = start + text.ids.count / 2
      shards[min(middle * count / max(tokens, 1), count - 1)].append(text)
      start += text.ids.count
    }
    var lanes: [[Shard]] = Array(repeating: [], count: Self.laneCount)
    var loads = Array(repeating: 0, count: Self.laneCount)
    for shard in shards where !shard.isEmpty {
      // The first of the emptiest lanes.
      let lane = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
      lanes[lane].append(shard)
      loads[lane] += shard.reduce(0) { $0 + $1.ids.count }
    }
    self.lanes = lanes
  }

  /// Pieces of the planned texts.
  var tokens: Int { planned.reduce(0) { $0 + $1.ids.count } }
}

/// The order in which a stage meets its texts, and where the batches are cut.
struct BatchPlan: Sendable {
  private var texts: [TrainingText]
  private let order: [Int]
  /// The positions in `order` of each step.
  private let cuts: [Range<Int>]
  /// Which texts of a step are read as one; nil where each is read by itself. What a partner adds
  /// counts in no limit.
  var joining: TextJoining?

  /// Number of steps.
  var count: Int { cuts.count }
  /// Pieces of all steps.
  let tokens: Int
  /// Texts of all steps, each as often as it is met.
  var textCount: Int { order.count }

  /// Every text `passes` times, all corpora mixed, in an order that follows from `seed`.
  ///
  /// Of a broken number of passes, the fraction is a random part of the corpus. A batch has
  /// `batchTokens` pieces at most, unless one text alone has more; a step `batchesPerStep` batches.
  init(
    _ groups: [(texts: [TrainingText], passes: Double)], batchTokens: Int,
    batchesPerStep: Int = 1, seed: UInt64
  ) {
    var texts: [TrainingText] = []
    var order: [Int] = []
    var random = SeededRandom(seed: seed)
    for group in groups {
      var indices = Array(texts.count..<texts.count + group.texts.count)
      let whole = Int(group.passes)
      for _ in 0..<whole { order.append(contentsOf: indices) }
      random.shuffle(&indices)
      let part = (group.passes - Double(whole)) * Double(indices.count)
      order.append(contentsOf: indices.prefix(Int(part.rounded())))
      texts.append(contentsOf: group.texts)
    }
    random.shuffle(&order)
    let counts = order.lazy.map { [texts] in texts[$0].ids.count }
    let cuts = runs(of: counts, limit: batchTokens)
    tokens = counts.reduce(0, +)
    self.texts = texts
    self.order = order
    self.cuts = stride(from: 0, to: cuts.count, by: batchesPerStep).map { first in
      cuts[first].lowerBound..<cuts[min(first + batchesPerStep, cuts.count) - 1].upperBound
    }
  }

  /// These batches, in this order, some times over.
  init(batches: [[TrainingText]], repetitions: Int = 1) {
    texts = batches.flatMap { $0 }
    order = Array(texts.indices)
    var cuts: [Range<Int>] = []
    for batch in batches {
      let start = cuts.last?.upperBound ?? 0
      cuts.append(start..<start + batch.count)
    }
    self.cuts = (0..<repetitions).flatMap { _ in cuts }
    tokens = repetitions * texts.reduce(0) { $0 + $1.ids.count }
  }

  /// Every text, as often as it is met.
  func forEachText(_ body: (TrainingText) -> Void) {
    for index in order { body(texts[index]) }
  }

  /// Of the texts that are met, those without labels.
  var plainTexts: [String] { plainIndices.compactMap { texts[$0].plainText } }

  private var plainIndices: [Int] {
    Set(order).sorted().filter { texts[$0].plainText != nil }
  }

  /// Gives each of `plainTexts` its lesson.
  mutating func teach(_ lessons: [TrainingText.Lesson]) {
    for (index, lesson) in zip(plainIndices, lessons) { texts[index].lesson = lesson }
  }

  /// The texts of `step`, counted from 0.
  subscript(step: Int) -> Batch {
    Batch(order[cuts[step]].map { texts[$0] }, joining: joining, step: step)
  }
}
