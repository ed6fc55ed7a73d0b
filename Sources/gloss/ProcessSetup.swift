import Foundation
import Tensors

/// What concerns the whole process, done once before any work.
enum ProcessSetup {
  static func prepare() {
    fillClosedDescriptors()
    useBestKernels()
    // A reader of our output that goes away (`gloss … | head`) ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    // A file that may not grow is an error of that write, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    // Gloss's own workers use the cores.
    BLAS.useOneThread()
  }

  /// Whoever started the program may have closed one of the three, and the next file that is opened
  /// would take its place: what is read, written or said there fails as it would have.
  private static func fillClosedDescriptors() {
    for (descriptor, flags) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free is this one.
      _ = unsafe open("/dev/null", flags)
    }
  }

  /// Starts the program once more where OpenBLAS chose kernels that do not suit the CPU.
  ///
  /// GLOSS_BLAS_CORE names other kernels than the best: `Haswell` for AVX2, for example.
  private static func useBestKernels() {
    let environment = ProcessInfo.processInfo.environment
    guard let core = environment["GLOSS_BLAS_CORE"] ?? BLAS.betterCoreName,
      core != BLAS.coreName,
      // Asked for already, and not given: another start would change nothing.
      environment["OPENBLAS_CORETYPE"] != core
    else { return }
    // Copied by the call.
    unsafe setenv("OPENBLAS_CORETYPE", core, 1)
    // The arguments outlive the call; when it fails, the program goes on as it is.
    unsafe execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
