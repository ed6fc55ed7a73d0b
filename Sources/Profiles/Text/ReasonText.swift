import Reviews

/// The sentences that a trait comes from, for a terminal of 80 columns.
public struct ReasonText: CustomStringConvertible {
  /// The rendered lines, none wider than 80 columns.
  public let lines: [String]

  /// Renders `reasons` in the order they come, what was found in bold where `styled`.
  public init(_ reasons: [Reason], styled: Bool = false) {
    lines = Array(
      reasons.map { Self.lines(of: $0, styled: styled) }.joined(separator: [""]))
  }

  /// All lines, each ended by a line feed.
  public var description: String { lines.map { $0 + "\n" }.joined() }

  private static func lines(of reason: Reason, styled: Bool) -> [String] {
    let found = reason.found.map { "\"\($0)\"" }
    let facts: [String?] = [
      reason.time.map(TimeText.day(of:)) ?? "no date",
      "\(ProfileSummary.decimal(reason.stars)) stars", found, reason.polarity?.rawValue,
      reason.confidence.formatted(), "\(reason.source)/\(reason.review)",
      reason.start.flatMap { start in reason.end.map { "\(start)-\($0)" } }, reason.model,
    ]
    let head = TerminalText.wrapped(
      TerminalText.clean(facts.compactMap(\.self).joined(separator: "  ")),
      columns: TextTable.lineWidth)
    guard let sentence = reason.sentence else { return head }
    let words = TerminalText.wrapped(
      TerminalText.clean(sentence), columns: TextTable.lineWidth - 2)
    guard styled else { return head + words.map { "  " + $0 } }
    return head.map { TerminalText.styled($0, .dim) } + words.map { "  " + $0 }
  }
}

extension Double {
  /// Two decimals.
  fileprivate func formatted() -> String {
    let hundredths = Int((self * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
