/// Rows of cells set in columns, for people.
struct DisplayTable {
  /// Columns that hold text; the others hold numbers and are set to the right.
  let textColumns: Int
  private(set) var rows: [[String]]

  /// A table under a header.
  init(header: [String], textColumns: Int = 1) {
    self.textColumns = textColumns
    rows = [header]
  }

  /// Adds a row of as many cells as the header.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// A line for each row, without blanks at its end.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + (column < textColumns ? cell + blanks : blanks + cell)
      }
      let end = line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex
      return line[..<end] + "\n"
    }.joined()
  }
}

/// A count as a cell: nothing for zero, so that what matters stands out.
func cell(_ count: Int) -> String { count == 0 ? "" : String(count) }
