import Files
import Foundation

/// One JSON object a line; the card's `fields` say which members hold id, text and label.
struct JSONLinesReader: CorpusReader {
  let fields: FieldNames

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    let decoder = JSONDecoder()
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        guard
          let object = try? decoder.decode([String: JSONScalar].self, from: Data(line.bytes))
        else { return "not a JSON object" }
        guard let text = object[fields.text]?.text else { return "no text in '\(fields.text)'" }
        var row = SourceRow(file: file.name, line: line.number, text: text)
        if let name = fields.id {
          guard let id = object[name]?.text else { return "no id in '\(name)'" }
          row.id = id
        }
        if let name = fields.label {
          row.label = object[name]?.text
          guard row.label != nil || fields.labelIsOptional else { return "no label in '\(name)'" }
        }
        sink(.row(row))
        return nil
      }
    }
  }
}

/// A member's value as text: strings, numbers and truth values have one.
private struct JSONScalar: Decodable {
  let text: String?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      text = nil
    } else if let string = try? container.decode(String.self) {
      text = string
    } else if let number = try? container.decode(Int.self) {
      text = String(number)
    } else if let number = try? container.decode(Double.self) {
      text = String(number)
    } else {
      text = (try? container.decode(Bool.self)).map { String($0) }
    }
  }
}
