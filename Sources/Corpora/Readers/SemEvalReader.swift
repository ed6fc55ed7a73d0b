import Files
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Sentences and their aspects in the XML of the SemEval tasks on aspect-based sentiment.
///
/// 2014 and MAMS have an `<aspectTerm>` for each aspect, 2015 and 2016 an `<Opinion>` with a
/// `target`: `NULL` is an implicit one, and a target stands again for each of its categories. `from`
/// and `to` count Unicode scalars of the text, end exclusive; words that are not there are looked
/// for. A sentence that is out of scope was not annotated.
/// Source: Pontiki et al., SemEval-2014 task 4 (S14-2004), SemEval-2016 task 5 (S16-1002).
struct SemEvalReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      let stream: ByteStream
      do { stream = ByteStream(try file.source()) } catch { throw .file(error) }
      // The collector is gone when this returns, and the sink with it.
      let end = withoutActuallyEscaping(sink) { sink in
        let sentences = SentenceCollector(file: file) { sink(.row($0)) }
        let parser = XMLParser(stream: stream)
        parser.delegate = sentences
        var problem = parser.parse() ? nil : sentences.problem ?? "broken XML"
        // Foundation's parser says nothing about a document that ends too soon.
        if problem == nil, sentences.depth > 0 || sentences.count == 0 {
          problem = "the XML ends too soon or holds no <sentence>"
        }
        if stream.isInvalid { problem = "the XML is not valid UTF-8" }
        return (line: max(parser.lineNumber, 1), problem: problem)
      }
      if let error = stream.error { throw .file(error) }
      if let problem = end.problem {
        throw .format(
          file: file.path, line: end.line, problem: problem,
          remedy: "give it the whole XML of a SemEval task on aspects")
      }
    }
  }
}

/// Hands on one row for each `<sentence>`.
private final class SentenceCollector: NSObject, XMLParserDelegate {
  private struct Aspect {
    let type: String
    let words: String
    let start: Int
    let end: Int
    let polarity: String?
    let category: String?
  }

  private let file: DataFile
  private let sink: (SourceRow) -> Void
  private var row: SourceRow?
  private var aspects: [Aspect] = []
  private var isInText = false
  private var isOutOfScope = false
  private(set) var problem: String?
  /// Sentences so far.
  private(set) var count = 0
  /// Elements that are open.
  private(set) var depth = 0

  init(file: DataFile, sink: @escaping (SourceRow) -> Void) {
    self.file = file
    self.sink = sink
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    depth += 1
    switch name {
    case "sentence":
      finish()
      row = SourceRow(file: file, line: parser.lineNumber, id: attributes["id"], text: "")
      isOutOfScope = attributes["OutOfScope"]?.lowercased() == "true"
    case "text":
      isInText = true
    case "aspectTerm":
      add(attributes, type: "aspectTerm", words: attributes["term"])
    case "Opinion":
      let target = attributes["target"]
      add(attributes, type: "target", words: target == "NULL" ? nil : target)
    case "aspectCategory":
      if let polarity = attributes["polarity"] { row?.polarities.append(polarity) }
    default:
      break
    }
  }

  private func add(_ attributes: [String: String], type: String, words: String?) {
    if let polarity = attributes["polarity"] { row?.polarities.append(polarity) }
    guard let words else { return }
    aspects.append(
      Aspect(
        type: type, words: words, start: Int(attributes["from"] ?? "") ?? -1,
        end: Int(attributes["to"] ?? "") ?? -1, polarity: attributes["polarity"],
        category: attributes["category"]))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if isInText { row?.text += string }
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    if isInText { row?.text += String(decoding: block, as: UTF8.self) }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    depth -= 1
    if name == "text" { isInText = false }
    if name == "sentence" { finish() }
  }

  /// Hands on the open row, where there is one.
  private func finish() {
    guard var row else { return }
    if !isOutOfScope || !aspects.isEmpty {
      let offsets = ScalarOffsets(row.text)
      row.spans = []
      for aspect in aspects {
        row.append(
          aspect.type, words: aspect.words, at: aspect.start, to: aspect.end, offsets,
          polarity: aspect.polarity, category: aspect.category)
      }
    }
    count += 1
    sink(row)
    (self.row, aspects, isOutOfScope) = (nil, [], false)
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    problem = "broken XML (\((error as NSError).code))"
  }
}
