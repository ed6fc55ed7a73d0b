import Inference
import Models
import Reviews
import Tensors
import Tokenization

extension Benchmark {
  /// All texts to pieces.
  static func tokenizerResult(
    _ settings: BenchmarkSettings
  ) throws(ModelError) -> BenchmarkResult {
    let tokenizer = try ModelFolder.load(settings.modelFolder).tokenizer
    let workers = Workers(count: settings.threads)
    var tokens = 0
    let timing = Timing(seconds: settings.seconds, peakOn: nil) {
      tokens = workers.map(settings.texts) { tokenizer.encode($0).ids.count }.reduce(0, +)
    }
    return timing.result(
      .tokenizer, shape: textDescription(settings.texts), threads: settings.threads,
      tokens: tokens, flops: nil)
  }

  /// All texts to records.
  static func classifyResult(
    _ settings: BenchmarkSettings
  ) throws(ModelError) -> BenchmarkResult {
    let annotator = Annotator(
      try ModelFolder.load(settings.modelFolder), threads: settings.threads,
      precision: settings.precision)
    let reviews = settings.texts.enumerated().map { Review(id: String($0), text: $1) }
    var tokens = 0
    let timing = Timing(seconds: settings.seconds, peakOn: nil) {
      tokens = annotator.annotate(reviews).reduce(0) { $0 + $1.tokens }
    }
    return timing.result(
      .classify,
      shape: textDescription(settings.texts) + settings.precisionDescription,
      threads: settings.threads,
      tokens: tokens, flops: nil)
  }

  /// A model folder to a model that is ready.
  static func loadResult(_ settings: BenchmarkSettings) throws(ModelError) -> BenchmarkResult {
    let model = try ModelFolder.load(settings.modelFolder)
    let timing = Timing(seconds: settings.seconds, peakOn: nil) {
      // It loaded a moment ago.
      _ = try? ModelFolder.load(settings.modelFolder)
    }
    return timing.result(
      .load, shape: "\(model.configuration.name), \(model.model.layout.count) parameters",
      threads: 1, tokens: nil, flops: nil)
  }

  private static func textDescription(_ texts: [String]) -> String {
    "\(texts.count) texts, \(texts.reduce(0) { $0 + $1.utf8.count }) bytes"
  }
}
