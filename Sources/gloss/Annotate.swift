import ArgumentParser
import Inference
import Profiles

/// `gloss annotate`: reviews in, profiles enriched.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read reviews into a profile store.",
    discussion: """
      Reading a review again replaces its record, so that nothing counts twice.

      Examples:
        gloss annotate reviews.jsonl --store profiles.sqlite
        zcat night.csv.gz | gloss annotate - --format csv --text-field body --store profiles.sqlite
      """)

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var store: StoreOptions

  func run() throws {
    try failing {
      try reading.checkFiles()
      let store = try store.open()
      let annotator = Annotator(
        try reading.model.load(), threads: reading.threads.count,
        batchTokens: reading.batchTokens)
      var totals = (added: 0, replaced: 0, unchanged: 0)
      let run = ReadingRun(
        options: reading, reader: reading.readerOptions(requiresUser: true, keepsFields: false))
      try run.run(annotator) { annotations in
        let result = try store.record(annotations.map(\.gloss))
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
}
