import ArgumentParser
import Tensors

/// `--precision`.
struct PrecisionOptions: ParsableArguments {
  @Option(
    name: .customLong("precision"),
    help: """
      float32, or bfloat16: numbers are rounded to 8 bits before they are multiplied, faster on a \
      CPU with AVX-512 BF16 and slower on others; the third digit of a confidence may differ.
      """)
  var value: Precision = .float32

  /// Whether another than the usual one was asked for.
  var isGiven: Bool { value != .float32 }

  /// The precision that was asked for; says so where this CPU is slow at it.
  func chosen() -> Precision {
    if !value.isFast {
      Console.note("--precision \(value.rawValue): this CPU is slow at it; leave it out")
    }
    return value
  }
}
