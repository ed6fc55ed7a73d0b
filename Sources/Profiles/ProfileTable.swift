import Reviews

/// Profiles as a table of comma-separated values: what fits into a line each.
public enum ProfileTable {
  /// The names of the columns, ended by a line feed.
  public static let header =
    "user,reviews,abstained,items,first,last,language,stars,stars_low,stars_high,trend,change,"
    + "complaint,complaint_low,complaint_high,churn,liked,disliked,intents,names,known\n"

  /// A profile's line, ended by a line feed; lists are separated by "; ". Traits of somebody without
  /// reviews are left empty: they would be the population's.
  public static func row(_ profile: Profile) -> String {
    let sentiment = profile.sentiment
    func trait(_ value: Double) -> String { profile.reviews > 0 ? number(value) : "" }
    let complaint = profile.signals.complaint
    func aspects(_ stance: Profile.Stance) -> String {
      joined(profile.aspects.filter { $0.stance == stance }.map(\.name))
    }
    let cells: [String] = [
      profile.user, "\(profile.reviews)", "\(profile.abstained)", "\(profile.items)",
      profile.activity.first ?? "", profile.activity.last ?? "",
      profile.languages.first?.text ?? "", trait(sentiment.stars.mean),
      trait(sentiment.stars.low), trait(sentiment.stars.high), sentiment.trend?.rawValue ?? "",
      sentiment.change.map { trait($0.mean) } ?? "", trait(complaint.mean),
      trait(complaint.low), trait(complaint.high), trait(profile.signals.churn),
      aspects(.liked), aspects(.disliked),
      joined(profile.intents.map { "\($0.label) \(number($0.rate.mean))" }),
      joined(profile.names.flatMap { group in group.names.map { "\(group.type) \($0.text)" } }),
      joined(profile.known.map { "\($0.field)=\($0.value)" }),
    ]
    return cells.map(cell).joined(separator: ",") + "\n"
  }

  private static func joined(_ texts: [String]) -> String { texts.joined(separator: "; ") }

  private static func number(_ value: Double) -> String { "\(value.roundedToFourDecimals)" }

  /// Source: RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe.
  private static func cell(_ text: String) -> String {
    let isNumber = Double(text) != nil
    let isFormula = !isNumber && text.utf8.first.map("=+-@\t\r".utf8.contains) ?? false
    return csvQuoted(isFormula ? "'" + text : text)
  }
}
