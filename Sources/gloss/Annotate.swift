import ArgumentParser
import Profiles

/// `gloss annotate`: reviews in, profiles enriched.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read reviews into a profile store.",
    discussion: "Reading a review again replaces its record, so that nothing counts twice.")

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var store: StoreOptions

  func run() throws {
    let store: GlossStore = try failing { try self.store.open() }
    var totals = (added: 0, replaced: 0, unchanged: 0)
    try reading.run(requiresUser: true) { glosses in
      let result = try store.record(glosses)
      totals.added += result.added
      totals.replaced += result.replaced
      totals.unchanged += result.unchanged
    } finish: {
      Console.note(
        "\(store.path): \(totals.added) added, \(totals.replaced) replaced,"
          + " \(totals.unchanged) unchanged")
    }
  }
}
