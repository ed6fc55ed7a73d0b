/// Numbers of cards and of persons.
extension PlainCharacters {
  /// The end of a payment card's number: a length and a beginning that its brand has, and the check
  /// digit (ISO/IEC 7812-1, annex B).
  ///
  /// What follows it, such as a date or a security code, is not part of it.
  func card(_ number: DigitGroups) -> Int? {
    guard !number.isFraction else { return nil }
    for count in stride(from: number.count, to: 0, by: -1)
    where (13...19).contains(number.digitCount(first: count)) {
      let isUsual =
        count == 1 || number.length(0) == 4 && (1..<count).allSatisfy { number.length($0) <= 7 }
        || count == 2 && number.length(0) == 6
      let digits = number.digits(first: count)
      if isUsual, Self.isBranded(digits), Self.hasLuhnDigit(digits) {
        return number.end(first: count)
      }
    }
    return nil
  }

  private static func isBranded(_ digits: [Int]) -> Bool {
    switch digits.prefix(4).reduce(0, { $0 * 10 + $1 }) {
    case 4_000...4_999: [13, 16, 19].contains(digits.count)
    case 5_100...5_599, 2_221...2_720, 2_200...2_204: digits.count == 16
    case 3_400...3_499, 3_700...3_799: digits.count == 15
    case 6_200...6_299, 6_011, 6_440...6_599, 3_528...3_589, 5_000...5_099, 5_600...5_899:
      (16...19).contains(digits.count)
    // Maestro.
    case 6_304, 6_390, 6_700...6_799: true
    case 3_000...3_059, 3_600...3_699, 3_800...3_999: digits.count == 14
    default: false
    }
  }

  /// Whether the last digit checks the others (Luhn, US patent 2,950,048).
  private static func hasLuhnDigit(_ digits: [Int]) -> Bool {
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      let doubled = digit.offset % 2 == 1 ? 2 * digit.element : digit.element
      return sum + (doubled > 9 ? doubled - 9 : doubled)
    }
    return sum % 10 == 0
  }

  /// The end of a Chinese resident identity number: region, date of birth, order and the check
  /// character (GB 11643, ISO 7064 MOD 11-2).
  func chineseID(at start: Int) -> Int? {
    let body = start + 17
    guard end(from: start, limit: 17, while: \.isDigit) == body,
      isDigit(body) || self[body].lowercased == UInt8(ascii: "x"),
      !isDigit(body + 1), !self[body + 1].isLetter
    else { return nil }
    let digits = codes[start..<body].map { Int($0 - 0x30) }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    guard (11...82).contains(number(0..<2)), (1900...2099).contains(number(6..<10)),
      (1...12).contains(number(10..<12)), (1...31).contains(number(12..<14))
    else { return nil }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    return self[body].lowercased == Array("10x98765432".utf8)[sum % 11] ? body + 1 : nil
  }

  /// The end of a US social security number of an area that may exist: in its usual shape, or nine
  /// digits after a word that says what they are.
  func socialSecurityNumber(_ number: DigitGroups) -> Int? {
    let isUsual =
      number.begins(3, 2, 4)
      && number.after(0) == number.after(1) && number.after(0) != UInt8(ascii: ".")
    let isCalledSo = number.length(0) == 9 && hasIdentityCue(before: number.start)
    guard isUsual || isCalledSo else { return nil }
    let count = isUsual ? 3 : 1
    guard number.mayEnd(first: count), !number.isContinuation || isCalledSo else { return nil }
    let digits = number.digits(first: count)
    func value(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    let area = value(0..<3)
    guard (1..<900).contains(area), area != 666, value(3..<5) > 0, value(5..<9) > 0
    else { return nil }
    return number.end(first: count)
  }
}
