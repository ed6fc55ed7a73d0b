import Tensors

/// The times of one subject's repetitions, and what matrix products alone reached between them.
struct Timing {
  /// Seconds of each repetition.
  private(set) var times: [Double] = []
  /// GFLOP/s of the products that ran between two repetitions; empty where none were asked for.
  private(set) var peaks: [Double] = []

  /// Repeats `body` for `seconds`, at least five times, after two repetitions that do not count.
  ///
  /// Products run between the repetitions, so that a busy machine slows both alike.
  init(seconds: Double, peakOn threads: Int?, _ body: () -> Void) {
    let products = threads.map { SgemmPeak(threads: $0) }
    for _ in 0..<2 { body() }
    let end = ContinuousClock.now + .seconds(seconds)
    while times.count < 5 || ContinuousClock.now < end {
      times.append(ContinuousClock().measure(body) / .seconds(1))
      if let products { peaks.append(products.gflops()) }
    }
  }

  /// The result of a subject whose repetition handles `tokens` pieces and costs `flops`.
  func result(
    _ subject: BenchmarkSubject, shape: String, threads: Int, tokens: Int?, flops: Double?
  ) -> BenchmarkResult {
    let median = Self.quantile(times, 0.5)
    let gflops = flops.map { $0 * 1e-9 / median }
    return BenchmarkResult(
      subject: subject.rawValue, shape: shape, threads: threads, blasCore: BLAS.coreName,
      medianSeconds: median, p95Seconds: Self.quantile(times, 0.95),
      tokensPerSecond: tokens.map { Double($0) / median }, gflops: gflops,
      peakShare: gflops.flatMap { peaks.isEmpty ? nil : $0 / Self.quantile(peaks, 0.5) },
      peakRSSBytes: ProcessMemory.peak)
  }

  /// The value that a share of the values stays below; `values` holds at least one.
  static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}

/// Matrix products of a size that suits the caches, on some threads at once.
struct SgemmPeak {
  private static let size = 512
  private static let repetitions = 4
  private let workers: Workers
  private let workspaces: [Workspace]
  private let factors: [(Matrix, Matrix, Matrix)]

  init(threads: Int) {
    workers = Workers(count: threads)
    workspaces = (0..<threads).map { _ in Workspace() }
    factors = workspaces.map { workspace in
      let size = Self.size
      let left = workspace.matrix(rows: size, columns: size)
      let right = workspace.matrix(rows: size, columns: size)
      left.fill(0.5)
      right.fill(0.25)
      return (left, right, workspace.matrix(rows: size, columns: size))
    }
  }

  /// GFLOP/s of all threads together.
  func gflops() -> Double {
    let time = ContinuousClock().measure {
      workers.forEach(factors.count) { index, _ in
        let (left, right, output) = factors[index]
        for _ in 0..<Self.repetitions { multiply(left, right.transposed, into: output) }
      }
    }
    let size = Double(Self.size)
    return Double(Self.repetitions * factors.count) * 2 * size * size * size * 1e-9
      / (time / .seconds(1))
  }
}
