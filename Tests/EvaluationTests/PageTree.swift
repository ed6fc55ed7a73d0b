import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a parser of XML sees it.
final class PageNode {
  let name: String
  let attributes: [String: String]
  private(set) var children: [PageNode] = []
  /// The text directly in it and in what is in it, in order.
  private(set) var text = ""

  private init(name: String, attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }

  /// The root of a page; throws the parser's error where it is not well-formed.
  static func parse(_ page: String) throws -> PageNode {
    let builder = Builder()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = builder
    guard parser.parse(), let root = builder.root else {
      throw parser.parserError ?? CocoaError(.fileReadCorruptFile)
    }
    return root
  }

  /// Everything below of that name, and of that class where one is given, in the page's order.
  func all(_ name: String, _ kind: String? = nil) -> [PageNode] {
    children.flatMap { child in
      let isOne =
        child.name == name
        && (kind.map { child.kinds.contains($0) } ?? true)
      return (isOne ? [child] : []) + child.all(name, kind)
    }
  }

  /// Everything below.
  var descendants: [PageNode] { children.flatMap { [$0] + $0.descendants } }

  /// What is below has that id; nil where nothing is.
  func element(id: String) -> PageNode? { descendants.first { $0.attributes["id"] == id } }

  /// The cells of each row of a table, white space at their ends aside.
  var rows: [[String]] {
    all("tr").map { row in
      row.children.map { cell in
        cell.children.first?.name == "svg"
          ? "" : cell.text.trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
  }

  private var kinds: [String] {
    (attributes["class"] ?? "").split(separator: " ").map(String.init)
  }

  private final class Builder: NSObject, XMLParserDelegate {
    var root: PageNode?
    private var open: [PageNode] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      let node = PageNode(name: name, attributes: attributes)
      open.last?.children.append(node)
      if root == nil { root = node }
      open.append(node)
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      for node in open { node.text += text }
    }
  }
}
