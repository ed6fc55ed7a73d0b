import ArgumentParser
import Files
import Foundation
import Profiles

/// `gloss profile`: what a store knows about its users.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Ask a store about the writers of reviews, and keep it right.",
    subcommands: [
      ProfileShow.self, ProfileWhy.self, ProfileListing.self, ProfileExport.self,
      ProfileImport.self, ProfileMerge.self, ProfileUnmerge.self, ProfileDiff.self,
      ProfileCopy.self, ProfileStats.self, ProfileErase.self, ProfileAudit.self,
    ])

  /// Bold and colour only where a person looks, and not where NO_COLOR asks for none.
  static var isStyled: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }

  /// Says that profiles speak of a day that is yet to come, as one review is dated so: to that day
  /// everybody else has long been silent.
  static func tellFuture(_ profile: Profile, _ settings: ProfileSettings, in store: ProfileStore) {
    guard settings.asOf == nil, let asOf = profile.asOf,
      let seconds = SettingsOptions.seconds(asOf),
      Date(timeIntervalSince1970: Double(seconds)).timeIntervalSinceNow > 86_400
    else { return }
    Console.note(
      "\(store.path): the last review is of \(asOf.prefix(10)), which is yet to come, and profiles"
        + " speak of that day; correct its time, or give another day with --as-of")
  }

  /// Says that a store holds nothing of a user, who was named with a key or without.
  static func unknown(
    _ user: String, _ names: UserNames, in store: ProfileStore
  ) throws -> ExitCode {
    let isPlainName = try names.pseudonymize == nil && store.pseudonymsOfEmptyName() != nil
    Console.note(
      "\(store.path): nothing of user '\(user)'; "
        + (isPlainName
          ? "its users are pseudonyms: give --pseudonymize with their key to name one"
          : "gloss profile list shows all users"))
    return Status.rejected
  }
}

struct ProfileShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one user's profile.")

  @Argument(help: "The user.") var user: String
  @OptionGroup var names: UserNames
  @OptionGroup var store: StoreOptions
  @OptionGroup var settings: SettingsOptions
  @Flag(help: "Write one JSON object.") var json = false

  func run() throws {
    try failing {
      let store = try store.openExisting()
      let user = try names.stored(user, in: store)
      guard let profile = try store.profile(of: user, settings.settings) else {
        throw try ProfileCommand.unknown(user, names, in: store)
      }
      ProfileCommand.tellFuture(profile, settings.settings, in: store)
      if json { return try Console.output(try profile.jsonLine() + "\n") }
      let quotes = try store.reasons(for: .stars, of: user) ?? []
      try Console.output(
        ProfileText(profile, quotes: quotes, styled: ProfileCommand.isStyled).description)
    }
  }
}

struct ProfileWhy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Show the reviews that a trait comes from, newest first.",
    discussion: """
      Traits: stars, complaint, churn, intent.LABEL, aspect.NAME, name.TEXT. Of an aspect or a name \
      the sentence is shown that it stands in, of the others the review's first.

      Example:
        gloss profile why marla_k 'aspect.battery life' --store profiles.sqlite
      """)

  @Argument(help: "The user.") var user: String
  @Argument(help: "The trait.") var trait: String
  @OptionGroup var names: UserNames
  @OptionGroup var store: StoreOptions
  @Flag(help: "Write one JSON object a line.") var json = false

  func validate() throws {
    guard Trait(trait) != nil else {
      throw ValidationError(
        "no trait '\(trait)'; use stars, complaint, churn, intent.LABEL, aspect.NAME or name.TEXT")
    }
  }

  func run() throws {
    try failing {
      let store = try store.openExisting()
      let user = try names.stored(user, in: store)
      guard let trait = Trait(trait), let reasons = try store.reasons(for: trait, of: user) else {
        throw try ProfileCommand.unknown(user, names, in: store)
      }
      if reasons.isEmpty {
        Console.note("\(store.path): no review of '\(user)' speaks of \(trait)")
        throw Status.rejected
      }
      if json {
        for reason in reasons { try Console.output(try reason.sortedJSON() + "\n") }
      } else {
        try Console.output(
          ReasonText(reasons, styled: ProfileCommand.isStyled).description)
      }
    }
  }
}

struct ProfileListing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the users of a store.",
    discussion: """
      Fields for --where and --sort: \(ProfileField.help). Conditions are joined by 'and'; one on \
      what a profile does not have, such as an intent never shown, does not hold. Days are those of \
      UTC; texts of other sources are compared as numbers where both are.

      Example:
        gloss profile list --where 'intent.complaint > 0.5 and reviews >= 3' --since 2024-01-01 \\
          --sort churn --descending --store profiles.sqlite
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var settings: SettingsOptions
  @Option(name: .customLong("where"), help: "Only users of whom this holds.") var condition: String?
  @Option(help: "Only users who wrote on this day or later.") var since: String?
  @Option(help: "Sort by a field, least first. (default: most reviews first)") var sort: String?
  @Flag(help: "Sort by that field, most first.") var descending = false
  @Option(help: "Show so many users at most.") var limit: Int?
  @Flag(help: "Write one JSON object a line.") var json = false

  func validate() throws {
    do {
      _ = try condition.map { condition throws(ProfileFilter.Malformed) in
        try ProfileFilter(condition)
      }
    } catch {
      throw ValidationError("--where: \(error)")
    }
    if let sort, ProfileField(sort) == nil {
      throw ValidationError("--sort: no field '\(sort)'; use one of \(ProfileField.help)")
    }
    if descending, sort == nil {
      throw ValidationError("--descending goes with --sort; name the field to sort by")
    }
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit); it has to be 1 or more") }
    if since != nil, sinceSeconds == nil {
      throw ValidationError("--since is '\(since ?? "")'; write a day such as 2024-01-01")
    }
  }

  private var sinceSeconds: Int? { since.flatMap(SettingsOptions.seconds) }

  func run() throws {
    try failing {
      let filter = try condition.map { try ProfileFilter($0) }
      let since = sinceSeconds
      let store = try store.openExisting()
      var profiles: [Profile] = []
      var isFirst = true
      try store.forEachProfile(settings.settings) { profile in
        if isFirst { ProfileCommand.tellFuture(profile, settings.settings, in: store) }
        isFirst = false
        if let filter, !filter.matches(profile) { return }
        if let since {
          guard let last = profile.activity.last.flatMap(SettingsOptions.seconds), last >= since
          else { return }
        }
        var profile = profile
        // They are many, and a list shows none.
        if !json { for index in profile.aspects.indices { profile.aspects[index].evidence = [] } }
        profiles.append(profile)
      }
      let field = sort.flatMap(ProfileField.init) ?? ProfileField("reviews")
      if let field {
        profiles = ProfileFilter.sort(
          profiles, by: field, descending: sort == nil || descending)
      }
      if profiles.isEmpty { Console.note("\(store.path): no user is such") }
      if let limit { profiles = Array(profiles.prefix(limit)) }
      if json {
        for profile in profiles { try Console.output(try profile.jsonLine() + "\n") }
      } else {
        try Console.output(ProfileList(profiles, styled: ProfileCommand.isStyled).description)
      }
    }
  }
}

struct ProfileExport: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case jsonl, csv
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write every profile, by user.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var settings: SettingsOptions
  @Option(help: "jsonl, or csv with what fits into a line.") var format: Format = .jsonl
  @Option(help: "Write to this file, which appears when all is done.", completion: .file())
  var out: String = "-"

  func validate() throws {
    try ReadingOptions.checkOutputs([("--out", out)], taken: [(store.path, "the store")])
  }

  func run() throws {
    try failing {
      let store = try store.openExisting()
      let file = try OutputFile(path: out)
      var count = 0
      if format == .csv { try file.write(Data(ProfileTable.header.utf8)) }
      try store.forEachProfile(settings.settings) { profile in
        count += 1
        let line = format == .csv ? ProfileTable.row(profile) : try profile.jsonLine() + "\n"
        try file.write(Data(line.utf8))
      }
      try file.finish()
      do {
        try store.noteExport(profiles: count, format: format.rawValue)
      } catch ProfileError.readOnly(let path) {
        Console.note("\(path): read-only, so the export is not noted there")
      }
    }
  }
}

struct ProfileDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Say which traits of which users flip between two stores.",
    discussion: """
      To compare two models, annotate the same reviews into two stores; or copy a store with \
      gloss profile copy before gloss annotate --refresh.
      """)

  @Argument(help: "The earlier store.", completion: .file()) var before: String
  @Argument(help: "The later store.", completion: .file()) var after: String
  @OptionGroup var settings: SettingsOptions
  @Flag(help: "Write one JSON object a line.") var json = false

  func run() throws {
    try failing {
      let before = try StoreOptions.openExisting(before)
      let after = try StoreOptions.openExisting(after)
      try after.forEachDifference(from: before, settings.settings) { difference in
        try Console.output((json ? try difference.sortedJSON() : difference.line) + "\n")
      }
    }
  }
}

struct ProfileStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Count what a store holds.")

  @OptionGroup var store: StoreOptions
  @Flag(help: "Write one JSON object.") var json = false

  func run() throws {
    try failing {
      let statistics = try store.openExisting().statistics()
      try Console.output(
        json ? try statistics.sortedJSON() + "\n" : StatisticsText(statistics).description)
    }
  }
}
