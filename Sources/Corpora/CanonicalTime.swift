/// Times as corpora write them, in ISO 8601.
enum CanonicalTime {
  /// `2024-05-02` or `2024-05-02T10:11:12Z`; nil where `source` is no date of the calendar.
  ///
  /// Understood are `2024-05-02`, `2024/5/2` and `20240502`, a time of day after a blank or `T` with
  /// minutes, seconds and fractions (which are dropped), `Z` or an offset; and seconds since 1970 as
  /// 9 to 11 digits. A time without `Z` or offset stays without.
  static func text(_ source: String) -> String? {
    let text = source.trimmingBlanks
    if text.allSatisfy(\.isASCIIDigit) {
      if text.count == 8 {
        return date(text.prefix(4), text.dropFirst(4).prefix(2), text.dropFirst(6))
      }
      return (9...11).contains(text.count) ? Int(text).flatMap(unixTime) : nil
    }
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { "T t".contains($0) }
    let numbers = parts[0].split(omittingEmptySubsequences: false) { "-/".contains($0) }
    guard numbers.count == 3, let day = date(numbers[0], numbers[1], numbers[2]) else { return nil }
    guard parts.count == 2 else { return day }
    guard let clock = clock(parts[1].drop { $0 == " " }) else { return nil }
    return "\(day)T\(clock)"
  }

  private static func date(
    _ year: Substring, _ month: Substring, _ day: Substring
  ) -> String? {
    guard year.count == 4, let y = number(year), let m = number(month), let d = number(day),
      (1...12).contains(m), (1...days(in: m, of: y)).contains(d)
    else { return nil }
    return "\(year)-\(padded(m))-\(padded(d))"
  }

  /// `10:11:12` with `Z` or an offset where there is one.
  private static func clock(_ text: Substring) -> String? {
    let zone = text.firstIndex { "Zz+-".contains($0) } ?? text.endIndex
    let parts = text[..<zone].split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let hour = number(parts[0]), hour < 24,
      let minute = number(parts[1]), minute < 60
    else { return nil }
    var second = 0
    if parts.count == 3 {
      let seconds = parts[2].split(
        separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard let whole = number(seconds[0]), whole < 61,
        seconds.count == 1 || seconds[1].allSatisfy(\.isASCIIDigit)
      else { return nil }
      second = whole
    }
    guard let zone = offset(text[zone...]) else { return nil }
    return "\(padded(hour)):\(padded(minute)):\(padded(second))\(zone)"
  }

  private static func offset(_ text: Substring) -> String? {
    guard let sign = text.first, sign != "Z", sign != "z" else {
      return text.count > 1 ? nil : text.uppercased()
    }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.count == 4, digits.allSatisfy(\.isASCIIDigit) else { return nil }
    return "\(sign)\(digits.prefix(2)):\(digits.suffix(2))"
  }

  /// Seconds since the start of 1970, as ISO 8601 in UTC.
  ///
  /// Source: Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days.
  private static func unixTime(_ seconds: Int) -> String {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400)
    let (era, ofEra) = (days / 146_097, days % 146_097)
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Years of this reckoning begin in March.
    let shifted = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map(padded).joined(separator: ":")
    return "\(year)-\(padded(month))-\(padded(day))T\(clock)Z"
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func number(_ text: Substring) -> Int? {
    (1...4).contains(text.count) && text.allSatisfy(\.isASCIIDigit) ? Int(text) : nil
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension String {
  fileprivate var trimmingBlanks: Substring {
    let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex
    return self[..<end].drop { $0 == " " }
  }
}
