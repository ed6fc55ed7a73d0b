import ArgumentParser
import Tensors

/// `--precision`.
struct PrecisionOptions: ParsableArguments {
  @Option(
    name: .customLong("precision"),
    help: """
      float32, or bfloat16: numbers are rounded to 8 bits before they are multiplied, which is \
      faster on a CPU with AVX-512 BF16 and slower on others; the third digit of a confidence may differ.
      """)
  var value: Precision = .float32

  func validate() throws {
    if !value.isFast { Console.note("--precision \(value.rawValue) is slow on this CPU") }
  }
}
