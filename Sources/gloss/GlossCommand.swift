import ArgumentParser
import Models

/// `gloss`: one verb per use.
@main
struct GlossCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gloss",
    abstract: "Reads reviews: sentiment, entities and intents, and profiles of their writers.",
    version: Producer.version,
    subcommands: [
      Train.self, Evaluate.self, Classify.self, Annotate.self, ProfileCommand.self,
      BenchmarkCommand.self,
    ])

  /// Parses the arguments, sets the process up and runs the verb.
  static func main() {
    ProcessSetup.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(withError: error)
    }
  }
}
