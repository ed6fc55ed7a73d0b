/// Times as reviews carry them, in ISO 8601.
public enum ReviewTime {
  /// `2024-05-02` or `2024-05-02T10:11:12Z`; nil where `source` is no date of the calendar.
  ///
  /// Understood are `2024-05-02`, `2024/5/2`, `2024.5.2`, `20240502`, `2024年5月2日`, `May 2, 2024`,
  /// `2 May 2024` and `05 2, 2024`, a time of day after a blank or `T` with minutes, seconds and
  /// fractions (which are dropped), `AM`, `PM`, `上午`, `中午`, `下午` or `晚上`, `Z`, `UTC`, `GMT` or
  /// an offset;
  /// `20240502101112`, also without seconds or minutes; seconds since 1970 as 9 to 11 digits and
  /// milliseconds as 12 or 13. A time without `Z` or offset stays without. `2/5/2024`, which is May
  /// to some and February to others, is not understood, nor is `晚上12:30`, the end of one day to
  /// some and the start of the next to others.
  public static func text(_ source: String) -> String? {
    if utcSeconds(source.utf8) != nil { return source }
    let text = source.trimmingBlanks
    if let time = number(at: text) { return time }
    guard let (day, following) = day(at: text) else { return nil }
    // "May 2, 2024, 3:57 PM"
    let rest = following.hasPrefix(", ") ? following.dropFirst() : following
    guard !rest.isEmpty else { return day }
    let isAfterSign = text[..<rest.startIndex].last == "日"
    guard let first = rest.first, "Tt ".contains(first) || isAfterSign,
      let clock = clock(rest.dropFirst("Tt".contains(first) ? 1 : 0).drop { $0 == " " })
    else { return nil }
    return "\(day)T\(clock)"
  }

  /// As `text`, but a time with an offset is given in UTC, as `2024-05-02T10:11:12Z`: such times
  /// sort as strings do. One without an offset stays as it is.
  public static func utc(_ source: String) -> String? {
    guard let text = text(source) else { return nil }
    guard let zone = text.dropFirst("2024-05-02T10:11:12".count).first, zone != "Z" else {
      return text
    }
    return seconds(text).flatMap(unixTime)
  }

  /// Seconds since the start of 1970 of a time in ISO 8601 as `text` gives it; one without an offset
  /// is in UTC, a day begins at midnight.
  public static func seconds(_ iso: String) -> Int? {
    if let seconds = utcSeconds(iso.utf8) { return seconds }
    let parts = iso.split(separator: "T", maxSplits: 1)
    let numbers = (parts.first ?? "").split(separator: "-").compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    let midnight = days(numbers[0], numbers[1], numbers[2]) * 86_400
    guard parts.count == 2 else { return midnight }
    let clock = parts[1].prefix(8).split(separator: ":").compactMap { Int($0) }
    let zone = parts[1].dropFirst(8)
    guard clock.count == 3 else { return nil }
    let offset = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
    let shift = offset.count == 2 ? offset[0] * 3_600 + offset[1] * 60 : 0
    return midnight + clock[0] * 3_600 + clock[1] * 60 + clock[2]
      - (zone.first == "-" ? -shift : shift)
  }

  /// Seconds since the start of 1970, as ISO 8601 in UTC; nil outside of the years 0 to 9999.
  public static func text(seconds: Int) -> String? { unixTime(seconds) }

  /// Seconds since the start of 1970 of `2024-05-02T10:11:12Z`, the form that most times have; nil
  /// for any other.
  private static func utcSeconds(_ text: String.UTF8View) -> Int? {
    guard text.count == 20 else { return nil }
    let bytes = Array(text)
    guard
      zip(bytes, "dddd-dd-ddTdd:dd:ddZ".utf8).allSatisfy({ byte, shape in
        shape == UInt8(ascii: "d") ? (0x30...0x39).contains(byte) : byte == shape
      })
    else { return nil }
    func number(_ start: Int) -> Int {
      Int(bytes[start] - 0x30) * 10 + Int(bytes[start + 1] - 0x30)
    }
    let (year, month, day) = (number(0) * 100 + number(2), number(5), number(8))
    let (hour, minute, second) = (number(11), number(14), number(17))
    guard (1...12).contains(month), (1...days(in: month, of: year)).contains(day), hour < 24,
      minute < 60, second < 61
    else { return nil }
    return days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
  }

  /// A day of eight digits, also with a time of day, or seconds or milliseconds since the start of
  /// 1970.
  private static func number(at text: Substring) -> String? {
    let digits = text.prefix { $0.isASCIIDigit }
    let rest = text[digits.endIndex...]
    if rest.isEmpty, let time = compact(digits) { return time }
    guard rest.isEmpty || rest.first == "." && rest.dropFirst().allSatisfy(\.isASCIIDigit),
      let number = Int(digits)
    else { return nil }
    switch digits.count {
    case 9...11: return unixTime(number)
    case 12...13: return unixTime(number / 1_000)
    default: return nil
    }
  }

  /// `20240502`, and with hour, minute and second, two digits each. As seconds or milliseconds since
  /// 1970 such a number would lie in 1976 or after 2030.
  private static func compact(_ digits: Substring) -> String? {
    guard let day = compactDay(digits.prefix(8)) else { return nil }
    if digits.count == 8 { return day }
    let clock = digits.dropFirst(8)
    guard [2, 4, 6].contains(clock.count), ["19", "20"].contains(digits.prefix(2)),
      let hour = number(clock.prefix(2)), hour < 24,
      let minute = number(clock.count > 2 ? clock.dropFirst(2).prefix(2) : "0"), minute < 60,
      let second = number(clock.count > 4 ? clock.dropFirst(4) : "0"), second < 61
    else { return nil }
    return "\(day)T\(padded(hour)):\(padded(minute)):\(padded(second))"
  }

  /// The day of eight digits.
  private static func compactDay(_ digits: Substring) -> String? {
    guard digits.count == 8 else { return nil }
    return date(digits.prefix(4), digits.dropFirst(4).prefix(2), digits.dropFirst(6))
  }

  /// The date that a text begins with, in any of the ways to write it, and what follows.
  private static func day(at text: Substring) -> (day: String, rest: Substring)? {
    let digits = text.prefix { $0.isASCIIDigit }
    if let day = compactDay(digits) { return (day, text[digits.endIndex...]) }
    for separators in [["-", "-", ""], ["/", "/", ""], [".", ".", ""], ["年", "月", "日"]] {
      if let (parts, rest) = numbers(at: text, separators) {
        return date(parts[0], parts[1], parts[2]).map { ($0, rest) }
      }
    }
    // "05 2, 2024"
    if let (parts, rest) = numbers(at: text, [" ", ", ", ""]), parts[2].count == 4 {
      return date(parts[2], parts[0], parts[1]).map { ($0, rest) }
    }
    // "May 2, 2024" and "2 May 2024"
    let words = text.split(maxSplits: 3, whereSeparator: { $0 == " " || $0 == "," })
    guard words.count >= 3 else { return nil }
    let rest = text[words[2].endIndex...]
    if let month = month(words[0]) {
      return date(words[2], month, words[1]).map { ($0, rest) }
    }
    return month(words[1]).flatMap { date(words[2], $0, words[0]) }.map { ($0, rest) }
  }

  /// Three numbers, each followed by its separator, and what follows.
  private static func numbers(
    at text: Substring, _ separators: [String]
  ) -> (parts: [Substring], rest: Substring)? {
    var (parts, rest): ([Substring], Substring) = ([], text)
    for separator in separators {
      let digits = rest.prefix { $0.isASCIIDigit }
      rest = rest[digits.endIndex...]
      guard !digits.isEmpty, rest.hasPrefix(separator) else { return nil }
      rest = rest.dropFirst(separator.count)
      parts.append(digits)
    }
    return (parts, rest)
  }

  /// The number of a month by its English name or the first three letters of it.
  private static func month(_ word: Substring) -> Substring? {
    let names = [
      "january", "february", "march", "april", "may", "june", "july", "august", "september",
      "october", "november", "december",
    ]
    let lower = word.lowercased().filter { $0 != "." }
    return names.firstIndex { $0 == lower || lower.count == 3 && $0.hasPrefix(lower) }
      .map { Substring("\($0 + 1)") }
  }

  /// Days since the start of 1970 (Hinnant, days_from_civil).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let ofEra = y - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  private static func date(
    _ year: Substring, _ month: Substring, _ day: Substring
  ) -> String? {
    guard year.count == 4, let y = number(year), let m = number(month), let d = number(day),
      (1...12).contains(m), (1...days(in: m, of: y)).contains(d)
    else { return nil }
    return "\(year)-\(padded(m))-\(padded(d))"
  }

  /// Parts of the day in which hours are counted anew.
  private enum DayPart: CaseIterable {
    case morning, noon, afternoon, night

    /// The words that stand before the hour.
    var before: [String] {
      switch self {
      case .morning: ["上午", "凌晨", "早上"]
      case .noon: ["中午"]
      case .afternoon: ["下午"]
      case .night: ["晚上"]
      }
    }

    /// The words that stand after the time.
    var after: [String] {
      switch self {
      case .morning: ["AM", "A.M."]
      case .afternoon: ["PM", "P.M."]
      case .noon, .night: []
      }
    }

    /// The hour of the day, 0...23, of an hour as it is written; nil where its day is not clear.
    func hour(_ hour: Int) -> Int? {
      switch self {
      case _ where hour > 12: hour
      case .morning: hour % 12
      case .noon: hour < 10 ? hour + 12 : hour
      case .afternoon: hour % 12 + 12
      case .night: hour == 12 ? nil : hour == 0 ? 0 : hour + 12
      }
    }
  }

  /// The time of day without the word for its part; nil for a day of 24 hours.
  private static func part(of text: Substring) -> (rest: Substring, part: DayPart?) {
    for part in DayPart.allCases {
      for word in part.before where text.hasPrefix(word) {
        return (text.dropFirst(word.count), part)
      }
      for word in part.after where text.uppercased().hasSuffix(word) {
        return (text.dropLast(word.count), part)
      }
    }
    return (text, nil)
  }

  /// `10:11:12` with `Z`, also written as `UTC` or `GMT`, or an offset where there is one.
  private static func clock(_ source: Substring) -> String? {
    let isUTC = source.hasSuffix(" UTC") || source.hasSuffix(" GMT")
    let text = isUTC ? source.dropLast(4) + "Z" : source
    let zone = text.firstIndex { "Zz+-".contains($0) } ?? text.endIndex
    let (time, part) = part(of: String(text[..<zone]).trimmingBlanks)
    let parts = String(time).trimmingBlanks
      .split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let written = number(parts[0]), written < 24,
      let hour = part.map({ $0.hour(written) }) ?? written,
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
    // "+08:00", "+0800" or "+08"
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    let digits = parts.joined()
    guard [[2, 2], [4], [2]].contains(parts.map(\.count)), let hours = number(digits.prefix(2)),
      let minutes = number(digits.count == 4 ? digits.suffix(2) : "0"), hours < 24, minutes < 60
    else { return nil }
    return "\(sign)\(padded(hours)):\(padded(minutes))"
  }

  /// Seconds since the start of 1970, as ISO 8601 in UTC; nil outside of the years 0 to 9999.
  ///
  /// Source: Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days.
  private static func unixTime(_ seconds: Int) -> String? {
    // From the first second of the year 0 to the last of the year 9999.
    guard (-62_167_219_200..<253_402_300_800).contains(seconds) else { return nil }
    // From the first of March of year 0; two months more are years of the calendar.
    let (days, rest) = (floor(seconds, 86_400) + 719_468, seconds - floor(seconds, 86_400) * 86_400)
    let (era, ofEra) = (floor(days, 146_097), days - floor(days, 146_097) * 146_097)
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Years of this reckoning begin in March.
    let shifted = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map(padded).joined(separator: ":")
    let digits = String(year)
    return String(repeating: "0", count: 4 - digits.count) + digits
      + "-\(padded(month))-\(padded(day))T\(clock)Z"
  }

  /// The quotient, rounded down.
  private static func floor(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : (number - divisor + 1) / divisor
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
