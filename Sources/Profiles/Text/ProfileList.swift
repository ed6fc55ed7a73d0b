/// The writers of a store as a table for a terminal of 80 columns.
public struct ProfileList: CustomStringConvertible {
  /// A heading and a line per writer, none wider than 80 columns; none at all without writers.
  public let lines: [String]

  /// Renders `users` in the order they come, the heading in bold where `styled`.
  public init(_ users: [UserSummary], styled: Bool = false) {
    let table = TextTable(
      columns: [
        .init(limit: 30), .init(limit: 9, isRightAligned: true),
        .init(limit: 5, isRightAligned: true), .init(limit: 10), .init(limit: 18),
      ], indent: 0)
    let heading = ["user", "reviews", "stars", "last seen", "top intent"].map {
      TextTable.Cell($0, .bold)
    }
    let rows: [[TextTable.Cell]] = users.map { user in
      [
        .init(user.user), .init(String(user.reviews)), .init(ProfileSummary.decimal(user.stars)),
        .init(user.lastTime.map(TimeText.day(of:)) ?? "no date"),
        .init(user.topIntent.map(ProfileSummary.words) ?? "none"),
      ]
    }
    lines = users.isEmpty ? [] : table.lines([heading] + rows, styled: styled)
  }

  /// All lines, each ended by a line feed.
  public var description: String {
    lines.map { $0 + "\n" }.joined()
  }
}
