import ArgumentParser
import Files
import Foundation
import Privacy
import Profiles
import Reviews

struct ProfileImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Keep what another source says of users, marked as its own.",
    discussion: """
      A CSV or TSV with a header, or JSON lines: a row a user. Every field but that of the user is \
      kept, or those of --fields alone; importing again replaces what the same source said, and an \
      empty value removes it.

      Example:
        gloss profile import crm.csv --source crm --fields age_band,region --store profiles.sqlite
      """)

  @Argument(help: "The file.", completion: .file()) var file: String
  @OptionGroup var names: UserNames
  @OptionGroup var store: StoreOptions
  @Option(help: "Who says so.") var source: String
  @Option(help: "The field of the user.") var userField: String = "user"
  @Option(help: "The fields to keep, separated by commas. (default: all)") var fields: String?
  @Flag(help: "Take rows of users who were erased.") var allowErased = false

  func validate() throws {
    if source.isEmpty { throw ValidationError("--source is empty; name who says so") }
    if fields?.allSatisfy({ $0 == "," || $0.isWhitespace }) == true {
      throw ValidationError("--fields is empty; name the fields to keep, or leave it out")
    }
  }

  func run() throws {
    try failing {
      let wanted = fields.map {
        Set($0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
      }
      var reader = try UserFieldReader(
        path: file, userField: userField, hidesNames: names.pseudonymize != nil)
      let pseudonyms = try names.pseudonyms()
      let store = try store.open()
      try store.keepPseudonyms(ofEmptyName: pseudonyms.map { $0("") })
      var (read, changed, withheld, rejected) = (0, 0, 0, 0)
      var notes = RejectionNotes(more: "more rows are rejected")
      var unseen = wanted ?? []
      // It names the user, and is no field of theirs.
      unseen.remove(userField)
      var rows: [(user: String, fields: [(name: String, value: String)])] = []
      func keep() throws {
        let result = try store.importFields(rows, source: source, allowsErased: allowErased)
        changed += result.changed
        withheld += result.withheld
        rows.removeAll()
      }
      func readAll() throws {
        while let row = try reader.next() {
          read += 1
          switch row {
          case .user(let user, let fields):
            let kept = fields.filter { wanted?.contains($0.name) ?? true }
            unseen.subtract(kept.map(\.name))
            rows.append((pseudonyms?(user) ?? user, kept.map { ($0.name, $0.value) }))
            if rows.count == 1_000 { try keep() }
          case .rejected(let row):
            rejected += 1
            notes.tell(row)
          }
        }
        try keep()
      }
      // What came in before an error is there, and told.
      var failure: (any Error)?
      do { try readAll() } catch { failure = error }
      read -= rows.count
      do {
        try store.noteImport(source: source, rows: read, changed: changed, withheld: withheld)
        try store.settle()
      } catch {
        failure = failure ?? error
      }
      if failure == nil, read == 0 {
        Console.note("\(file): no rows in it; check that it is the right file")
      } else if failure == nil, !unseen.isEmpty {
        let list = unseen.sorted().joined(separator: ", ")
        Console.note("\(file): no row has a field \(list); check --fields")
      }
      Console.note(
        "\(read) rows read, \(changed) fields new or changed, \(withheld) rows withheld (erased users),"
          + " \(rejected) rejected")
      if let failure { throw failure }
      if rejected > 0 || read == 0 || !unseen.isEmpty { throw Status.rejected }
    }
  }
}

struct ProfileMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Let another user's reviews count for a user's profile.")

  @Argument(help: "The user whose profile it will be.") var user: String
  @Argument(help: "The other user, who is the same person.") var other: String
  @OptionGroup var names: UserNames
  @OptionGroup var store: StoreOptions

  func run() throws {
    try failing {
      let store = try store.openExisting()
      let stored = try names.naming(in: store)
      try store.merge(stored(other), into: stored(user))
      try store.settle()
      Console.note("\(other) counts for \(user); gloss profile unmerge \(other) takes that back")
    }
  }
}

struct ProfileUnmerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unmerge", abstract: "Give a merged user a profile of their own again.")

  @Argument(help: "The user who was merged into another.") var user: String
  @OptionGroup var names: UserNames
  @OptionGroup var store: StoreOptions

  func run() throws {
    try failing {
      let store = try store.openExisting()
      try store.unmerge(names.stored(user, in: store))
      try store.settle()
    }
  }
}

struct ProfileErase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Remove every trace of a user.",
    discussion: """
      Reviews, texts, what was noted of them, other sources' fields and merged users go; the file is \
      written anew, so that no page of it holds them. A salted hash stays, by which the user's \
      reviews are turned away from now on.
      """)

  @Argument(help: "The user.") var user: String
  @OptionGroup var names: UserNames
  @OptionGroup var store: StoreOptions
  @Option(help: "Write what was removed to this file, as JSON.", completion: .file())
  var receipt: String?

  func validate() throws {
    try ReadingOptions.checkOutputs(
      [("--receipt", receipt)],
      taken: [(store.path, "the store"), (names.pseudonymize, "the key")])
  }

  func run() throws {
    try failing {
      let store = try store.openExisting()
      let user = try names.stored(user, in: store)
      // Before: what is gone cannot be told again.
      let file = try receipt.map { try OutputFile(path: $0) }
      var failure: (any Error)?
      let removed = try store.erase(user: user) { removed in
        do {
          try file?.write(Data((try removed.sortedJSON() + "\n").utf8))
          try file?.finish()
        } catch {
          failure = error
        }
      }
      if let failure {
        if let removed {
          Console.note("'\(self.user)' is erased; the receipt: \(try removed.sortedJSON())")
        }
        throw failure
      }
      guard let removed else {
        guard try store.isErased(user) else {
          throw try ProfileCommand.unknown(user, names, in: store)
        }
        return Console.note(
          "\(store.path): '\(user)' was erased before; the file holds nothing of it")
      }
      try store.settle()
      Console.note(
        "\(store.path): erased \(removed.users.count) user names, \(removed.reviews) reviews,"
          + " \(removed.fields) fields")
    }
  }
}

struct ProfileAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "List every annotation, import, export, merge and erasure, oldest first.")

  @OptionGroup var store: StoreOptions

  func run() throws {
    try failing {
      for entry in try store.openExisting().audit() {
        try Console.output(try entry.sortedJSON() + "\n")
      }
    }
  }
}

struct ProfileCopy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copy", abstract: "Copy a store, also while others use it.")

  @OptionGroup var store: StoreOptions
  @Argument(help: "The new file.", completion: .file()) var path: String

  func run() throws {
    try failing { try store.openExisting().copy(to: path) }
  }
}
