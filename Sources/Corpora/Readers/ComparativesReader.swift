import Files

/// A sentence a line; comparative ones stand between lines of tags, `<cs-1>` and `</cs-1>`, and lines
/// of their relations follow: `1_camera 2_phone 3_lens (better)`.
///
/// The label is the first tag's name, as `cs-1`, or `none`. Lines of asterisks part the sources.
/// Source: Jindal and Liu, Identifying Comparative Sentences in Text Documents, SIGIR 2006.
struct ComparativesReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      var open: SourceRow?
      var areRelations = false
      func rejectOpen() {
        guard let row = open else { return }
        sink(file.rejection(row.line, "<\(row.label ?? "")> does not close; close it"))
        open = nil
      }
      try file.forEachLine(into: sink) { line in
        let text = line.text.trimmed
        if text.hasPrefix("<cs-"), let end = text.firstIndex(of: ">") {
          rejectOpen()
          let label = String(text[text.index(after: text.startIndex)..<end])
          open = SourceRow(file: file, line: line.number, text: "", label: label)
        } else if text.hasPrefix("</cs-") || text.hasPrefix("/cs-") {
          guard let row = open else { return "\(text.prefix(7)) closes nothing; open it before" }
          open = nil
          areRelations = true
          sink(.row(row))
        } else if let row = open {
          open?.text = row.text.isEmpty ? text : row.text + " " + text
        } else if text.isEmpty || text.count > 9 && text.allSatisfy({ $0 == "*" }) {
          areRelations = false
        } else if !areRelations || !isRelation(text) {
          areRelations = false
          sink(.row(SourceRow(file: file, line: line.number, text: text, label: "none")))
        }
        return nil
      }
      rejectOpen()
    }
  }

  private func isRelation(_ text: String) -> Bool {
    if text.hasPrefix("(") && text.hasSuffix(")") { return true }
    let rest = text.drop(while: \.isNumber)
    return rest.count < text.count && (rest.hasPrefix("_") || rest.hasPrefix(")"))
  }
}
