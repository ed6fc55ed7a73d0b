/// E-mail and IP addresses.
extension PlainCharacters {
  private static let dot = UInt8(ascii: ".")
  private static let hyphen = UInt8(ascii: "-")
  private static let colon = UInt8(ascii: ":")

  /// The end of the e-mail address that begins at `start` (RFC 5321; of RFC 6531 letters, without
  /// ideographs, which the text before an address may end with; no quoted names).
  func email(at start: Int) -> Int? {
    guard Self.isInName(self[start]) else { return nil }
    let at = end(from: start, limit: 65, while: Self.isInName)
    guard at > start, at - start <= 64, self[at] == UInt8(ascii: "@") else { return nil }
    return domainEnd(from: at + 1)
  }

  private static func isInName(_ code: UInt8) -> Bool {
    switch Unicode.Scalar(code) {
    case ".", "!", "#"..."'", "*", "+", "/", "=", "?", "^"..."`", "{"..."~": true
    default: isInLabel(code)
    }
  }

  private static func isInLabel(_ code: UInt8) -> Bool {
    code.isLetter || code.isDigit || code == hyphen || code == letter
  }

  /// The end of a domain with at least one dot and a name of letters after the last; 255 characters
  /// at most (RFC 1035).
  func domainEnd(from start: Int) -> Int? {
    var index = start
    var found: Int?
    while index - start < 255 {
      let label = end(from: index, limit: 64, while: Self.isInLabel)
      guard label > index, self[index] != Self.hyphen else { break }
      // A hyphen at the end belongs to the sentence.
      var last = label
      while self[last - 1] == Self.hyphen { last -= 1 }
      if index > start {
        // "post.example-thanks": what follows a hyphen may be the sentence's, too.
        let word = end(from: index, limit: last - index) { $0 != Self.hyphen }
        found = [last, word].first { $0 - index >= 2 && isTopLevel(index..<$0) } ?? found
      }
      guard last == label, self[label] == Self.dot else { break }
      index = label + 1
    }
    return found
  }

  /// Letters, or the ASCII form of letters of another script (RFC 5891).
  private func isTopLevel(_ label: Range<Int>) -> Bool {
    label.allSatisfy { self[$0].isLetter || self[$0] == Self.letter }
      || matches(Array("xn--".utf8), at: label.lowerBound)
  }

  /// The end of the IPv4 address that begins at `start`; a version number is none.
  ///
  /// Four small numbers are taken for a version too, unless a word says that they are an address:
  /// of all addresses less than 2 in 1,000 have no part above 49.
  func ipv4(at start: Int) -> Int? {
    guard let (index, parts) = fourParts(at: start), !self[index].isLetter,
      self[start - 1] != Self.dot, self[index] != Self.dot || !isDigit(index + 1),
      !isVersion(start..<index)
    else { return nil }
    let isSmall = parts[0] != 10 && parts.allSatisfy { $0 < 50 }
    return isSmall && !hasAddressCue(before: start) ? nil : index
  }

  /// Four numbers below 256 that dots part, and where they end.
  private func fourParts(at start: Int) -> (end: Int, parts: [Int])? {
    var index = start
    var parts: [Int] = []
    for part in 0..<4 {
      let next = end(from: index, limit: 4, while: \.isDigit)
      guard (1...3).contains(next - index), next - index == 1 || self[index] != UInt8(ascii: "0")
      else { return nil }
      parts.append(codes[index..<next].reduce(0) { $0 * 10 + Int($1 - 0x30) })
      guard parts[part] < 256 else { return nil }
      index = next
      guard part < 3 else { break }
      guard self[index] == Self.dot else { return nil }
      index += 1
    }
    return (index, parts)
  }

  /// The end of the IPv6 address that begins at `start`: eight groups, or fewer around "::"
  /// (RFC 4291, section 2.2).
  func ipv6(at start: Int) -> Int? {
    guard !isInsideGroups(start) else { return nil }
    let last = end(from: start, limit: 46) { $0.isHexDigit || $0 == Self.colon }
    guard last - start >= 3, !self[last].isLetter else { return nil }
    var stop = last
    // A single colon at the end belongs to the sentence.
    if self[stop - 1] == Self.colon, self[stop - 2] != Self.colon { stop -= 1 }
    let address = codes[start..<stop]
    let groups = address.split(separator: Self.colon)
    guard let tail = groups.last, address.contains(where: \.isDigit),
      groups.allSatisfy({ $0.count <= 4 })
    else { return nil }
    // The last two groups may be written as an IPv4 address.
    let embedded = self[stop] == Self.dot ? fourParts(at: tail.startIndex)?.end : nil
    let count = groups.count + (embedded == nil ? 0 : 1)
    let colons = address.count { $0 == Self.colon }
    let gaps = zip(address.indices, address.indices.dropFirst())
      .count { address[$0] == Self.colon && address[$1] == Self.colon }
    let isWhole =
      switch gaps {
      // A ninth group is a port.
      case 0: (8...9).contains(count) && colons == groups.count - 1
      // Two groups of digits are rather a time of day, "12::30".
      case 1: (2...7).contains(count) && (count > 2 || address.contains(where: \.isLetter))
      default: false
      }
    guard isWhole else { return nil }
    return embedded ?? (count == 9 ? tail.startIndex - 1 : stop)
  }

  /// Whether groups that were no address begin before `start` and go on here.
  private func isInsideGroups(_ start: Int) -> Bool {
    guard self[start - 1] == Self.colon else { return false }
    var first = start - 1
    while start - first < 46, self[first - 1].isHexDigit || self[first - 1] == Self.colon {
      first -= 1
    }
    // In "code:fe80::1" the groups begin after the word.
    let isWord = self[first - 1].isLetter || self[first - 1] == Self.letter
    return isWord ? codes[first..<start - 1].contains(Self.colon) : first < start - 1
  }
}
