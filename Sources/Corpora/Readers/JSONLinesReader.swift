import Files
import Foundation

/// One JSON object a line; the card's `fields` say which members hold id, text and label.
///
/// A basket's items may be a list.
struct JSONLinesReader: CorpusReader {
  let fields: FieldNames
  /// Rows have a text.
  let isText: Bool

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    let decoder = JSONDecoder()
    let wanted = JSONMembers.Wanted(names: fields.columns(isText: isText))
    for file in files {
      try file.forEachLine(into: sink) { line in
        if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        // No JSON text holds a NUL, and Foundation would take the bytes for UTF-16.
        if line.bytes.contains(0) { return JSONMembers.noObject }
        let members: JSONMembers
        do {
          members = try decoder.decode(JSONMembers.self, from: line.data, configuration: wanted)
        } catch let error as JSONMembers.UnreadableValue {
          return error.reason
        } catch {
          return JSONMembers.noObject
        }
        if isText, !fields[.text].contains(where: { members.texts[$0] != nil }) {
          return "no text in '\(fields[.text].joined(separator: "', '"))'; "
            + "give one or name the member"
        }
        return members.row(of: file, line: line.number, fields, into: sink)
      }
    }
  }
}

/// The members of a JSON object that a card asks for, as text.
struct JSONMembers: DecodableWithConfiguration {
  /// Names of members.
  struct Wanted {
    let names: [String]
  }

  /// A member whose value is no text, number, truth value, list or object that can be read.
  struct UnreadableValue: Error {
    let name: String

    var reason: String {
      "'\(name)' cannot be read; mend its escapes, control characters or digits"
    }
  }

  /// Why a line has no members.
  static let noObject = "not a JSON object; write one a line"

  /// By name; members that are null, lists or objects have no text.
  var texts: [String: String] = [:]
  /// Members that are lists of strings.
  var lists: [String: [String]] = [:]
  /// Names of members that are lists or objects.
  private var nested: Set<String> = []

  init(from decoder: any Decoder, configuration wanted: Wanted) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    for name in wanted.names {
      let key = AnyKey(name)
      guard container.contains(key) else { continue }
      guard let value = try? container.decode(JSONScalar.self, forKey: key) else {
        throw UnreadableValue(name: name)
      }
      texts[name] = value.text
      if value.isNested {
        nested.insert(name)
        lists[name] = try? container.decode([String].self, forKey: key)
      }
    }
  }

  /// Hands the row on; gives back the reason where there is none.
  func row(
    of file: DataFile, line: Int, _ fields: FieldNames, into sink: (SourceEntry) -> Void
  ) -> String? {
    let items = fields[.item].first
    if let name = nested.sorted().first(where: { $0 != items || lists[$0] == nil }) {
      return "'\(name)' is a list or an object; give one value"
    }
    do {
      var row = try SourceRow(file: file, line: line, fields: fields) { texts[$0] }
      if let items, let list = lists[items] { row.items = list }
      sink(.row(row))
      return nil
    } catch {
      return error.reason
    }
  }
}

/// A member's value as text: strings, numbers and truth values have one.
private struct JSONScalar: Decodable {
  let text: String?
  /// It is a list or an object.
  let isNested: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      text = nil
    } else if let string = try? container.decode(String.self) {
      text = string
    } else if let number = try? container.decode(Int.self) {
      text = String(number)
    } else if let number = try? container.decode(Decimal.self) {
      text = "\(number)"
    } else if let truth = try? container.decode(Bool.self) {
      text = String(truth)
    } else {
      // Nothing else is left; a string with a bad escape and a number out of range throw here.
      if (try? decoder.unkeyedContainer()) == nil {
        _ = try decoder.container(keyedBy: AnyKey.self)
      }
      (text, isNested) = (nil, true)
      return
    }
    isNested = false
  }
}
