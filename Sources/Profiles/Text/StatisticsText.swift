/// What a store holds, for a terminal of 80 columns.
public struct StatisticsText: CustomStringConvertible {
  /// The rendered lines, none wider than 80 columns.
  public let lines: [String]

  /// Renders `statistics`; models that read reviews are named, so that what is stale shows.
  public init(_ statistics: StoreStatistics) {
    var rows: [[TextTable.Cell]] = [
      ["profiles", .init("\(statistics.profiles)")], ["merged", .init("\(statistics.merged)")],
      ["erased", .init("\(statistics.erased)")], ["reviews", .init("\(statistics.reviews)")],
      ["texts", .init("\(statistics.texts)")], ["entities", .init("\(statistics.entities)")],
      ["intents", .init("\(statistics.intents)")],
    ]
    if let first = statistics.first, let last = statistics.last {
      rows.append(["time", .init("\(first) to \(last)")])
    }
    rows += statistics.sources.map { ["source", .init("\($0.text): \($0.count) reviews")] }
    rows += statistics.models.map { model in
      let least = model.minimumConfidence > 0 ? " from \(model.minimumConfidence)" : ""
      return ["model", .init("\(model.model)\(least): \(model.reviews) reviews")]
    }
    rows.append(["file", .init("\(statistics.bytes) bytes")])
    lines = TextTable(columns: [.init(limit: 10), .init(limit: 66)], indent: 0)
      .lines(rows, styled: false)
  }

  /// All lines, each ended by a line feed.
  public var description: String { lines.map { $0 + "\n" }.joined() }
}
