import Files

/// Text measured in terminal columns, where Chinese characters and emoji take two.
enum TerminalText {
  /// The look of a piece of text, as ANSI codes.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  static func styled(_ text: String, _ style: Style?) -> String {
    guard let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }

  /// The text on one line, with nothing in it that steers a terminal.
  ///
  /// White space becomes a blank; control characters and marks that turn the direction of writing
  /// become U+FFFD.
  static func clean(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x9...0xD, 0x85, 0x2028, 0x2029: scalars.append(" ")
      default:
        let isHidden = scalar.turnsDirection || scalar.properties.generalCategory == .control
        scalars.append(isHidden ? "\u{FFFD}" : scalar)
      }
    }
    return String(scalars)
  }

  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  /// 0, 1 or 2 columns for nearly all characters; one that joins letters takes what they take.
  static func width(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    if let first = scalars.first, scalars.count > 1, first.properties.isEmoji, !first.isASCII {
      // Joined emoji and flags are one picture; U+FE0E asks for the plain glyph.
      return scalars.contains("\u{FE0E}") ? 1 : 2
    }
    return scalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    // Vowels and final consonants of Korean syllables join the letter before.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) }
      ? 2 : 1
  }

  /// Blocks that are wide (W) or full-width (F). Source: Unicode, EastAsianWidth.txt.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]

  /// At most `columns` columns of `text`, the last of them "…" where something is left out.
  static func shortened(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    return String(prefix(of: text, columns: columns - 1)) + "…"
  }

  /// As many of `items` as fit, joined by commas, then how many more there are.
  static func list(_ items: [String], columns: Int) -> String {
    guard let first = items.first else { return "" }
    func more(_ count: Int) -> String { count == 0 ? "" : " +\(count)" }
    let room = columns - width(more(items.count - 1))
    var line = shortened(first, to: max(1, room))
    for (shown, item) in items.enumerated().dropFirst() {
      let longer = line + ", " + item
      guard width(longer + more(items.count - shown - 1)) <= columns else {
        return line + more(items.count - shown)
      }
      line = longer
    }
    return line
  }

  /// The words of `text` on lines of at most `columns`, the first `limit` lines; a word longer than a
  /// line is cut, but for a character that is wider than a line by itself.
  static func wrapped(_ text: String, columns: Int, limit: Int = .max) -> [String] {
    var lines: [String] = []
    var (line, taken) = ("", 0)
    func end() {
      if !line.isEmpty { lines.append(line) }
      (line, taken) = ("", 0)
    }
    for word in text.split(separator: " ") {
      let size = width(String(word))
      if !line.isEmpty, taken + 1 + size <= columns {
        line += " " + word
        taken += 1 + size
        continue
      }
      end()
      for character in word where lines.count < limit {
        let size = width(character)
        if taken + size > columns { end() }
        line.append(character)
        taken += size
      }
      if lines.count >= limit { return Array(lines.prefix(limit)) }
    }
    end()
    return Array(lines.prefix(limit))
  }

  private static func prefix(of text: String, columns: Int) -> Substring {
    var taken = 0
    return text.prefix { character in
      taken += width(character)
      return taken <= columns
    }
  }
}
