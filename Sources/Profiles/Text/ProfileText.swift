import Reviews

/// A profile as a person reads it on a terminal of 80 columns.
///
/// Below three reviews it lists them and draws no conclusions.
public struct ProfileText: CustomStringConvertible {
  /// The rendered lines, none wider than 80 columns.
  public let lines: [String]

  /// Renders `profile`, in bold and colour where `styled`; `quotes` are sentences of what its
  /// writer said last.
  public init(_ profile: Profile, quotes: [Reason] = [], styled: Bool = false) {
    var sections = [
      Self.heading(profile, styled: styled),
      TerminalText.wrapped(ProfileSummary.text(of: profile), columns: TextTable.lineWidth),
    ]
    if profile.reviews >= ProfileSummary.fewestReviews {
      sections += [
        Self.trend(profile, styled: styled),
        Self.aspects(profile, [.disliked], "Dislikes", .red, styled: styled),
        Self.aspects(profile, [.liked], "Likes", .green, styled: styled),
        Self.aspects(profile, [.divided, .unclear], "Also judged", nil, styled: styled),
        Self.names(profile, styled: styled),
        Self.intents(profile, styled: styled),
        Self.signals(profile, styled: styled),
      ]
    }
    sections += [
      Self.known(profile, styled: styled),
      quotes.contains { $0.sentence != nil }
        ? Self.saidLast(profile, quotes, styled: styled) : Self.latest(profile, styled: styled),
    ]
    lines = Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  /// All lines, each ended by a line feed.
  public var description: String {
    lines.map { $0 + "\n" }.joined()
  }

  private static func heading(_ profile: Profile, styled: Bool) -> [String] {
    let name = TerminalText.shortened(TerminalText.clean(profile.user), to: TextTable.lineWidth)
    let languages = profile.languages.map { "\(ProfileSummary.languageName($0.text)) \($0.count)" }
    let period = ProfileSummary.period(profile, from: "", to: " to ") ?? "no dates"
    let line = TerminalText.clean(period + "   " + languages.joined(separator: ", "))
    return [
      styled ? TerminalText.styled(name, .bold) : name,
      TerminalText.shortened(line, to: TextTable.lineWidth),
    ]
  }

  private static func trend(_ profile: Profile, styled: Bool) -> [String] {
    guard let (unit, periods) = StarPeriods.rows(profile.sentiment.months) else { return [] }
    let table = TextTable(columns: [
      .init(limit: 8), .init(limit: 20), .init(limit: 3, isRightAligned: true),
      .init(limit: 20),
    ])
    let counts = reviewCounts(periods.map(\.reviews))
    let rows: [[TextTable.Cell]] = zip(periods, counts).map { period, count in
      let stars = period.stars
      return [
        .init(period.month), .init(StarPeriods.bar(stars), color(stars)),
        .init(ProfileSummary.decimal(stars)), .init(count, .dim),
      ]
    }
    let dated = profile.sentiment.months.reduce(0) { $0 + $1.reviews }
    let older = dated - periods.reduce(0) { $0 + $1.reviews }
    let undated = profile.reviews - profile.abstained - dated
    return section("Stars by \(unit)", rows, table, styled)
      + (older > 0 ? ["  and \(ProfileSummary.counted(older, "older review"))"] : [])
      + (undated > 0 ? ["  and \(ProfileSummary.counted(undated, "review")) without a date"] : [])
  }

  /// Aspects of some stances: a bar from blame to praise, and how often.
  private static func aspects(
    _ profile: Profile, _ stances: [Profile.Stance], _ heading: String,
    _ color: TerminalText.Style?, styled: Bool
  ) -> [String] {
    let table = TextTable(columns: [
      .init(limit: 26), .init(limit: 10), .init(limit: 24), .init(limit: 12),
    ])
    let rows: [[TextTable.Cell]] = profile.aspects.filter { stances.contains($0.stance) }.map {
      aspect in
      let counts = [
        aspect.positive > 0 ? "\(aspect.positive) for" : nil,
        aspect.negative > 0 ? "\(aspect.negative) against" : nil,
      ].compactMap(\.self)
      return [
        .init(aspect.name, color), .init(StarPeriods.bar(aspect.liking.mean, of: 1), color),
        .init(
          counts.isEmpty
            ? ProfileSummary.counted(aspect.mentions, "mention") : counts.joined(separator: ", ")),
        .init(aspect.group.map(groupName) ?? "", .dim),
      ]
    }
    return section(heading, rows, table, styled)
  }

  private static func groupName(_ group: String) -> String {
    String(group.prefix { $0 != "_" })
  }

  private static func names(_ profile: Profile, styled: Bool) -> [String] {
    let table = TextTable(columns: [.init(limit: 18), .init(limit: namesWidth)])
    let rows: [[TextTable.Cell]] = profile.names.map { group in
      let names = group.names.map { name in
        TerminalText.clean(name.text) + (name.count > 1 ? " (\(name.count))" : "")
      }
      return [
        .init(typeNames[group.type] ?? group.type, .dim),
        .init(TerminalText.list(names, columns: namesWidth)),
      ]
    }
    return section("Names", rows, table, styled)
  }

  private static func intents(_ profile: Profile, styled: Bool) -> [String] {
    let table = TextTable(columns: [
      .init(limit: 20), .init(limit: 10), .init(limit: 20), .init(limit: 20),
    ])
    let counts = reviewCounts(profile.intents.map(\.reviews))
    let rows: [[TextTable.Cell]] = zip(profile.intents, counts).map { intent, count in
      [
        .init(ProfileSummary.words(intent.label)),
        .init(StarPeriods.bar(intent.rate.mean, of: 1)), .init(count, .dim),
        .init(intent.lastTime.map { "last " + TimeText.day(of: $0) } ?? "", .dim),
      ]
    }
    return section("Wants", rows, table, styled)
  }

  private static func signals(_ profile: Profile, styled: Bool) -> [String] {
    let table = TextTable(columns: [
      .init(limit: 20), .init(limit: 10), .init(limit: 6, isRightAligned: true), .init(limit: 32),
    ])
    let complaint = profile.signals.complaint
    let silence = profile.activity.silenceDays.map {
      "silent for " + ProfileSummary.counted(Int($0.rounded()), "day")
    }
    let rows: [[TextTable.Cell]] = [
      [
        "complains", .init(StarPeriods.bar(complaint.mean, of: 1), .red),
        .init(ProfileSummary.percent(complaint.mean)),
        .init(
          "\(ProfileSummary.percent(complaint.low)) to \(ProfileSummary.percent(complaint.high))",
          .dim),
      ],
      [
        "has left", .init(StarPeriods.bar(profile.signals.churn, of: 1), .red),
        .init(ProfileSummary.percent(profile.signals.churn)), .init(silence ?? "no dates", .dim),
      ],
    ]
    return section("Signals", rows, table, styled)
  }

  private static func known(_ profile: Profile, styled: Bool) -> [String] {
    let table = TextTable(columns: [.init(limit: 20), .init(limit: 36), .init(limit: 18)])
    return section(
      "Known", profile.known.map { [.init($0.field), .init($0.value), .init($0.source, .dim)] },
      table, styled)
  }

  /// The latest reviews, each by a sentence, or by its id where none of it is kept.
  private static func saidLast(
    _ profile: Profile, _ quotes: [Reason], styled: Bool
  ) -> [String] {
    var lines = [styled ? TerminalText.styled("Said last", .bold) : "Said last"]
    for review in profile.latest {
      let quote = quotes.first { $0.source == review.source && $0.review == review.id }
      let day = review.time.map(TimeText.day(of:)) ?? "no date"
      let words = quote?.sentence ?? ""
      let sentence = TerminalText.clean(words.isEmpty ? "(\(review.id))" : words)
      let wrapped = TerminalText.wrapped(
        sentence, columns: TextTable.lineWidth - 20, limit: quoteLines + 1)
      for (index, line) in wrapped.prefix(quoteLines).enumerated() {
        let isCut = index == quoteLines - 1 && wrapped.count > quoteLines
        let text = isCut ? TerminalText.shortened(line + " …", to: TextTable.lineWidth - 20) : line
        let head = index == 0 ? "  \(day)  \(ProfileSummary.decimal(review.stars))  " : ""
        lines.append(
          head + String(repeating: " ", count: max(0, 19 - TerminalText.width(head))) + text)
      }
    }
    return lines
  }

  private static func latest(_ profile: Profile, styled: Bool) -> [String] {
    let table = TextTable(columns: [
      .init(limit: 10), .init(limit: 3, isRightAligned: true), .init(limit: 8),
      .init(limit: 24), .init(limit: 25),
    ])
    let rows: [[TextTable.Cell]] = profile.latest.map { review in
      [
        .init(review.time.map(TimeText.day(of:)) ?? "no date"),
        .init(ProfileSummary.decimal(review.stars)),
        .init(review.label.rawValue, color(review.stars)), .init(review.item ?? ""),
        .init(review.id, .dim),
      ]
    }
    return section("Latest reviews", rows, table, styled)
  }
}

/// Lines that a quote may take.
private let quoteLines = 3
private let namesWidth = 58
/// Rows that a section shows; how many more there are is said below them.
private let rowLimit = 12

private let typeNames = [
  "PER": "people", "LOC": "places", "ORG": "organisations", "PRODUCT": "products",
  "WORK": "works", "PRODTYPE": "kinds of product",
]

private func section(
  _ heading: String, _ rows: [[TextTable.Cell]], _ table: TextTable, _ styled: Bool
) -> [String] {
  guard !rows.isEmpty else { return [] }
  let more = rows.count > rowLimit ? ["  and \(rows.count - rowLimit) more"] : []
  return [styled ? TerminalText.styled(heading, .bold) : heading]
    + table.lines(Array(rows.prefix(rowLimit)), styled: styled) + more
}

/// "12 reviews" and " 1 review": the numbers end in one column.
private func reviewCounts(_ counts: [Int]) -> [String] {
  let texts = counts.map { ProfileSummary.counted($0, "review") }
  let digits = counts.map { String($0).count }
  return zip(texts, digits).map { text, count in
    String(repeating: " ", count: (digits.max() ?? 0) - count) + text
  }
}

private func color(_ stars: Double) -> TerminalText.Style {
  switch stars {
  case ..<2.5: .red
  case ..<3.5: .yellow
  default: .green
  }
}
