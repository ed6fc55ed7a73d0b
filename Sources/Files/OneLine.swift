extension Unicode.Scalar {
  /// Whether it turns the direction of what follows, and so what a line seems to say.
  package var turnsDirection: Bool {
    (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }
}

extension String {
  /// The text without what would end a line of a message or move a terminal's cursor.
  package var onOneLine: String {
    unicodeScalars.split {
      [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }.map { String($0) }.joined(separator: " ")
  }
}
