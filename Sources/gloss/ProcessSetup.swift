import Foundation
import Tensors

/// What concerns the whole process, done once before any work.
enum ProcessSetup {
  static func prepare() {
    // A reader of our output that goes away (`gloss … | head`) ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    // Gloss's own workers use the cores.
    BLAS.useOneThread()
  }
}
