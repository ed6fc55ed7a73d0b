import Files
import Foundation

/// A file that is one JSON object whose members are the rows; or, with `nested`, whose members each
/// hold an object of rows under that name.
///
/// A row's own name is its member `_key`. What a nested row lacks is looked for in the member that
/// holds it. Rows come in the order of their names, all of line 1; a file is held in memory.
struct JSONMembersReader: CorpusReader {
  let fields: FieldNames
  let nested: String?

  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    for file in files {
      let data = try file.contents()
      // No JSON text holds a NUL, and Foundation would take the bytes for UTF-16.
      guard !data.contains(0), String(validating: data, as: UTF8.self) != nil,
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
      else {
        throw .format(
          file: file.path, line: nil, problem: "not one JSON object",
          remedy: "correct the file, or name another format on the card")
      }
      for (name, member) in object.sorted(by: { $0.key < $1.key }) {
        read(name, member, of: file, into: sink)
      }
    }
  }

  private func read(
    _ name: String, _ member: Any, of file: DataFile, into sink: (SourceEntry) -> Void
  ) {
    guard let nested else { return add(name, [member as? [String: Any]], file, into: sink) }
    let holder = member as? [String: Any]
    guard let rows = holder?[nested] as? [String: Any] else {
      return sink(
        file.rejection(1, "'\(name)' has no object '\(nested)'; name another on the card"))
    }
    for (inner, row) in rows.sorted(by: { $0.key < $1.key }) {
      add("\(name)/\(inner)", [row as? [String: Any], holder], file, into: sink)
    }
  }

  /// Hands on the row that the first of `objects` makes, the others filling gaps.
  private func add(
    _ name: String, _ objects: [[String: Any]?], _ file: DataFile,
    into sink: (SourceEntry) -> Void
  ) {
    guard objects[0] != nil else {
      return sink(file.rejection(1, "'\(name)' is no JSON object; make it one"))
    }
    do {
      var row = try SourceRow(file: file, line: 1, fields: fields) { member in
        if member == "_key" { return name }
        return objects.lazy.compactMap { $0?[member].flatMap(text) }.first
      }
      row.id = row.id ?? "\(file.name):\(name)"
      sink(.row(row))
    } catch {
      sink(file.rejection(1, "'\(name)': \(error.reason)"))
    }
  }

  private func text(_ value: Any) -> String? {
    if let string = value as? String { return string }
    return (value as? NSNumber)?.jsonText
  }
}
