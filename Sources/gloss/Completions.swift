import ArgumentParser

/// `gloss completions`: what a shell needs to complete the program's arguments.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a completion script for a shell.",
    discussion: """
      Examples:
        gloss completions bash > ~/.local/share/bash-completion/completions/gloss
        gloss completions zsh > ~/.zfunc/_gloss
        gloss completions fish > ~/.config/fish/completions/gloss.fish
      """)

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    var completion: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run() throws {
    try failing {
      try Console.output(GlossCommand.completionScript(for: shell.completion) + "\n")
    }
  }
}
