/// Months, quarters and days read off times that start as ISO 8601 does.
enum TimeText {
  /// `2024-05` of `2024-05-02T10:11:12Z`; nil when the time does not start with year and month.
  static func month(of time: String) -> String? {
    let bytes = Array(time.utf8.prefix(8))
    guard bytes.count >= 7, bytes[4] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), (1...12).contains(month),
      bytes.count == 7 || number(bytes[7..<8]) == nil
    else { return nil }
    return padded(year, 4) + "-" + padded(month, 2)
  }

  /// `2024-05-02` of `2024-05-02T10:11:12Z`; any other time as it is.
  static func day(of time: String) -> String {
    let bytes = Array(time.utf8.prefix(10))
    guard let month = month(of: time), bytes.count == 10, bytes[7] == UInt8(ascii: "-"),
      let day = number(bytes[8..<10])
    else { return time }
    return month + "-" + padded(day, 2)
  }

  /// `2024 Q2` of `2024-05`.
  static func quarter(ofMonth month: String) -> String {
    let (year, index) = (Int(month.prefix(4)) ?? 0, Int(month.suffix(2)) ?? 1)
    return "\(padded(year, 4)) Q\((index - 1) / 3 + 1)"
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func padded(_ number: Int, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
