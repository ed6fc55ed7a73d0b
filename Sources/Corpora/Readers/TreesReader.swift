import Files

/// Labelled trees as of the Stanford Sentiment Treebank, one a line: `(3 (2 It) (4 shines))`.
///
/// The label is that of the root; the text is the leaves with spaces between, with `-LRB-` and its
/// like as the brackets they stand for, two backquotes or apostrophes as `"`, and backslashes gone.
/// Source: Socher et al., Recursive Deep Models for Semantic Compositionality, EMNLP 2013.
struct TreesReader: CorpusReader {
  /// Rows are the phrases of two or more leaves inside of each sentence, not the sentences.
  let readsPhrases: Bool

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.isEmpty { return nil }
        guard let tree = Tree(line.bytes) else { return "not a tree '(label ...)'; correct it" }
        let leaves = tree.leaves.map(unescaped)
        for (number, node) in tree.nodes.enumerated() {
          let isRoot = number == tree.nodes.count - 1
          if readsPhrases ? isRoot || node.leaves.count < 2 : !isRoot { continue }
          sink(
            .row(
              SourceRow(
                file: file, line: line.number,
                id: readsPhrases ? "\(file.name):\(line.number).\(number + 1)" : nil,
                text: leaves[node.leaves].joined(separator: " "), label: node.label)))
        }
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

/// One tree: its leaves, and its nodes from the first that ends to the root.
private struct Tree {
  var leaves: [String] = []
  var nodes: [(label: String, leaves: Range<Int>)] = []

  /// Nil where brackets do not match or a node has no label.
  init?(_ bytes: [UInt8]) {
    let (open, close, space) = (UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: " "))
    // Nodes that have not ended: label and first leaf.
    var unclosed: [(label: String, firstLeaf: Int)] = []
    var position = 0
    while position < bytes.count {
      switch bytes[position] {
      case open:
        // A node: its label up to the space, then nodes or one leaf.
        let start = position + 1
        guard !unclosed.isEmpty || position == 0,
          let end = bytes[start...].firstIndex(of: space), end > start
        else { return nil }
        unclosed.append((String(decoding: bytes[start..<end], as: UTF8.self), leaves.count))
        position = end + 1
      case close:
        guard let node = unclosed.popLast() else { return nil }
        nodes.append((node.label, node.firstLeaf..<leaves.count))
        position += 1
      case space:
        position += 1
      default:
        guard !unclosed.isEmpty, let end = bytes[position...].firstIndex(of: close) else {
          return nil
        }
        leaves.append(String(decoding: bytes[position..<end], as: UTF8.self))
        position = end
      }
    }
    if !unclosed.isEmpty || leaves.isEmpty { return nil }
  }
}
