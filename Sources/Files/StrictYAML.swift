internal import Foundation
internal import Yams

/// Decoding of YAML, and of JSON, which is YAML: every problem is one line with file, line and key.
public enum StrictYAML {
  /// The value of a file.
  ///
  /// - Throws: `FileError.unavailable` when the file cannot be read, `FileError.malformed` naming
  ///   line and key of the first problem.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, fromFile path: String
  ) throws(FileError) -> Value {
    try decode(type, from: WholeFile.text(path), name: path)
  }

  /// The value of a text; `name` stands for it in messages.
  ///
  /// - Throws: `FileError.malformed` naming line and key of the first problem.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, name: String
  ) throws(FileError) -> Value {
    // libYAML takes a byte-order mark for the first character of the document.
    let isMarked = text.unicodeScalars.first == "\u{FEFF}"
    let text = isMarked ? String(text.unicodeScalars.dropFirst()) : text
    let parser: Parser
    let root: Node?
    do {
      // Scalars stay text until a type is asked for, so that `1` and `no` can be keys.
      parser = try Parser(yaml: text, resolver: .basic.appending(.merge))
      root = try parser.singleRoot()
    } catch {
      throw YAMLFault(parsing: error).error(name)
    }
    guard let root else {
      throw .malformed(
        path: name, line: nil, problem: "holds no value", remedy: "check that it is the right file")
    }
    // Nodes hold their anchors weakly; the parser owns them.
    let result = withExtendedLifetime(parser) {
      Result { try YAMLDecoder().decode(type, from: root) }
    }
    do {
      return try result.get()
    } catch {
      throw YAMLFault(decoding: error, root).error(name)
    }
  }
}
