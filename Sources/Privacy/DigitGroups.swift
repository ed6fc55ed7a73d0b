/// A number as people write it: groups of digits that single blanks, hyphens or dots part, in some
/// phone numbers slashes too.
struct DigitGroups {
  let text: PlainCharacters
  /// Where it begins.
  let start: Int
  /// How many groups there are; of a very long number, how many are looked at.
  private(set) var count = 0
  // Where each group begins and ends; kept in place, as a text may hold a million numbers.
  private var starts: [6 of Int] = .init(repeating: 0)
  private var ends: [6 of Int] = .init(repeating: 0)

  /// More digits than any number that is looked for has.
  private static let mostDigits = 24

  /// The groups from `start` on; none where no digit stands there. `withSlashes` a slash parts them
  /// too, also between blanks.
  init(_ text: PlainCharacters, at start: Int, withSlashes: Bool = false) {
    self.text = text
    self.start = start
    var index = start
    while count < starts.count, digitCount(first: count) < Self.mostDigits {
      let end = text.end(from: index, limit: Self.mostDigits, while: \.isDigit)
      guard end > index else { return }
      (starts[count], ends[count]) = (index, end)
      count += 1
      let isParted =
        text[end] == UInt8(ascii: " ") || text[end] == UInt8(ascii: "-")
        || text[end] == UInt8(ascii: ".")
      if isParted, text.isDigit(end + 1) {
        index = end + 1
      } else {
        let next = text.end(from: end, limit: 3) { " /".utf8.contains($0) }
        guard withSlashes, next > end, text.isDigit(next) else { return }
        index = next
      }
    }
  }

  /// The group's digits.
  func length(_ group: Int) -> Int { ends[group] - starts[group] }

  /// Where the first `count` groups end.
  func end(first count: Int) -> Int { ends[count - 1] }

  /// Digits of the first `count` groups.
  func digitCount(first count: Int) -> Int {
    var sum = 0
    for group in 0..<count { sum += length(group) }
    return sum
  }

  /// How long the first `count` groups are.
  func shape(first count: Int) -> [Int] { (0..<count).map(length) }

  /// The digits of the first `count` groups.
  func digits(first count: Int) -> [Int] {
    var digits: [Int] = []
    digits.reserveCapacity(digitCount(first: count))
    for group in 0..<count {
      for index in starts[group]..<ends[group] { digits.append(Int(text.codes[index] - 0x30)) }
    }
    return digits
  }

  /// What stands after the group.
  func after(_ group: Int) -> UInt8 { text[ends[group]] }

  /// Whether a word follows at once where there is one group alone: then it is no number but a name.
  func isPartOfWord(first count: Int) -> Bool {
    let next = after(count - 1)
    return count == 1 && (next.isLetter || next == PlainCharacters.letter)
      && !text.mayEndBeforeWord(at: ends[0], digitCount: length(0))
  }

  /// Whether a number may end after the first `count` groups: what a hyphen, a dot or a slash joins
  /// to it belongs to it, what comes after a blank may be another number.
  func mayEnd(first count: Int) -> Bool {
    let end = ends[count - 1]
    let joins = "-./".utf8.contains(text[end]) && text.isDigit(end + 1)
    return !joins && !text.isDigit(end) && !isPartOfWord(first: count)
  }

  /// Whether a known number may end after the first `count` groups although a sign joins more to it:
  /// another number after a slash or a hyphen, or an extension.
  func mayEndBeforeAnother(first count: Int) -> Bool {
    let end = ends[count - 1]
    let next = text.end(from: end + 1, limit: Self.mostDigits, while: \.isDigit) - end - 1
    return digitCount(first: count) >= 10
      && (text[end] == UInt8(ascii: "/") && next > 0
        || text[end] == UInt8(ascii: "-") && ((3...5).contains(next) || next >= 10))
  }

  /// Whether it stands after another number: and a slash, or a hyphen where that is long.
  var isAnother: Bool {
    text[start - 1] == UInt8(ascii: "/") && text[start - 2].isDigit
      || text[start - 1] == UInt8(ascii: "-") && (2...11).allSatisfy { text[start - $0].isDigit }
  }

  /// Whether it stands after a decimal point.
  var isFraction: Bool { text[start - 1] == UInt8(ascii: ".") && text[start - 2].isDigit }

  /// Whether blanks part numbers of two decimals, as in 12.99 15.99 19.99.
  var isListOfPrices: Bool {
    count >= 4 && count.isMultiple(of: 2)
      && (0..<count - 1).allSatisfy { after($0) == UInt8(ascii: $0.isMultiple(of: 2) ? "." : " ") }
      && stride(from: 1, to: count, by: 2).allSatisfy { length($0) <= 2 }
  }

  /// Whether a hyphen parts two round amounts of four digits, as in 3000-4000.
  var isPriceRange: Bool {
    guard count == 2, length(0) == 4, length(1) == 4, after(0) == UInt8(ascii: "-") else {
      return false
    }
    let digits = digits(first: 2)
    return [digits[2..<4], digits[6...]].allSatisfy { [[0, 0], [9, 9]].contains($0) }
  }

  /// Whether the digits go on what stands before: a sign of money, a code, a fraction.
  var isContinuation: Bool {
    let (before, further) = (text[start - 1], text[start - 2])
    return before == UInt8(ascii: "-") && (further.isDigit || further.isLetter)
      || isFraction || "$/_".utf8.contains(before)
  }

  /// Whether it begins with three groups of these lengths, as 555-234-5678 does.
  func begins(_ first: Int, _ second: Int, _ third: Int) -> Bool {
    count >= 3 && length(0) == first && length(1) == second && length(2) == third
  }

  /// Whether dots alone part groups of which one is a single digit, as in 8.0.32.2300.
  var isDotted: Bool {
    count > 1 && (0..<count).contains { length($0) == 1 }
      && (0..<count - 1).allSatisfy { after($0) == UInt8(ascii: ".") }
  }

  /// Whether it begins as 02-05-2024 or 2.5.2024 does, the day or the month first.
  var beginsAsDayOrMonth: Bool {
    guard count >= 3, length(0) <= 2, length(1) <= 2, length(2) == 4 else { return false }
    let digits = digits(first: 3)
    let first = digits.prefix(length(0)).reduce(0) { $0 * 10 + $1 }
    let second = digits.dropFirst(length(0)).prefix(length(1)).reduce(0) { $0 * 10 + $1 }
    return (1...31).contains(first) && (1...31).contains(second) && min(first, second) <= 12
      && [[1, 9], [2, 0]].contains(digits.suffix(4).prefix(2))
  }

  /// Whether it begins as 2024-05-02 or 20240502 does.
  var beginsAsDate: Bool {
    guard count > 0 else { return false }
    let digits = digits(first: count)
    guard digits.count >= 8, [[1, 9], [2, 0]].contains(digits.prefix(2)) else { return false }
    let (month, day) = (digits[4] * 10 + digits[5], digits[6] * 10 + digits[7])
    return length(0) == 4
      || length(0) == 8 && (1...12).contains(month) && (1...31).contains(day)
  }
}
