/// URLs, and which of them tell more than where a page is.
extension PlainCharacters {
  private static let schemes = ["https://", "http://", "ftp://", "www."].map { Array($0.utf8) }
  private static let slash = UInt8(ascii: "/")

  /// The end of the URL that begins at `start`, and whether it carries a name, a password, a query
  /// or a token.
  func url(at start: Int) -> (end: Int, isPrivate: Bool)? {
    guard let host = hostStart(at: start) else { return nil }
    // Ends at a blank, a quotation mark or a character of a script without spaces.
    var last = end(from: host) {
      $0 > 0x20 && $0 < 0x7F && !Self.quoting.contains($0) || $0 == Self.letter
    }
    while last > host, Self.closing.contains(self[last - 1]) { last -= 1 }
    guard last > host else { return nil }
    let url = codes[host..<last]
    let query = url.drop { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    let isPrivate =
      url.contains(UInt8(ascii: "@")) || query.contains(UInt8(ascii: "="))
      || url.drop { $0 != Self.slash && $0 != UInt8(ascii: "?") }
        .split { Self.parting.contains($0) }.contains(where: Self.isToken)
    return (last, isPrivate)
  }

  private static let quoting = Array("\"<>`{}|\\^".utf8)
  private static let closing = Array(".,;:!?)]'*_".utf8)
  private static let parting = Array("/?#&=.".utf8)

  /// Where the host of a URL begins, with a scheme before it or a path after it.
  private func hostStart(at start: Int) -> Int? {
    if let scheme = Self.schemes.first(where: { matches($0, at: start) }) {
      return start + scheme.count
    }
    guard !".-@".utf8.contains(self[start - 1]), let end = domainEnd(from: start) else {
      return nil
    }
    return self[end] == Self.slash || self[end] == UInt8(ascii: "?") ? start : nil
  }

  /// Whether a part of a path is no word: long, of digits and letters mixed, or hexadecimal.
  private static func isToken(_ part: ArraySlice<UInt8>) -> Bool {
    guard part.count >= 16, part.contains(where: \.isDigit) else { return false }
    let letters = part.filter(\.isLetter)
    // Words of a title are parted by signs, and written alike.
    let isTitle = part.contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    let isMixed = letters.contains { $0 >= 0x61 } && letters.contains { $0 < 0x61 }
    return !letters.isEmpty && (!isTitle || isMixed)
      || part.count >= 32 && part.allSatisfy { $0.isHexDigit || $0 == UInt8(ascii: "-") }
  }
}
