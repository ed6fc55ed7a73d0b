import ArgumentParser
import Foundation
import Inference
import Privacy
import Profiles
import Reviews

/// `gloss annotate`: reviews in, profiles enriched.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read reviews into a profile store.",
    discussion: """
      A review is named by its source and its id: reading it again changes nothing, and costs \
      nothing where the same model has read it. A changed review replaces what was noted of it. \
      Reviews without ids are named by their content, records by what they say: where gloss classify \
      read reviews without ids, give the records of each file a --source of their own.

      Examples:
        gloss annotate reviews.jsonl --store profiles.sqlite
        zcat night.csv.gz | gloss annotate - --format csv --text-field body --store profiles.sqlite
        gloss annotate reviews.jsonl --redact --pseudonymize key.bin --store profiles.sqlite
        gloss annotate --records glosses.jsonl --store profiles.sqlite
        gloss annotate --refresh --model models/newer --store profiles.sqlite

      Exit status: 0 done; 1 rows were rejected or a file had none; 2 the run could not go on; \
      64 wrong usage; 130 interrupted.
      """)

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var store: StoreOptions
  @Option(
    help: """
      Where the reviews come from; ids are unique within a source. (default: \(Intake.usualSource))
      """)
  var source: String?
  @Flag(
    help: """
      The files hold records that gloss classify wrote; no model is loaded. A record has no text: a \
      review that it replaces keeps none.
      """)
  var records = false
  @Flag(
    help: "Read again what another model has read, from the texts in the store; no files are named."
  )
  var refresh = false
  @Flag(
    help: """
      Keep no texts: what is noted, with its words and their places, is all that stays, also of \
      reviews whose texts the store holds. They are read again.
      """)
  var noText = false
  @Flag(help: "Take reviews of users who were erased.") var allowErased = false

  func validate() throws {
    if refresh {
      if !reading.files.isEmpty {
        throw ValidationError("--refresh reads the store's own texts; name no files")
      }
      if records || noText {
        throw ValidationError("--refresh goes with neither --records nor --no-text")
      }
    } else {
      try reading.checkNamed()
    }
    if records || refresh, reading.isPrivate {
      throw ValidationError(
        "--redact and --pseudonymize work on reviews as they come in; give them to the run that reads"
          + " those")
    }
    if source?.isEmpty == true {
      throw ValidationError("--source is empty; name where the reviews are from")
    }
    if records, reading.minConfidence > 0 {
      throw ValidationError(
        "--records takes records as they are; give --min-confidence to gloss classify")
    }
    let silent = [
      ("--limit", reading.limit != nil), ("--summary", reading.summary != nil),
      ("--rejects", reading.rejects != nil), ("--source", source != nil),
      ("--progress json", reading.progress == .json), ("--allow-erased", allowErased),
      ("--on-bad-row stop", reading.onBadRow == .stop),
    ].filter(\.1).map(\.0)
    if refresh, let option = (silent + reading.givenTextOptions).first {
      throw ValidationError("--refresh reads no rows, so \(option) says nothing; leave it out")
    }
    let reader = [
      ("--model", reading.model.folder != nil),
      ("--precision", reading.precision.isGiven),
      ("--batch-tokens", reading.batchTokens != TextReader.defaultBatchTokens),
    ].filter(\.1).map(\.0)
    let given = reading.givenTextOptions + reader
    if records, let option = given.first {
      throw ValidationError("--records reads no reviews, so \(option) says nothing; leave it out")
    }
    try reading.checkOutputs(
      [("--rejects", reading.rejects), ("--summary", reading.summary)], store: store.path)
  }

  func run() throws {
    try failing {
      try reading.checkFiles()
      if refresh { return try refreshStore(try store.openExisting()) }
      let reader = try reading.readerOptions(requiresUser: true, keepsFields: false)
      if records { return try takeRecords(try store.open(), reader) }
      // Before the store, which is made where there is none.
      let annotator = try makeAnnotator()
      let store = try store.open()
      try store.keepPseudonyms(ofEmptyName: reader.privacy.pseudonyms.map { $0("") })
      let session = AnnotateSession(store, intake(annotator.modelName))
      let run = ReadingRun(
        options: reading, reader: reader, passes: session.passes)
      try run.run(annotator, glossed: session.record, passed: session.passed, finish: {}) {
        // Of a run that is cut short, too: the last row of an id is what the review is.
        let missed = Result { try session.readMissed(annotator) }
        try session.close()
        try missed.get()
      }
    }
  }

  private func makeAnnotator() throws -> Annotator {
    Annotator(
      try reading.model.load(), threads: reading.threads.count, batchTokens: reading.batchTokens,
      minimumConfidence: reading.minConfidence, precision: reading.precision.chosen())
  }

  private func intake(_ model: String, of source: String? = nil) -> Intake {
    Intake(
      source: source ?? self.source ?? Intake.usualSource, model: model,
      minimumConfidence: reading.minConfidence,
      allowsErased: allowErased, keepsText: !noText)
  }

  private func takeRecords(_ store: ProfileStore, _ reader: ReviewReader.Options) throws {
    let session = AnnotateSession(store, intake("as given"))
    var options = reader
    options.format = .jsonl
    try ReadingRun(options: reading, reader: options).run(
      nil, glossed: session.record, passed: { _ in }, finish: {}, closing: { try session.close() })
  }

  /// Reads the store's texts again, some hundred at a time.
  private func refreshStore(_ store: ProfileStore) throws {
    let annotator = try makeAnnotator()
    let interruption = Interruption()
    var last = 0
    var replaced = 0
    var counts: [String: IntakeCounts] = [:]
    func readAgain() throws {
      while !interruption.wasRequested {
        let stale = try store.stale(for: intake(annotator.modelName), after: last, limit: 512)
        guard let end = stale.last?.row else { break }
        last = end
        let reviews = stale.map {
          Review(id: $0.id, user: $0.user, item: $0.item, time: $0.time, text: $0.text)
        }
        let evidence = zip(reviews, annotator.annotate(reviews)).map { review, gloss in
          Evidence(gloss, text: review.text, content: Evidence.content(of: review))
        }
        // By bytes: names that look alike may be of two sources.
        let bySource = Dictionary(grouping: zip(stale, evidence)) { Array($0.0.source.utf8) }
        for rows in bySource.values {
          let source = rows[0].0.source
          let intake = intake(annotator.modelName, of: source)
          let refreshed = try store.refresh(rows.map(\.1), in: intake)
          replaced += refreshed.replaced
          counts[source, default: IntakeCounts()].add(refreshed)
        }
        if reading.progress == .auto, Console.isTerminal {
          Console.progress { "\(replaced) reviews read again" }
        }
      }
    }
    // What was read before an error is noted.
    var failure: (any Error)?
    do { try readAgain() } catch { failure = error }
    Console.clearProgress()
    do {
      for (source, counts) in counts.sorted(by: { $0.key < $1.key }) {
        try store.noteIntake(counts, in: intake(annotator.modelName, of: source))
      }
      try store.settle()
    } catch {
      failure = failure ?? error
    }
    if let failure { throw failure }
    Console.note("\(store.path): \(replaced) reviews read again")
    let textless = try store.staleTextlessCount(for: intake(annotator.modelName))
    if textless > 0 {
      Console.note(
        "\(store.path): \(textless) reviews have no text here and stay as they were read; annotate"
          + " their files again")
    }
    if interruption.wasRequested { throw Status.interrupted }
  }
}

/// A run of reviews into a store: what comes out of the model goes in, and is counted.
private final class AnnotateSession: @unchecked Sendable {
  // What changes is touched under the lock, by whoever delivers and by the timer.
  private let lock = NSLock()
  private let store: ProfileStore
  private let intake: Intake
  private var counts = IntakeCounts()
  /// Reviews by the bytes of their ids: the last row of an id is what the review is.
  private var missed: [[UInt8]: Review] = [:]
  /// What is not yet in the store: a transaction waits for the disk, however little it holds.
  private var pending: [Evidence] = []
  private var lastWrite = Date()

  /// Evidence that is written at once, and seconds after which less is.
  private static let (mostPending, longestWait) = (4_096, 1.0)
  /// Writes what waits while no more comes, as on a pipe that is silent.
  private let timer = DispatchSource.makeTimerSource(queue: .global())

  init(_ store: ProfileStore, _ intake: Intake) {
    self.store = store
    self.intake = intake
    timer.schedule(deadline: .now() + Self.longestWait, repeating: Self.longestWait)
    timer.setEventHandler { [weak self] in
      // Where it fails the next record or the end of the run tries again, and tells.
      self?.lock.withLock { try? self?.write() }
    }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// Which reviews the store holds as they are, or does not take.
  @Sendable func passes(_ reviews: [Review]) throws -> [Bool] {
    try store.standing(of: reviews, in: intake).map { $0 != .wanted }
  }

  func record(_ annotations: [Annotation]) throws {
    try lock.withLock {
      if !missed.isEmpty {
        for annotation in annotations { missed[Array(annotation.gloss.id.utf8)] = nil }
      }
      pending += annotations.map(evidence)
      if pending.count >= Self.mostPending || -lastWrite.timeIntervalSinceNow >= Self.longestWait {
        try write()
      }
    }
  }

  private func write() throws {
    lastWrite = Date()
    guard !pending.isEmpty else { return }
    counts.add(try store.record(pending, in: intake))
    pending.removeAll(keepingCapacity: true)
  }

  private func evidence(_ annotation: Annotation) -> Evidence {
    guard let review = annotation.review else {
      return Evidence(
        annotation.gloss, text: nil, content: Evidence.content(ofRecord: annotation.row ?? []))
    }
    return evidence(annotation.gloss, review)
  }

  private func evidence(_ gloss: Gloss, _ review: Review) -> Evidence {
    Evidence(
      gloss, text: intake.keepsText ? review.text : nil, content: Evidence.content(of: review))
  }

  /// Counts reviews that were passed over; what another row of the same id has changed meanwhile is
  /// read at the end.
  func passed(_ reviews: [Review]) throws {
    try lock.withLock {
      try write()
      for (review, standing) in zip(reviews, try store.standing(of: reviews, in: intake)) {
        missed[Array(review.id.utf8)] = nil
        switch standing {
        case .wanted: missed[Array(review.id.utf8)] = review
        case .unchanged: counts.unchanged += 1
        case .withheld: counts.withheld += 1
        }
      }
    }
  }

  func readMissed(_ annotator: Annotator) throws {
    try lock.withLock {
      try write()
      let reviews = Array(missed.values)
      let read = zip(annotator.annotate(reviews), reviews)
      counts.add(try store.record(read.map { evidence($0, $1) }, in: intake))
    }
  }

  /// Writes what is left, remembers the run and works out what profiles need.
  func close() throws {
    timer.cancel()
    defer { tell() }
    try lock.withLock { try write() }
    try store.noteIntake(counts, in: intake)
    try store.settle()
  }

  private func tell() {
    let withheld = counts.withheld > 0 ? ", \(counts.withheld) withheld (erased users)" : ""
    Console.note(
      "\(store.path): \(counts.added) added, \(counts.replaced) replaced,"
        + " \(counts.unchanged) unchanged" + withheld)
    if counts.reassigned > 0 {
      Console.note(
        "\(store.path): \(counts.reassigned) of the replaced reviews had been another user's; where"
          + " files number their reviews anew, annotate each with a --source of its own")
    }
  }
}
