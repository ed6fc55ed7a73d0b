internal import Foundation
internal import Yams

/// Decoding of YAML, and of JSON, which is YAML: every problem is one line with file and key.
public enum StrictYAML {
  /// The value of a file.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, fromFile path: String
  ) throws(FileError) -> Value {
    let data = try WholeFile.read(path)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .malformed(
        path: path, line: nil, problem: "not valid UTF-8", remedy: "convert the file to UTF-8")
    }
    return try decode(type, from: text, name: path)
  }

  /// The value of a text; `name` stands for it in messages.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, name: String
  ) throws(FileError) -> Value {
    do {
      return try YAMLDecoder().decode(type, from: text)
    } catch let error as DecodingError {
      throw problem(error, name)
    } catch let error as YamlError {
      throw problem(error, name)
    } catch {
      throw .malformed(
        path: name, line: nil, problem: oneLine("\(error)"), remedy: "correct the file")
    }
  }

  private static func problem(_ error: DecodingError, _ name: String) -> FileError {
    let (path, problem, remedy): ([any CodingKey], String, String) =
      switch error {
      case .keyNotFound(let key, let context):
        (context.codingPath, "'\(key.stringValue)' is missing", "add it")
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context.codingPath, "not a value of type \(type)", "correct the value")
      case .dataCorrupted(let context):
        (
          context.codingPath,
          (context.underlyingError as? YamlError).map { "\($0)" } ?? context.debugDescription,
          "correct the file"
        )
      @unknown default: ([], "\(error)", "correct the file")
      }
    if case .dataCorrupted(let context) = error,
      let underlying = context.underlyingError as? YamlError
    {
      return self.problem(underlying, name)
    }
    let place = keyPath(path)
    return .malformed(
      path: name, line: nil, problem: oneLine(place.isEmpty ? problem : "\(place): \(problem)"),
      remedy: remedy)
  }

  private static func problem(_ error: YamlError, _ name: String) -> FileError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .malformed(
        path: name, line: mark.line, problem: "not YAML: \(problem)", remedy: "correct the line")
    default:
      .malformed(
        path: name, line: nil, problem: "not YAML: \(oneLine("\(error)"))",
        remedy: "correct the file")
    }
  }

  /// `finetune.corpora[2].passes`.
  private static func keyPath(_ path: [any CodingKey]) -> String {
    path.reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension Decoder {
  /// The mapping's values under `Keys`.
  ///
  /// - Throws: `DecodingError.dataCorrupted` when the mapping holds a key that is not one of
  ///   `Keys`, naming the nearest one.
  public func strictContainer<Keys: CodingKey & CaseIterable>(
    keyedBy keys: Keys.Type
  ) throws -> KeyedDecodingContainer<Keys> {
    let known = Keys.allCases.map(\.stringValue)
    let present = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    if let unknown = present.first(where: { !known.contains($0) }) {
      let nearest = known.min { distance($0, unknown) < distance($1, unknown) }
      let hint =
        nearest.flatMap { distance($0, unknown) <= max(2, unknown.count / 3) ? $0 : nil }
        .map { "did you mean '\($0)'?" } ?? "the known keys are \(known.joined(separator: ", "))"
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "unknown key '\(unknown)'; \(hint)"))
    }
    return try container(keyedBy: keys)
  }
}

private struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// The number of characters to insert, delete or replace (Levenshtein 1966).
private func distance(_ left: String, _ right: String) -> Int {
  let right = Array(right)
  var row = Array(0...right.count)
  for (i, character) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let cost = character == other ? diagonal : diagonal + 1
      diagonal = row[j + 1]
      row[j + 1] = min(cost, row[j] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
