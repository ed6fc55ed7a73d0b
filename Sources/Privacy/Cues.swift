/// Where something may begin, and the words that tell what a number is.
extension PlainCharacters {
  private static func codes(_ words: String...) -> [[UInt8]] {
    words.map { PlainCharacters($0).codes }
  }

  /// Words of phones, and beginnings of them; those of `wholePhoneCues` begin other words too.
  private static let phoneCues = codes(
    "phone", "mobile", "cellphone", "whatsapp", "hotline", "telephone", "telefon", "dialed",
    "dialled", "dialing", "dialling", "qq",
    "电话", "電話", "手机", "手機", "致电", "致電", "拨打", "微信", "热线", "座机")
  private static let wholePhoneCues = codes(
    "call", "calls", "called", "caller", "calling", "tel", "cell", "fax", "sms", "dial")
  /// What stands at once before a number to be found under in a chat.
  private static let chatWords = codes("v", "vx", "wx", "q", "qq")
  private static let extensionWords = codes("x", "ext")
  /// Words of other numbers, which count where they stand nearer.
  private static let orderCues = codes(
    "order", "ticket", "reference", "invoice", "serial", "model", "订单", "单号", "编号")
  private static let units = codes(
    "gb", "mb", "tb", "kb", "ml", "mg", "kg", "g", "mm", "cm", "hz", "w", "v", "px", "dpi", "fps",
    "grit", "lumens", "calories", "kcal", "mah", "yuan", "rmb", "dollars", "元", "块", "塊", "万", "萬")
  private static let versionWords = codes(
    "version", "ver", "v", "firmware", "release", "build", "rev", "版本", "版本号")
  private static let identityWords = codes("ssn", "security")
  private static let addressWords = codes("ip", "address", "地址")

  /// Whether a word, a number or an address may begin here: nothing of its kind stands before.
  func mayBegin(at index: Int) -> Bool {
    let (before, first) = (self[index - 1], self[index])
    if before.isDigit { return first == UInt8(ascii: "(") }
    if before.isLetter || before == Self.letter {
      return first.isDigit && mayFollowWord(at: index)
    }
    return first.isDigit || first.isLetter || first == Self.letter
      || first == UInt8(ascii: "+") || first == UInt8(ascii: "(")
      // An IPv6 address may begin with two colons.
      || first == UInt8(ascii: ":") && self[index + 1] == first
  }

  /// Whether digits that a word runs into are a number all the same: "tel5550100", "Visa4111…",
  /// "example.com555-234-5678".
  private func mayFollowWord(at index: Int) -> Bool {
    let number = DigitGroups(self, at: index)
    return number.begins(3, 3, 4) || number.length(0) >= 4 && card(number) != nil
      || chineseID(at: index) != nil
      || endsWord(at: index, Self.phoneCues + Self.wholePhoneCues + Self.identityWords)
      || number.length(0) == 11 && endsWord(at: index, Self.chatWords)
      || endsWord(at: index, Self.addressWords) && ipv4(at: index) != nil
  }

  /// Whether a word of phones begins in the twenty characters before `index`, and none of orders
  /// after it: "call", "recall" not.
  func hasPhoneCue(before index: Int) -> Bool {
    let phone = [
      lastCue(before: index, Self.phoneCues),
      lastCue(before: index, Self.wholePhoneCues, isWhole: true),
    ].compactMap(\.self).max()
    guard let phone else { return false }
    return lastCue(before: index, Self.orderCues).map { $0 < phone } ?? true
  }

  /// Whether a number of so many digits may end at `index` although a word follows at once: the one
  /// under which it is to be found in a chat ("13812345678vx"), or that of an extension.
  func mayEndBeforeWord(at index: Int, digitCount: Int) -> Bool {
    let words = Self.extensionWords + (digitCount == 11 ? Self.chatWords : [])
    return startsWord(at: index, words)
  }

  /// Whether a unit of measure stands at `index`.
  func hasUnit(at index: Int) -> Bool {
    startsWord(at: index, Self.units)
  }

  /// Whether a word of social security stands in the twenty characters before `index`.
  func hasIdentityCue(before index: Int) -> Bool { hasCue(before: index, Self.identityWords) }

  /// Whether a word of network addresses stands in the twenty characters before `index`.
  func hasAddressCue(before index: Int) -> Bool { hasCue(before: index, Self.addressWords) }

  /// Whether the word before or after says that a number is a version.
  func isVersion(_ number: Range<Int>) -> Bool {
    var end = number.lowerBound
    while number.lowerBound - end < 3, " :=.".utf8.contains(self[end - 1]) { end -= 1 }
    let hasBlank = self[number.upperBound] == UInt8(ascii: " ")
    let start = number.upperBound + (hasBlank ? 1 : 0)
    return endsWord(at: end, Self.versionWords)
      || startsWord(at: start, Self.versionWords.filter { $0.count > 1 })
  }

  private func hasCue(before index: Int, _ words: [[UInt8]]) -> Bool {
    lastCue(before: index, words) != nil
  }

  /// Where the last of `words` begins in the twenty characters before `index`; where it `isWhole` no
  /// letter follows it.
  private func lastCue(before index: Int, _ words: [[UInt8]], isWhole: Bool = false) -> Int? {
    (max(0, index - 20)..<index).last { start in
      let first = self[start]
      // Words are of letters and ideographs, and most of what stands before a number is neither.
      guard first.isLetter && !self[start - 1].isLetter || first > Self.other else { return false }
      return words.contains {
        matches($0, at: start) && $0.count <= index - start
          && !(isWhole && self[start + $0.count].isLetter)
      }
    }
  }

  /// Whether one of `words`, alone or before another script, starts at `index`.
  private func startsWord(at index: Int, _ words: [[UInt8]]) -> Bool {
    words.contains { matches($0, at: index) && !self[index + $0.count].isLetter }
  }

  /// Whether one of `words`, alone or after another script, ends before `index`.
  private func endsWord(at index: Int, _ words: [[UInt8]]) -> Bool {
    words.contains {
      matches($0, at: index - $0.count) && !self[index - $0.count - 1].isLetter
    }
  }
}
