/// Finds personal data and writes something of the same length in its place.
public enum Redaction {
  /// What `text` holds, in the order of its start; findings do not overlap.
  ///
  /// One pass from left to right: at every place where something may begin the kinds are tried in
  /// turn, and the first that fits takes its characters. The time is linear in the text.
  public static func findings(in text: String) -> [PersonalData] {
    findings(PlainCharacters(text))
  }

  /// `text` with every finding replaced by its kind in brackets, such as `[PHONE_____]`.
  ///
  /// A placeholder has as many Unicode scalars, UTF-16 units and UTF-8 bytes as what it replaces,
  /// so offsets into the result are offsets into `text`.
  public static func redacted(_ text: String) -> (text: String, findings: [PersonalData]) {
    let findings = findings(in: text)
    return (text.replacing(findings), findings)
  }

  /// A row of a file, redacted also where JSON's escapes, such as `\u0040`, stand for characters.
  public static func redacted(row: String) -> String {
    let row = row.replacing(findings(PlainCharacters(escaped: row)))
    var findings = findings(in: row)
    if row.first(where: { !$0.isWhitespace }) == "{" {
      // In JSON the letters after a backslash are part of an escape, which has to stay whole.
      let scalars = Array(row.unicodeScalars)
      findings.removeAll { $0.scalars.lowerBound > 0 && scalars[$0.scalars.lowerBound - 1] == "\\" }
    }
    return row.replacing(findings)
  }

  private static func findings(_ text: PlainCharacters) -> [PersonalData] {
    var found: [(kind: PersonalData.Kind, characters: Range<Int>)] = []
    // A URL that may stay is read once, and not again from each of its parts.
    var (start, urlEnd) = (0, 0)
    while start < text.count {
      guard text.mayBegin(at: start) else {
        start += 1
        continue
      }
      if start >= urlEnd, let url = text.url(at: start) {
        if url.isPrivate {
          found.append((.url, start..<url.end))
          start = url.end
          continue
        }
        urlEnd = url.end
      }
      if let (kind, end) = match(text, start) {
        found.append((kind, start..<end))
        start = end
      } else {
        start += 1
      }
    }
    let scalars = text.scalars(of: found.map(\.characters))
    return zip(found, scalars).map { PersonalData(kind: $0.kind, scalars: $1) }
  }

  private static func match(
    _ text: PlainCharacters, _ start: Int
  ) -> (kind: PersonalData.Kind, end: Int)? {
    if let end = text.email(at: start) { return (.email, end) }
    if let end = text.ipv6(at: start) ?? text.ipv4(at: start) { return (.ip, end) }
    if let end = text.bracketedOrInternationalPhone(at: start) { return (.phone, end) }
    guard text.isDigit(start) else { return nil }
    if let end = text.chineseID(at: start) { return (.nationalID, end) }
    let groups = DigitGroups(text, at: start)
    if let end = text.slashedPhone(groups) { return (.phone, end) }
    // No number that is looked for is shorter.
    guard groups.digitCount(first: groups.count) >= 7 else { return nil }
    if let end = text.socialSecurityNumber(groups) { return (.nationalID, end) }
    if let end = text.card(groups) { return (.card, end) }
    if let end = text.phone(groups) { return (.phone, end) }
    return nil
  }
}

extension String {
  /// With placeholders for the findings, which are in order.
  fileprivate func replacing(_ findings: [PersonalData]) -> String {
    guard !findings.isEmpty else { return self }
    var result = ""
    result.reserveCapacity(utf8.count)
    var next = findings.makeIterator()
    var finding = next.next()
    for (index, scalar) in unicodeScalars.enumerated() {
      if let current = finding, current.scalars.contains(index) {
        let letter = current.placeholder(index - current.scalars.lowerBound)
        result.unicodeScalars.append(letter.as(wide: scalar))
        if index + 1 == current.scalars.upperBound { finding = next.next() }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension PersonalData {
  /// One of as many letters as the finding has scalars.
  fileprivate func placeholder(_ index: Int) -> UInt8 {
    let (label, count) = (kind.label.utf8, scalars.count)
    guard count >= label.count + 2 else { return UInt8(ascii: "*") }
    switch index {
    case 0: return UInt8(ascii: "[")
    case count - 1: return UInt8(ascii: "]")
    case 1...label.count: return label[label.index(label.startIndex, offsetBy: index - 1)]
    default: return UInt8(ascii: "_")
    }
  }
}

extension UInt8 {
  /// A scalar with as many bytes as `other`: the letter itself, its full-width form, or a sign.
  fileprivate func `as`(wide other: Unicode.Scalar) -> Unicode.Scalar {
    switch other.utf8.count {
    case 1: Unicode.Scalar(self)
    case 2: "\u{B7}"
    case 3: Unicode.Scalar(0xFEE0 + UInt32(self)) ?? "\u{FF3F}"
    default: "\u{10101}"
    }
  }
}
