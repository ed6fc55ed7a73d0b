import Files

/// A line is one element, `<Pros>Sturdy &amp; cheap</Pros>`: its name is the label, its content the
/// text.
///
/// Character references are read, also those that were escaped twice (`&amp;quot;`); carriage
/// returns and line feeds among them become blanks.
struct ElementLinesReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        let content = line.text.trimmed
        if content.isEmpty { return nil }
        guard content.hasPrefix("<"), let end = content.firstIndex(of: ">") else {
          return "no element; write <Label>text</Label>"
        }
        let name = String(content[content.index(after: content.startIndex)..<end])
        guard !name.isEmpty, !name.hasPrefix("/"), content.hasSuffix("</\(name)>"),
          content.utf8.count >= 2 * name.utf8.count + 5
        else { return "<\(name)> does not close; end the line with </\(name)>" }
        let text = content[content.index(after: end)...].dropLast(name.count + 3)
        var row = SourceRow(file: file, line: line.number, text: String(text), label: name)
        row.text = row.text.replacingReferences().replacingReferences()
        sink(.row(row))
        return nil
      }
    }
  }
}

extension String {
  /// The text with `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;`, `&#38;` and `&#x26;` as what they stand
  /// for.
  fileprivate func replacingReferences() -> String {
    guard contains("&") else { return self }
    var result = ""
    var rest = self[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...]
      // No reference is longer than "&#1114111;".
      if let end = rest.prefix(10).firstIndex(of: ";"),
        let character = character(named: rest[rest.index(after: start)..<end])
      {
        result.unicodeScalars.append(character)
        rest = rest[rest.index(after: end)...]
      } else {
        result += "&"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private func character(named name: Substring) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    let isHexadecimal = name.hasPrefix("#x") || name.hasPrefix("#X")
    guard name.hasPrefix("#"),
      let value = isHexadecimal ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
    else { return nil }
    switch value {
    case 9, 10, 13: return " "
    // Pages of Windows number its own characters, 128 to 159, as if they were Unicode's.
    case 0x91, 0x92: return "'"
    case 0x93, 0x94: return "\""
    case 0x95: return "•"
    case 0x96, 0x97: return "–"
    case 0..<32, 0x7F..<0xA0: return nil
    default: return Unicode.Scalar(value)
    }
  }
}
