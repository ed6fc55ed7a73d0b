import Files
import Foundation

/// JSON objects one after the other, on one line or many, of a text and its mentions by type:
/// `{"text": "...", "label": {"name": {"mention": [[start, end], ...]}}}`.
///
/// Offsets count Unicode scalars and the end is inclusive; a mention that is not there is looked
/// for. Source: Xu et al., CLUENER2020, arXiv 2001.04351.
struct MentionsReader: CorpusReader {
  private struct Row: Decodable {
    let text: String
    let label: [String: [String: [[Int]]]]
  }

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    let decoder = JSONDecoder()
    for file in files {
      try file.forEachJSONValue(depth: 0, into: sink) { bytes, _, line in
        guard let object = try? decoder.decode(Row.self, from: Data(bytes)) else {
          return "not a JSON object of 'text' and 'label'; make it one"
        }
        var row = SourceRow(file: file, line: line, text: object.text)
        row.spans = []
        let offsets = ScalarOffsets(object.text)
        for (type, mentions) in object.label.sorted(by: { $0.key < $1.key }) {
          for (words, places) in mentions.sorted(by: { $0.key < $1.key }) {
            for place in places {
              guard place.count == 2, place[1] < Int.max else {
                return "'\(words)' has no [start, end]; give it two numbers"
              }
              row.append(type, words: words, at: place[0], to: place[1] + 1, offsets)
            }
          }
        }
        sink(.row(row))
        return nil
      }
    }
  }
}
