import ArgumentParser
import Benchmarking
import Files
import Foundation
import Inference
import Models

/// `gloss benchmark`: how fast Gloss is on this machine.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Time the parts of Gloss on this machine.",
    discussion: """
      encoder and train run on random weights of the sizes given; tokenizer, classify and load on \
      a model. "Of sgemm" is the share of what OpenBLAS's matrix products in single precision alone \
      reach between the repetitions of the same run; our own products may pass it. --precision is of encoder and classify.
      """)

  @Argument(help: "encoder, train, tokenizer, classify or load. (default: all)")
  var subjects: [String] = []
  @Option(help: "Columns of every hidden state.") var hidden = 256
  @Option(help: "Encoder blocks.") var layers = 6
  @Option(help: "Attention heads.") var heads = 4
  @Option(
    help: "Columns of a plain feed-forward; the gated one of equal cost has two thirds of them.")
  var feedForward = 1_024
  @Option(help: "Pieces of the vocabulary.") var vocabulary = 16_000
  @Option(help: "Sequences of one batch.") var batch = 32
  @Option(help: "Pieces of every sequence.") var length = 128
  @Option(help: "A file with the length of a sequence on every line, instead of --length.")
  var lengths: String?
  @Option(help: "About how many pieces go through the encoder at once, by thread.")
  var batchTokens = TextReader.defaultBatchTokens
  @Option(help: "Seconds to repeat each subject for.") var seconds = 3.0
  @Option(help: "A file with a text on every line for tokenizer and classify.") var text: String?
  @OptionGroup var model: ModelOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var precision: PrecisionOptions
  @Flag(help: "Write a JSON object a line instead of a table.") var json = false

  func validate() throws {
    for name in subjects where BenchmarkSubject(rawValue: name) == nil {
      let known = BenchmarkSubject.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no subject '\(name)'; choose from \(known)")
    }
    for (option, value, limit) in [
      ("--vocabulary", vocabulary, 1 << 24), ("--batch", batch, 1 << 16),
      ("--length", length, 1 << 13), ("--feed-forward", feedForward, 1 << 13),
      ("--batch-tokens", batchTokens, 1 << 20),
    ] where !(1...limit).contains(value) {
      throw ValidationError("\(option) is \(value); it has to be 1 to \(limit)")
    }
    let rounding = [BenchmarkSubject.encoder, .classify].map(\.rawValue)
    if precision.isGiven, !subjects.isEmpty, !subjects.contains(where: rounding.contains) {
      throw ValidationError(
        "--precision is of \(rounding.joined(separator: " and ")) alone; leave it out")
    }
    if let problem = shape(windowSize: length).problem { throw ValidationError(problem) }
    guard vocabulary * hidden <= 1 << 30 else {
      throw ValidationError(
        "--vocabulary times --hidden is \(vocabulary * hidden); it has to be at most \(1 << 30)")
    }
    guard (0...3_600).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds); it has to be 0 to 3600")
    }
  }

  func run() throws {
    try failing {
      let settings = try settings()
      let chosen = subjects.isEmpty ? BenchmarkSubject.allCases.map(\.rawValue) : subjects
      if !json { try Console.output(Self.header) }
      for name in chosen {
        guard let subject = BenchmarkSubject(rawValue: name) else { continue }
        let result = try Benchmark.run(subject, settings)
        try Console.output(json ? Self.json(result) : Self.row(result))
      }
    }
  }

  private func settings() throws -> BenchmarkSettings {
    let lengths = try lengths.map(Self.lengths) ?? Array(repeating: length, count: batch)
    return BenchmarkSettings(
      shape: shape(windowSize: lengths.max() ?? length), vocabularySize: vocabulary,
      batchSize: batch, lengths: lengths,
      batchTokens: batchTokens, threads: threads.count, precision: precision.chosen(),
      seconds: seconds, modelFolder: try model.path(),
      texts: try text.map(Self.texts) ?? BenchmarkTexts.all)
  }

  private func shape(windowSize: Int) -> ModelShape {
    // Two thirds, rounded to what vector registers hold.
    let gated = max(16, (feedForward * 2 / 3 + 15) / 16 * 16)
    return ModelShape(
      hiddenSize: hidden, layerCount: layers, attentionHeadCount: heads, feedForwardSize: gated,
      windowSize: windowSize, windowOverlap: 0)
  }

  /// The lines of a file that are not blank, with their numbers.
  private static func lines(_ path: String) throws -> [(number: Int, text: String)] {
    String(decoding: try WholeFile.read(path), as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { ($0 + 1, $1.trimmingCharacters(in: .whitespaces)) }.filter { !$0.1.isEmpty }
  }

  private static func texts(_ path: String) throws -> [String] {
    let texts = try lines(path).map(\.text)
    guard !texts.isEmpty else {
      throw FileError.unavailable(
        path: path, problem: "holds no text", remedy: "give a text on every line")
    }
    return texts
  }

  private static func lengths(_ path: String) throws -> [Int] {
    let limit = 1 << 13
    let lengths = try lines(path).map { number, line in
      guard let length = Int(line), (1...limit).contains(length) else {
        throw FileError.malformed(
          path: path, line: number, problem: "'\(line.prefix(40))' is no length",
          remedy: "give a number from 1 to \(limit) on every line")
      }
      return length
    }
    guard !lengths.isEmpty else {
      throw FileError.unavailable(
        path: path, problem: "holds no length", remedy: "give a number on every line")
    }
    return lengths
  }

  private static func json(_ result: BenchmarkResult) throws -> String {
    try result.sortedJSON() + "\n"
  }

  private static let header = cells([
    "subject", "threads", "kernels", "median", "p95", "pieces/s", "GFLOP/s", "of sgemm", "shape",
  ])

  private static func row(_ result: BenchmarkResult) -> String {
    cells([
      result.subject, String(result.threads), result.blasCore, milliseconds(result.medianSeconds),
      milliseconds(result.p95Seconds),
      result.tokensPerSecond.map { decimals($0 / 1_000, 1) + "k" } ?? "",
      result.gflops.map { decimals($0, 0) } ?? "",
      result.peakShare.map { decimals(100 * $0, 0) + " %" } ?? "", result.shape,
    ])
  }

  private static func milliseconds(_ seconds: Double) -> String {
    decimals(1_000 * seconds, 2) + " ms"
  }

  /// A line of cells of fixed width; the last one is as wide as it is.
  private static func cells(_ texts: [String]) -> String {
    let widths = [9, 7, 10, 10, 10, 9, 7, 7, 0]
    let cells = zip(texts, widths).enumerated().map { column, cell in
      let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      // Names stand left, numbers right.
      return [0, 2, 8].contains(column) ? cell.0 + padding : padding + cell.0
    }
    return cells.joined(separator: "  ") + "\n"
  }
}
