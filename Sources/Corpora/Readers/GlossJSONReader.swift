import Files
import Foundation
import Reviews

/// Our own form of a labelled corpus, one JSON object a line, in our own label names.
///
/// `{"id": "r-1", "text": "...", "stars": 4, "entities": [{"layer": "opinion", "type": "ASPECT",
/// "text": "battery", "start": 4, "end": 11, "polarity": "positive"}], "intents": ["praise"]}`:
/// `start` and `end` count Unicode scalars and `text`, where given, is what is there; `stars` is a
/// number or a list of allowed ones; `stars`, `entities` or `intents` that are absent or null are
/// not labelled. An aspect may list its `groups`. `supervises` lists the intents that are known of
/// this row, where they are not those of the card; `unknown` lists stretches of unknown tags, as
/// `{"layer", "start", "end"}`; `user`, `item` and `time` say who, about what and when.
struct GlossJSONReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    let decoder = JSONDecoder()
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        // Foundation would take the bytes for UTF-16.
        if line.bytes.contains(0) { return "not a labelled review: it holds a NUL byte" }
        do {
          let object = try decoder.decode(LabelledReview.self, from: line.data)
          sink(.row(try object.row(file: file, line: line.number)))
          return nil
        } catch let error as BadRow {
          return error.reason
        } catch {
          return "not a labelled review: \(briefly(error))"
        }
      }
    }
  }

  private func briefly(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _):
      return "no '\(key.stringValue)'"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      let path = context.codingPath.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
      return "'\(path.joined(separator: "."))' has another type"
    default:
      return "bad JSON"
    }
  }
}

private struct LabelledReview: Decodable {
  struct Entity: Decodable {
    let layer: String
    let type: String
    /// The words of the span, where the row gives them.
    let text: String?
    let start: Int
    let end: Int
    let polarity: String?
    let groups: [String]?
  }

  struct Stretch: Decodable {
    let layer: String
    let start: Int
    let end: Int
  }

  /// A number or a list of numbers.
  struct Stars: Decodable {
    let values: [Int]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let list = try? container.decode([Int].self) {
        values = list
      } else {
        values = [try container.decode(Int.self)]
      }
    }
  }

  let id: String?
  let text: String
  let stars: Stars?
  let entities: [Entity]?
  let intents: [String]?
  let supervises: [String]?
  let unknown: [Stretch]?
  let user: String?
  let item: String?
  let time: String?

  func row(file: DataFile, line: Int) throws(BadRow) -> SourceRow {
    var row = SourceRow(file: file, line: line, id: id, text: text)
    row.stars = stars?.values
    row.intents = intents
    row.supervised = supervises
    row.parts[.user] = user
    row.items = item.map { [$0] } ?? []
    row.parts[.time] = time
    if let intent = (supervises ?? []).first(where: { !LabelSchema.intents.contains($0) }) {
      throw BadRow(
        reason: "'supervises' names an unknown intent '\(intent)'; use one of: "
          + LabelSchema.intents.joined(separator: ", "))
    }
    let offsets = ScalarOffsets(text)
    for stretch in unknown ?? [] {
      guard let layer = EntityLayer(rawValue: stretch.layer),
        let range = offsets.byteRange(stretch.start, stretch.end)
      else {
        throw BadRow(
          reason:
            "'unknown' has no text of \(stretch.layer) from \(stretch.start) to \(stretch.end)")
      }
      row.unknown[layer, default: []].append(range)
    }
    guard let entities else { return row }
    var spans: [SourceSpan] = []
    for entity in entities {
      guard EntityLayer(rawValue: entity.layer)?.types.contains(entity.type) == true else {
        throw BadRow(reason: "the layer '\(entity.layer)' has no type '\(entity.type)'")
      }
      guard let range = offsets.byteRange(entity.start, entity.end) else {
        throw BadRow(reason: "no text from \(entity.start) to \(entity.end)")
      }
      if let words = entity.text,
        offsets.byteRange(of: words, annotatedAt: entity.start, entity.end).remark != nil
      {
        throw BadRow(reason: "'\(words)' is not from \(entity.start) to \(entity.end)")
      }
      let groups = entity.groups ?? []
      if let group = groups.first(where: { !LabelSchema.aspectGroups.contains($0) }) {
        throw BadRow(
          reason: "unknown group '\(group)'; use one of: "
            + LabelSchema.aspectGroups.joined(separator: ", "))
      }
      spans.append(
        SourceSpan(range: range, type: entity.type, polarity: entity.polarity, groups: groups))
    }
    row.spans = spans
    return row
  }
}
