import ArgumentParser
import Foundation
import Profiles

/// `gloss profile`: what a store knows about its users.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Show what a store knows about the writers of reviews.",
    subcommands: [Show.self, List.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show one user's profile.")

    @Argument(help: "The user.") var user: String
    @OptionGroup var store: StoreOptions
    @Flag(help: "Write one JSON object.") var json = false

    func run() throws {
      try failing {
        let store = try store.openExisting()
        let glosses = try store.glosses(ofUser: user)
        guard let profile = Profile(user: user, glosses: glosses) else {
          Console.note(
            "\(store.path): no reviews of user '\(user)'; gloss profile list shows all users")
          throw Status.rejected
        }
        if json {
          try Console.output(try encoded(profile) + "\n")
        } else {
          try Console.output(
            ProfileText(profile, styled: ProfileCommand.isStyled).description)
        }
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all users of a store.")

    @OptionGroup var store: StoreOptions
    @Flag(help: "Write one JSON object a line.") var json = false

    func run() throws {
      try failing {
        let users = try store.openExisting().users()
        if json {
          for user in users { try Console.output(try encoded(user) + "\n") }
        } else {
          try Console.output(ProfileList(users, styled: ProfileCommand.isStyled).description)
        }
      }
    }
  }

  /// Bold and colour only where a person looks, and not where NO_COLOR asks for none.
  fileprivate static var isStyled: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }
}

/// One line of JSON, keys sorted.
private func encoded(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
