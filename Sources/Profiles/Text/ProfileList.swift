/// The writers of a store as a table for a terminal of 80 columns.
public struct ProfileList: CustomStringConvertible {
  /// A heading and a line per writer, none wider than 80 columns; none at all without writers.
  public let lines: [String]

  /// Renders `profiles` in the order they come, the heading in bold where `styled`.
  public init(_ profiles: [Profile], styled: Bool = false) {
    let table = TextTable(
      columns: [
        .init(limit: 24), .init(limit: 7, isRightAligned: true),
        .init(limit: 5, isRightAligned: true), .init(limit: 7), .init(limit: 10),
        .init(limit: 5, isRightAligned: true), .init(limit: 10),
      ], indent: 0)
    let heading = ["user", "reviews", "stars", "trend", "last seen", "left", "wants"].map {
      TextTable.Cell($0, .bold)
    }
    let rows: [[TextTable.Cell]] = profiles.map { profile in
      // Of somebody without reviews all is supposed.
      let isKnown = profile.reviews > 0
      return [
        .init(profile.user), .init(String(profile.reviews)),
        .init(isKnown ? ProfileSummary.decimal(profile.sentiment.stars.mean) : ""),
        .init(profile.sentiment.trend?.rawValue ?? ""),
        .init(profile.activity.last.map(TimeText.day(of:)) ?? "no date"),
        .init(isKnown ? ProfileSummary.percent(profile.signals.churn) : ""),
        .init(profile.intents.first.map { ProfileSummary.words($0.label) } ?? ""),
      ]
    }
    lines = profiles.isEmpty ? [] : table.lines([heading] + rows, styled: styled)
  }

  /// All lines, each ended by a line feed.
  public var description: String {
    lines.map { $0 + "\n" }.joined()
  }
}
