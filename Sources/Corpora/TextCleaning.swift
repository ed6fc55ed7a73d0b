extension String {
  /// The text with each HTML line break (`<br>`, `<br/>`, `<br />`, any case) as a line feed.
  func replacingHTMLBreaks() -> String {
    let bytes = Array(utf8)
    guard bytes.contains(UInt8(ascii: "<")) else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if let end = htmlBreakEnd(in: bytes, at: position) {
        result.append(UInt8(ascii: "\n"))
        position = end
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The text without the one pair of quotation marks around it, where it has one.
  func strippingQuotes() -> String {
    guard count > 1, first == "\"", last == "\"" else { return self }
    return String(dropFirst().dropLast())
  }

  /// On one line of at most some 300 characters, for messages that quote a file.
  var briefly: String {
    let line = split(whereSeparator: \.isNewline).joined(separator: " ")
    // The remedy is at the end.
    return line.count <= 300 ? line : "\(line.prefix(150))…\(line.suffix(130))"
  }

  /// Without white space at both ends.
  var trimmed: String {
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex
    return String(self[..<end].drop(while: \.isWhitespace))
  }

  /// True where the text holds something else than white space.
  var hasContent: Bool {
    unicodeScalars.contains { !$0.properties.isWhitespace }
  }
}

/// One past the `>` of the line break that starts at `start`.
private func htmlBreakEnd(in bytes: [UInt8], at start: Int) -> Int? {
  guard start + 3 < bytes.count, bytes[start] == UInt8(ascii: "<"),
    bytes[start + 1] | 0x20 == UInt8(ascii: "b"), bytes[start + 2] | 0x20 == UInt8(ascii: "r")
  else { return nil }
  var position = start + 3
  while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  if position < bytes.count, bytes[position] == UInt8(ascii: "/") { position += 1 }
  guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else { return nil }
  return position + 1
}
