/// Rows of cells set in columns, no wider than a terminal.
struct TextTable {
  /// The width that every line keeps to.
  static let lineWidth = 80

  struct Cell: ExpressibleByStringLiteral {
    var text: String
    var style: TerminalText.Style?

    init(_ text: String, _ style: TerminalText.Style? = nil) {
      self.text = TerminalText.clean(text)
      self.style = style
    }

    init(stringLiteral text: String) { self.init(text) }
  }

  /// How a column is set; it is as wide as its widest cell, up to `limit`.
  struct Column {
    var limit: Int
    var isRightAligned = false
  }

  /// Limits together with `indent` and two blanks between columns must keep to the line width.
  var columns: [Column]
  var indent = 2

  /// One line per row, without blanks at its end.
  func lines(_ rows: [[Cell]], styled: Bool) -> [String] {
    precondition(
      indent + columns.reduce(-2) { $0 + $1.limit + 2 } <= Self.lineWidth,
      "columns of \(columns.map(\.limit)) do not fit into \(Self.lineWidth)")
    let shortened = rows.map { row in
      zip(row, columns).map { TerminalText.shortened($0.text, to: $1.limit) }
    }
    let widths = columns.indices.map { index in
      shortened.map { TerminalText.width($0[index]) }.max() ?? 0
    }
    return zip(rows, shortened).map { row, texts in
      var line = ""
      var blanks = indent  // still owed, so that no line ends in them
      for (index, text) in texts.enumerated() {
        let room = widths[index] - TerminalText.width(text)
        let isRightAligned = columns[index].isRightAligned
        if !text.isEmpty {
          line += String(repeating: " ", count: blanks + (isRightAligned ? room : 0))
          line += styled ? TerminalText.styled(text, row[index].style) : text
          blanks = isRightAligned ? 2 : room + 2
        } else {
          blanks += widths[index] + 2
        }
      }
      return line
    }
  }
}
