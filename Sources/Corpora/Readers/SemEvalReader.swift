import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Aspect terms and categories in the XML of SemEval-2014 task 4.
///
/// `from` and `to` count Unicode scalars of the text, end exclusive; a term that is not there is
/// looked for. A file is held in memory while it is read.
/// Source: Pontiki et al., SemEval-2014 Task 4: Aspect Based Sentiment Analysis, S14-2004.
struct SemEvalReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      let parser = XMLParser(data: try file.contents())
      let sentences = SentenceCollector(file: file.name)
      parser.delegate = sentences
      // Foundation's parser says nothing about a document that ends too soon.
      guard parser.parse(), sentences.depth == 0, !sentences.rows.isEmpty else {
        let problem = sentences.problem ?? "the XML ends too soon or holds no <sentence>"
        throw .format(
          file: file.path, line: max(parser.lineNumber, 1), problem: problem,
          remedy: "give it the XML of SemEval-2014 task 4")
      }
      for row in sentences.rows { sink(.row(row)) }
    }
  }
}

/// Builds one row for each `<sentence>`.
private final class SentenceCollector: NSObject, XMLParserDelegate {
  struct Term {
    let words: String
    let start: Int
    let end: Int
    let polarity: String?
  }

  private let file: String
  private var terms: [Term] = []
  private var isInText = false
  private(set) var rows: [SourceRow] = []
  private(set) var problem: String?
  /// Elements that are open.
  private(set) var depth = 0

  init(file: String) {
    self.file = file
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    depth += 1
    switch name {
    case "sentence":
      rows.append(
        SourceRow(file: file, line: parser.lineNumber, id: attributes["id"], text: ""))
      terms = []
    case "text":
      isInText = true
    case "aspectTerm":
      terms.append(
        Term(
          words: attributes["term"] ?? "", start: Int(attributes["from"] ?? "") ?? -1,
          end: Int(attributes["to"] ?? "") ?? -1, polarity: attributes["polarity"]))
    case "aspectCategory":
      if let polarity = attributes["polarity"], !rows.isEmpty {
        rows[rows.count - 1].polarities.append(polarity)
      }
    default:
      break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if isInText, !rows.isEmpty { rows[rows.count - 1].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    depth -= 1
    if name == "text" { isInText = false }
    guard name == "sentence", var row = rows.popLast() else { return }
    let offsets = ScalarOffsets(row.text)
    var spans: [SourceSpan] = []
    for term in terms {
      let (range, remark) = offsets.byteRange(of: term.words, annotatedAt: term.start, term.end)
      if let range {
        spans.append(SourceSpan(range: range, type: "aspectTerm", polarity: term.polarity))
      }
      if let polarity = term.polarity { row.polarities.append(polarity) }
      if let remark { row.remarks.append(remark) }
    }
    row.spans = spans
    rows.append(row)
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    problem = "broken XML (\((error as NSError).code))"
  }
}
