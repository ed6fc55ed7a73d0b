/// The months of a profile gathered into as many rows as a reader takes in at once.
enum StarPeriods {
  private static let rowLimit = 12

  /// Months, or quarters where there are more than twelve months, or the last twelve years.
  ///
  /// Nil when no review names its month.
  static func rows(_ months: [Profile.Month]) -> (unit: String, periods: [Profile.Month])? {
    guard !months.isEmpty else { return nil }
    if months.count <= rowLimit { return ("month", months) }
    let quarters = gathered(months) { TimeText.quarter(ofMonth: $0) }
    if quarters.count <= rowLimit { return ("quarter", quarters) }
    return ("year", gathered(months) { String($0.prefix(4)) }.suffix(rowLimit))
  }

  /// A bar of 4 columns a star, exact to an eighth of a column.
  static func bar(_ stars: Double) -> String { bar(stars * 4, columns: 20) }

  /// A bar of 10 columns for `most`, exact to an eighth of a column.
  static func bar(_ value: Double, of most: Double) -> String {
    bar(value / most * 10, columns: 10)
  }

  private static func bar(_ length: Double, columns: Int) -> String {
    let eighths = Int((min(max(length, 0), Double(columns)) * 8).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// The mean stars of several months, each weighing as much as its reviews; nil for none.
  static func mean(_ months: some Sequence<Profile.Month>) -> (reviews: Int, stars: Double)? {
    var reviews = 0
    var stars = 0.0
    for month in months {
      reviews += month.reviews
      stars += month.stars * Double(month.reviews)
    }
    return reviews == 0 ? nil : (reviews, stars / Double(reviews))
  }

  private static func gathered(
    _ months: [Profile.Month], by period: (String) -> String
  ) -> [Profile.Month] {
    Dictionary(grouping: months) { period($0.month) }
      .compactMap { period, months in
        mean(months).map { Profile.Month(month: period, reviews: $0.reviews, stars: $0.stars) }
      }
      .sorted { precedes($0.month, $1.month) }
  }
}
