extension String {
  /// The text without what would end a line of a message or move a terminal's cursor.
  package var onOneLine: String {
    unicodeScalars.split {
      [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }.map { String($0) }.joined(separator: " ")
  }
}
