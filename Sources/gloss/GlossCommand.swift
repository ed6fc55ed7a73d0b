import ArgumentParser
import Foundation
import Models
import Tensors

/// `gloss`: one verb per use.
@main
struct GlossCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gloss",
    abstract: "Reads reviews: sentiment, entities and intents, and profiles of their writers.",
    discussion: "gloss --version --verbose also says which kernels do the arithmetic.",
    version: Producer.version,
    subcommands: [
      Train.self, Evaluate.self, Classify.self, Annotate.self, ProfileCommand.self,
      BenchmarkCommand.self, CorporaCommand.self, Completions.self,
    ])

  /// The version, and what does the arithmetic on this machine.
  private static var verboseVersion: String {
    """
    \(Producer.name)
    matrix products: OpenBLAS, kernels \(BLAS.coreName)
    row kernels and packed products: \(BLAS.rowKernels)
    cores: \(ProcessInfo.processInfo.activeProcessorCount)
    """
  }

  /// Parses the arguments, sets the process up and runs the verb.
  static func main() {
    ProcessSetup.prepare()
    if Set(CommandLine.arguments.dropFirst()) == ["--version", "--verbose"] {
      return print(verboseVersion)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(withError: error)
    }
  }
}
