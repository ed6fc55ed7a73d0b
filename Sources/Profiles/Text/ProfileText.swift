import Reviews

/// A profile as a person reads it on a terminal of 80 columns.
///
/// Below three reviews it lists them and draws no conclusions.
public struct ProfileText: CustomStringConvertible {
  /// The rendered lines, none wider than 80 columns.
  public let lines: [String]

  /// Renders `profile`, in bold and colour where `styled`.
  public init(_ profile: Profile, styled: Bool = false) {
    var sections = [
      Self.heading(profile, styled: styled),
      TerminalText.wrapped(ProfileSummary.text(of: profile), columns: TextTable.lineWidth),
    ]
    if profile.reviews >= ProfileSummary.fewestReviews {
      sections += [
        Self.trend(profile, styled: styled),
        Self.aspects(profile, .negative, "Unhappy with", styled: styled),
        Self.aspects(profile, .positive, "Happy with", styled: styled),
        Self.aspects(profile, nil, "Divided about", styled: styled),
        Self.names(profile, styled: styled),
        Self.intents(profile, styled: styled),
      ]
    }
    sections.append(Self.latest(profile, styled: styled))
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
    let undated = profile.reviews - dated
    return section("Stars by \(unit)", rows, table, styled)
      + (older > 0 ? ["  and \(ProfileSummary.counted(older, "older review"))"] : [])
      + (undated > 0 ? ["  and \(ProfileSummary.counted(undated, "review")) without a date"] : [])
  }

  /// Aspects met mostly with `polarity`; nil: as often happy as unhappy.
  private static func aspects(
    _ profile: Profile, _ polarity: Gloss.Polarity?, _ heading: String, styled: Bool
  ) -> [String] {
    let aspects = ProfileSummary.aspects(profile, mostly: polarity)
    let table = TextTable(columns: [
      .init(limit: 26), .init(limit: 16), .init(limit: evidenceWidth),
    ])
    let color: TerminalText.Style? =
      switch polarity {
      case .negative: .red
      case .positive: .green
      default: nil
      }
    let rows: [[TextTable.Cell]] = aspects.map { aspect in
      let polarities = polarity.map { [$0] } ?? [.negative, .positive]
      let evidence = aspect.evidence.filter { mention in
        polarities.contains { $0 == mention.polarity }
      }
      var ids: [String] = []  // a review may mention the aspect several times
      for mention in evidence where ids.last != mention.review { ids.append(mention.review) }
      let count =
        polarity == nil
        ? "\(aspect.positive) for, \(aspect.negative) against"
        : "\(evidence.count) of \(aspect.mentions)"
      return [
        .init(aspect.text, color), .init(count),
        .init(TerminalText.list(ids.map(TerminalText.clean), columns: evidenceWidth), .dim),
      ]
    }
    return section(heading, rows, table, styled)
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
    let table = TextTable(columns: [.init(limit: 20), .init(limit: 20), .init(limit: 34)])
    let counts = reviewCounts(profile.intents.map(\.reviews))
    let rows: [[TextTable.Cell]] = zip(profile.intents, counts).map { intent, count in
      [
        .init(ProfileSummary.words(intent.label)), .init(count),
        .init(intent.lastTime.map { "last " + TimeText.day(of: $0) } ?? "", .dim),
      ]
    }
    return section("Wants", rows, table, styled)
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

private let evidenceWidth = 32
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
