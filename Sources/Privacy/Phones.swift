/// Phone numbers.
extension PlainCharacters {
  /// The end of a phone number whose first group is at the start of `number`.
  func phone(_ number: DigitGroups) -> Int? {
    let isCode =
      number.isContinuation && !number.isAnother || self[number.start - 1] == UInt8(ascii: "#")
    let hasCue = hasPhoneCue(before: number.start)
    if let end = end(of: number, 10...17, Self.isKnown),
      hasCue || !isCode && !isListOfSizes(number, end: end)
    {
      return end
    }
    if let end = end(of: number, 11...12, Self.isGroupedChinese),
      hasCue || !isCode && !isPartOfCode(number, end)
    {
      return end
    }
    if let end = end(of: number, 11...17, Self.isInternational),
      hasCue || !isPartOfCode(number, end)
    {
      return end
    }
    guard hasCue, !number.beginsAsDate, !number.beginsAsDayOrMonth,
      let end = end(of: number, 7...17, Self.isPlausible), !isVersion(number.start..<end),
      !number.isDotted, !number.isListOfPrices, !number.isPriceRange, !number.isFraction,
      !isAmount(number.start..<end)
    else { return nil }
    return end
  }

  /// The end of a phone number that slashes part, as in "Tel. 0171/2345678", after a word of phones.
  func slashedPhone(_ groups: DigitGroups) -> Int? {
    guard groups.count > 0 else { return nil }
    let next = end(from: groups.end(first: groups.count), limit: 3) { " /".utf8.contains($0) }
    guard isDigit(next), hasPhoneCue(before: groups.start) else { return nil }
    let number = DigitGroups(self, at: groups.start, withSlashes: true)
    guard !number.beginsAsDate, !number.beginsAsDayOrMonth else { return nil }
    return end(of: number, 7...17, Self.isPlausible)
  }

  /// Whether a sign of money stands before the number, or a unit or money after it.
  private func isAmount(_ number: Range<Int>) -> Bool {
    let end = number.upperBound + (self[number.upperBound] == UInt8(ascii: " ") ? 1 : 0)
    let start = number.lowerBound - (self[number.lowerBound - 1] == UInt8(ascii: " ") ? 1 : 0)
    return self[start - 1] == UInt8(ascii: "$") || hasUnit(at: end)
  }

  /// Whether a number that blanks part, such as "256 512 1024 GB", lists sizes: the first is round,
  /// or a unit follows.
  private func isListOfSizes(_ number: DigitGroups, end: Int) -> Bool {
    guard number.begins(3, 3, 4), number.after(0) == UInt8(ascii: " "),
      number.after(1) == UInt8(ascii: " ")
    else { return false }
    let area = number.digits(first: 1)
    let isRound = area.dropFirst() == [0, 0] && ![8, 9].contains(area[0])
    return isRound || self[end] == UInt8(ascii: " ") && hasUnit(at: end + 1)
  }

  /// Whether more digits stand one blank before or after: "DE89 3704 0044 0532 0130 00" is no phone
  /// number from its third group on.
  private func isPartOfCode(_ number: DigitGroups, _ end: Int) -> Bool {
    let blank = UInt8(ascii: " ")
    return self[number.start - 1] == blank && isDigit(number.start - 2)
      || self[end] == blank && isDigit(end + 1)
  }

  /// Where the most groups end whose digits, so many, and whose lengths fit.
  private func end(
    of number: DigitGroups, _ digitCounts: ClosedRange<Int>, _ fits: ([Int], [Int]) -> Bool
  ) -> Int? {
    for count in stride(from: number.count, to: 0, by: -1)
    where digitCounts.contains(number.digitCount(first: count)) {
      let (digits, shape) = (number.digits(first: count), number.shape(first: count))
      let mayEnd =
        number.mayEnd(first: count)
        || number.mayEndBeforeAnother(first: count) && Self.isKnown(digits, shape)
      if mayEnd, fits(digits, shape) { return number.end(first: count) }
    }
    return nil
  }

  /// The end of a phone number that begins with a bracket or a plus sign.
  func bracketedOrInternationalPhone(at start: Int) -> Int? {
    switch self[start] {
    case UInt8(ascii: "+"): internationalPhone(at: start)
    case UInt8(ascii: "("): bracketedPhone(at: start)
    default: nil
    }
  }

  /// An area code in brackets.
  private func bracketedPhone(at start: Int) -> Int? {
    let close = end(from: start + 1, limit: 6, while: \.isDigit)
    guard (2...5).contains(close - start - 1), self[close] == UInt8(ascii: ")") else { return nil }
    let next = end(from: close + 1, limit: 3) { " -./".utf8.contains($0) }
    let rest = DigitGroups(self, at: next)
    let area = codes[start + 1..<close].map { Int($0 - 0x30) }
    for count in stride(from: rest.count, to: 0, by: -1)
    where (5...13).contains(rest.digitCount(first: count)) && rest.mayEnd(first: count) {
      let (digits, shape) = (
        area + rest.digits(first: count), [area.count] + rest.shape(first: count)
      )
      if Self.isKnown(digits, shape) || Self.isGroupedChinese(digits, shape)
        || Self.isPlausible(digits, shape) && hasPhoneCue(before: start)
      {
        return rest.end(first: count)
      }
    }
    return nil
  }

  /// "+", a country code and more, 8 to 15 digits, however they are parted (E.164); of some countries as
  /// many as they have there, as a number of something else may follow.
  private func internationalPhone(at start: Int) -> Int? {
    guard isDigit(start + 1), self[start + 1] != UInt8(ascii: "0"),
      !DigitGroups(self, at: start + 1).beginsAsDate
    else { return nil }
    let digitCounts = Self.digitCounts.first { matches($0.code, at: start + 1) }?.counts ?? 8...15
    var (count, index, found) = (0, start + 1, Int?.none)
    while true {
      let group = index
      index = end(from: group, limit: 16, while: \.isDigit)
      // A zero in brackets is dialled within the country alone.
      let isTrunk =
        index == group + 1 && self[group] == UInt8(ascii: "0")
        && self[group - 1] == UInt8(ascii: "(") && self[index] == UInt8(ascii: ")")
      count += isTrunk ? 0 : index - group
      if count > digitCounts.upperBound { return found }
      if digitCounts.contains(count) { found = index }
      // Several signs may part digits, as in "+44 (20) 7946 0000" and "+49 - 171/2345678".
      let next = end(from: index, limit: 3) { " -.()/".utf8.contains($0) }
      // A dot before a blank ends a sentence.
      let isSentenceEnd = self[index] == UInt8(ascii: ".") && next > index + 1
      guard next > index, isDigit(next), !isSentenceEnd else { return found }
      index = next
    }
  }

  /// Digits of a whole number by how it begins.
  private static let digitCounts: [(code: [UInt8], counts: ClosedRange<Int>)] = [
    (Array("1".utf8), 11...11), (Array("7".utf8), 11...11), (Array("33".utf8), 11...12),
    (Array("34".utf8), 11...11), (Array("44".utf8), 11...12), (Array("61".utf8), 11...12),
    (Array("65".utf8), 10...10), (Array("86".utf8), 10...13), (Array("852".utf8), 11...11),
    (Array("853".utf8), 11...11),
  ]

  private static func isKnown(_ digits: [Int], _ shape: [Int]) -> Bool {
    isNorthAmerican(digits, shape) || isChinese(digits, shape) || isBritish(digits, shape)
  }

  /// "00", a country code and more; in one group only China's mobile numbers.
  private static func isInternational(_ digits: [Int], _ shape: [Int]) -> Bool {
    guard digits.starts(with: [0, 0]), digits[2...].first != 0, shape[0] > 1 else { return false }
    return shape.count > 1
      || digits.count == 15 && digits.starts(with: [0, 0, 8, 6, 1]) && digits[5] >= 3
  }

  /// Seven digits or more, which a word before them has to call a phone number; the same digit again
  /// and again is rather applause.
  private static func isPlausible(_ digits: [Int], _ shape: [Int]) -> Bool {
    let isInternational = digits.starts(with: [0, 0]) && digits[2...].first != 0
    let most = isInternational ? 17 : shape.count == 1 ? 12 : 15
    return (7...most).contains(digits.count) && Set(digits).count > 1
      && (digits.count > 8 || (shape.last ?? 0) >= 4)
  }

  /// Area and exchange begin with 2 to 9; parted, or with a leading 1.
  private static func isNorthAmerican(_ digits: [Int], _ shape: [Int]) -> Bool {
    let own = digits.count == 11 && digits[0] == 1 ? digits.dropFirst() : digits[...]
    guard own.count == 10, own[own.startIndex] >= 2, own[own.startIndex + 3] >= 2 else {
      return false
    }
    return [[3, 3, 4], [1, 3, 3, 4], [3, 7], [1, 3, 7]].contains(shape)
  }

  /// Mobile numbers, also with 86 before them; area code and number; 400 and 800 numbers.
  private static func isChinese(_ digits: [Int], _ shape: [Int]) -> Bool {
    let own = digits.count == 13 && digits.starts(with: [8, 6]) ? digits.dropFirst(2) : digits[...]
    if own.count == 11, own[own.startIndex] == 1, own[own.startIndex + 1] >= 3 {
      return shape.count == 1 || shape.suffix(2) == [4, 4] || shape.suffix(2) == [3, 8]
        || shape.suffix(3) == [4, 3, 4]
    }
    if shape.count == 2, digits[0] == 0, (3...4).contains(shape[0]) {
      return (7...8).contains(shape[1])
    }
    return digits.count == 10
      && (digits.starts(with: [4, 0, 0]) || digits.starts(with: [8, 0, 0]))
      && shape.first == 3 && shape.count == 3
  }

  /// A Chinese area code, 010 and 02x or 03xx to 09xx, and a number in two groups.
  private static func isGroupedChinese(_ digits: [Int], _ shape: [Int]) -> Bool {
    [[3, 4, 4], [4, 4, 4], [4, 3, 4]].contains(shape) && digits[0] == 0
      && (shape[0] == 3 ? (1...2).contains(digits[1]) : digits[1] >= 3)
  }

  /// A leading zero and ten or eleven digits in two or three groups; mobile numbers also in one.
  private static func isBritish(_ digits: [Int], _ shape: [Int]) -> Bool {
    (10...11).contains(digits.count) && digits[0] == 0 && (1...3).contains(digits[1])
      && (2...3).contains(shape.count) && shape[0] >= 3 && (shape.last ?? 0) >= 3
      || digits.count == 11 && digits.starts(with: [0, 7]) && (shape[0] == 5 || shape[0] == 11)
  }
}
