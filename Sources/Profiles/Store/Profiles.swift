import Crypto
import Files
import Foundation
import GRDB
import Synchronization

extension ProfileStore {
  /// The profile that a user's reviews count for; nil for a user of whom the store knows nothing.
  public func profile(
    of user: String, _ settings: ProfileSettings = .init()
  ) throws(ProfileError) -> Profile? {
    try profile(of: user, population(settings), settings)
  }

  /// The profile of a user among a population that is worked out already.
  func profile(
    of user: String, _ population: Population, _ settings: ProfileSettings
  ) throws(ProfileError) -> Profile? {
    try read { database in
      guard let members = try Self.members(ofProfileWith: user, database) else { return nil }
      let holding = try Self.holding(of: members, database)
      return holding.isEmpty ? nil : holding.profile(population, AspectNames(), settings)
    }
  }

  /// Whether anything is known of a user.
  func holds(_ user: String) throws(ProfileError) -> Bool {
    try read { database in
      guard let members = try Self.members(ofProfileWith: user, database) else { return false }
      return try !Self.holding(of: members, database).isEmpty
    }
  }

  /// Calls `body` with every profile, in the order of the users' names as bytes; all cores work out
  /// some hundred at a time.
  ///
  /// Throws `ProfileError`, or what `body` throws.
  public func forEachProfile(
    _ settings: ProfileSettings = .init(), _ body: (Profile) throws -> Void
  ) throws {
    let population = try population(settings)
    do {
      try queue.read { database in
        var batch: [Holding] = []
        func finish() throws {
          for profile in Self.profiles(batch, population, settings) { try body(profile) }
          batch.removeAll(keepingCapacity: true)
        }
        try Self.forEachHolding(database) { holding in
          batch.append(holding)
          if batch.count == Self.batchSize { try finish() }
        }
        try finish()
      }
    } catch let error as DatabaseError {
      throw ProfileError(error, path: path)
    }
  }

  /// Works the population out where that has not been done since the evidence changed, so that
  /// asking for a profile need not.
  public func settle() throws(ProfileError) { _ = try population(.init(), isPatient: true) }

  private static let batchSize = 512

  /// What a store holds of the members of a profile.
  private struct Holding {
    let members: Members
    let reviews: [StoredReview]
    let known: [KnownField]

    var isEmpty: Bool { reviews.isEmpty && known.isEmpty }

    func profile(
      _ population: Population, _ names: AspectNames, _ settings: ProfileSettings
    ) -> Profile {
      Profile(
        user: members.names[0], merged: Array(members.names.dropFirst()), reviews: reviews,
        known: known, population: population, names: names, settings: settings)
    }
  }

  private static func holding(of members: Members, _ database: Database) throws -> Holding {
    Holding(
      members: members,
      reviews: try members.ids.flatMap { try StoredReview.fetchAll(ofUser: $0, database) },
      known: try knownFields(of: members, database))
  }

  /// Every profile of which something is known, in the order of the users' names; of those whose
  /// names `isWanted`.
  private static func forEachHolding(
    _ database: Database, where isWanted: (String) -> Bool = { _ in true },
    _ body: (Holding) throws -> Void
  ) throws {
    let isAnyMerged =
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM user WHERE merged_into IS NOT NULL)") ?? true
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT id, CAST(name AS BLOB) FROM user WHERE merged_into IS NULL ORDER BY name")
    while let row = try rows.next() {
      let (id, name) = (try row.decode(Int.self, atIndex: 0), try row.text(1))
      guard isWanted(name) else { continue }
      let members =
        isAnyMerged ? try members(ofProfile: id, database) : Members(ids: [id], names: [name])
      let holding = try holding(of: members, database)
      if !holding.isEmpty { try body(holding) }
    }
  }

  private static func profiles(
    _ holdings: [Holding], _ population: Population, _ settings: ProfileSettings
  ) -> [Profile] {
    let profiles = Mutex([Profile?](repeating: nil, count: holdings.count))
    let cores = ProcessInfo.processInfo.activeProcessorCount
    DispatchQueue.concurrentPerform(iterations: cores) { core in
      let names = AspectNames()
      for index in stride(from: core, to: holdings.count, by: cores) {
        let profile = holdings[index].profile(population, names, settings)
        profiles.withLock { $0[index] = profile }
      }
    }
    return profiles.withLock { $0.compactMap(\.self) }
  }

  /// The population that the store remembers, worked out anew where the evidence has changed since
  /// or only what was written up to a day counts. What was worked out is remembered where the store
  /// may be written to at once, or `isPatient` waits for it.
  func population(
    _ settings: ProfileSettings, isPatient: Bool = false
  ) throws(ProfileError) -> Population {
    let (generation, kept) = try read { database in
      let generation =
        try Int.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'generation'") ?? 0
      let json = try String.fetchOne(
        database, sql: "SELECT value FROM setting WHERE name = 'population'")
      return (generation, json.flatMap(KeptPopulation.init(json:)))
    }
    let isCut = settings.asOf.map { asOf in kept?.population.last.map { asOf < $0 } ?? true }
    if let kept, kept.generation == generation, kept.version == KeptPopulation.currentVersion,
      isCut != true
    {
      return kept.population
    }
    let population = try read { try Self.population(upTo: settings.asOf, $0) }
    if settings.asOf == nil {
      let json = KeptPopulation(generation: generation, population: population).json
      func remember(_ database: Database) throws {
        try database.execute(
          sql: "INSERT OR REPLACE INTO setting VALUES ('population', ?)", arguments: [json])
      }
      // A store that may only be read, or is being written to, gives the same answers, later.
      try? isPatient ? write(remember) : writeAtOnce(remember)
    }
    return population
  }

  /// Writers that a population is worked out of; more would not make it surer.
  private static let sampleSize = 20_000

  private static func population(upTo asOf: Int?, _ database: Database) throws -> Population {
    let count =
      try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM user WHERE merged_into IS NULL") ?? 0
    let share = Double(sampleSize) / Double(max(count, 1))
    var fit = PopulationFit()
    try forEachHolding(database, where: { isSampled($0, share: share) }) { holding in
      fit.add(Readings(holding.reviews, asOf: asOf, halfLifeDays: nil))
    }
    var population = fit.population
    population.last = try Int.fetchOne(
      database, sql: "SELECT MAX(seconds) FROM review WHERE seconds <= ?",
      arguments: [asOf ?? Int.max])
    return population
  }

  /// Whether a user is in the sample, which follows from the name alone.
  private static func isSampled(_ user: String, share: Double) -> Bool {
    guard share < 1 else { return true }
    let number = SHA256.hash(data: Data(user.utf8)).prefix(6).reduce(0.0) { $0 * 256 + Double($1) }
    return number / Double(1 << 48) < share
  }

  /// A population and the evidence it was worked out of.
  private struct KeptPopulation: Codable {
    /// Another one is worked out anew: it may have been worked out otherwise.
    static let currentVersion = 2

    var generation: Int
    var version: Int? = currentVersion
    var population: Population

    init(generation: Int, population: Population) {
      self.generation = generation
      self.population = population
    }

    init?(json: String) {
      guard let kept = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
        return nil
      }
      self = kept
    }

    var json: String { (try? sortedJSON()) ?? "" }
  }
}
