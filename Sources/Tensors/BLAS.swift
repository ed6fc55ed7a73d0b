internal import CKernels
internal import COpenBLAS
import Foundation

/// The matrix products: the only file that names the BLAS.
public enum BLAS {
  /// Makes every product run on the calling thread; Gloss's own workers use the cores.
  ///
  /// The setting is the whole process's, so the program sets it once, at start-up.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// The kernels in use, by the CPU type that OpenBLAS calls them after: `SkylakeX`, `Haswell`, ….
  public static var coreName: String {
    // A static text of the library.
    unsafe String(cString: openblas_get_corename())
  }

  /// The kernels that this CPU should use instead; nil when those in use are right.
  ///
  /// OpenBLAS chooses while the library loads, and version 0.3.21 reads the capabilities of newer
  /// CPUs by accident: the same machine gets AVX-512 kernels in one run and AVX2 kernels, half as
  /// fast and of other rounding, in the next. Only the environment variable OPENBLAS_CORETYPE,
  /// set before the program starts, makes it choose otherwise. There is one right answer for a
  /// CPU, since Cooperlake's kernels, for CPUs with AVX-512 BF16, round unlike SkylakeX's.
  public static var betterCoreName: String? {
    switch kernel_cpu_level() {
    case 4:
      let name = kernel_has_bf16() != 0 ? "Cooperlake" : "SkylakeX"
      return coreName == name ? nil : name
    case 3: return avx2Cores.contains(coreName) ? nil : "Haswell"
    default: return nil
    }
  }

  /// What to tell a user whose program runs on kernels that do not suit the CPU; nil when they do.
  public static var advice: String? {
    betterCoreName.map {
      "OpenBLAS runs its \(coreName) kernels on a CPU for which it has others: they may be half as"
        + " fast, and round differently; set OPENBLAS_CORETYPE=\($0) before the program starts"
    }
  }

  /// Writes `advice` to standard error, once in the life of the process.
  ///
  /// The program corrects the choice before any work, or was told by GLOSS_BLAS_CORE to keep it; a
  /// library cannot.
  public static func warnOnce() { _ = warning }

  private static let warning: Void = {
    guard let advice, ProcessInfo.processInfo.environment["GLOSS_BLAS_CORE"] == nil else { return }
    try? FileHandle.standardError.write(contentsOf: Data("gloss: \(advice)\n".utf8))
  }()

  /// The instructions of the row kernels and the packed products: `x86-64-v4` with AVX-512, ….
  public static var rowKernels: String {
    switch kernel_cpu_level() {
    case 4: "x86-64-v4"
    case 3: "x86-64-v3"
    case 1: "x86-64"
    default: "baseline"
    }
  }

  /// Whether the kernels of two names give the same bits.
  public static func roundAlike(_ one: String, _ other: String) -> Bool {
    one == other || avx2Cores.contains(one) && avx2Cores.contains(other)
  }

  /// The names under which OpenBLAS has the same products.
  private static let avx2Cores = ["Haswell", "Zen"]
}

/// One side of a product: a matrix as it is, or transposed.
public protocol Factor {
  /// The numbers, as they lie in memory.
  var matrix: Matrix { get }
  /// Whether the product reads them column by column.
  var isTransposed: Bool { get }
}

extension Matrix: Factor {
  /// The matrix itself.
  public var matrix: Matrix { self }
  /// False.
  public var isTransposed: Bool { false }
  /// The same numbers with rows and columns exchanged; nothing is copied.
  public var transposed: some Factor { TransposedMatrix(matrix: self) }
}

private struct TransposedMatrix: Factor {
  let matrix: Matrix
  var isTransposed: Bool { true }
}

/// `output = scale * left * right`, or `output += …` when accumulating.
///
/// Shapes, after transposition: left [M, K], right [K, N], output [M, N].
public func multiply(
  _ left: some Factor, _ right: some Factor, scale: Float = 1, into output: Matrix,
  accumulating: Bool = false
) {
  let (a, b) = (left.matrix, right.matrix)
  let (m, k) = left.isTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
  let (k2, n) = right.isTransposed ? (b.columns, b.rows) : (b.rows, b.columns)
  precondition(
    k == k2 && output.rows == m && output.columns == n,
    "\([m, k]) times \([k2, n]) does not give \(output.shape)")
  guard m > 0, n > 0 else { return }
  guard k > 0 else {
    if !accumulating { output.fill(0) }
    return
  }
  // The shapes were checked above, and a stride is never smaller than the columns it spans.
  unsafe cblas_sgemm(
    CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
    right.isTransposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), scale,
    a.base, Int32(a.stride), b.base, Int32(b.stride), accumulating ? 1 : 0, output.base,
    Int32(output.stride))
}
