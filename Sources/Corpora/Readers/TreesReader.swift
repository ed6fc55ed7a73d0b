import Files

/// Labelled trees as of the Stanford Sentiment Treebank, one a line: `(3 (2 It) (4 shines))`.
///
/// The label is that of the root; the text is the leaves with spaces between, with `-LRB-` and its
/// like as the brackets they stand for, two backquotes or apostrophes as `"`, and backslashes gone.
/// Source: Socher et al., Recursive Deep Models for Semantic Compositionality, EMNLP 2013.
struct TreesReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.isEmpty { return nil }
        guard let tree = Tree(line.bytes) else { return "not a tree '(label ...)'" }
        let text = tree.leaves.map(unescaped).joined(separator: " ")
        let row = SourceRow(file: file.name, line: line.number, text: text, label: tree.rootLabel)
        sink(.row(row))
        return nil
      }
    }
  }

  private func unescaped(_ leaf: String) -> String {
    switch leaf {
    case "-LRB-": "("
    case "-RRB-": ")"
    case "-LSB-": "["
    case "-RSB-": "]"
    case "-LCB-": "{"
    case "-RCB-": "}"
    case "``", "''": "\""
    default: leaf.replacing("\\", with: "")
    }
  }
}

/// The root's label and the leaves of one tree.
private struct Tree {
  var rootLabel = ""
  var leaves: [String] = []

  /// Nil where brackets do not match or a node has no label.
  init?(_ bytes: [UInt8]) {
    let (open, close, space) = (UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: " "))
    var depth = 0
    var position = 0
    while position < bytes.count {
      switch bytes[position] {
      case open:
        // A node: its label up to the space, then nodes or one leaf.
        let start = position + 1
        guard depth > 0 || position == 0,
          let end = bytes[start...].firstIndex(of: space), end > start
        else { return nil }
        if depth == 0 { rootLabel = String(decoding: bytes[start..<end], as: UTF8.self) }
        depth += 1
        position = end + 1
      case close:
        depth -= 1
        if depth < 0 { return nil }
        position += 1
      case space:
        position += 1
      default:
        guard depth > 0, let end = bytes[position...].firstIndex(of: close) else { return nil }
        leaves.append(String(decoding: bytes[position..<end], as: UTF8.self))
        position = end
      }
    }
    if depth != 0 || leaves.isEmpty { return nil }
  }
}
