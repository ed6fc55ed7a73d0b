internal import Foundation
internal import Yams

/// What is wrong with a YAML text, in our words.
struct YAMLFault {
  private var line: Int?
  private var path: [any CodingKey] = []
  private var problem: String
  private var remedy = "correct the value"

  /// The fault as an error of the file `name`: one line.
  func error(_ name: String) -> FileError {
    let place = path.reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
    let full = place.isEmpty ? problem : "\(place): \(problem)"
    return .malformed(
      path: name, line: line, problem: full.onOneLine, remedy: remedy.onOneLine)
  }

  /// The text is not one YAML document.
  init(parsing error: any Error) {
    remedy = "correct the line"
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
      self.problem = "not YAML: \(problem)"
      line = mark.line
    case .composer(_, let problem, let mark, _):
      self.problem = "not one YAML document: \(problem)"
      line = mark.line
    case .reader(let problem, let offset, _, let text):
      self.problem = "not YAML: \(problem)"
      line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
    case .duplicatedKeysInMapping(let keys, let context):
      problem = "the key '\(keys.first ?? "")' occurs twice"
      remedy = "keep one of them"
      line = context.mark.line
    default:
      problem = "not YAML: \(error)"
      remedy = "correct the file"
    }
  }

  /// The document at `root` is not the value that was asked for.
  init(decoding error: any Error, _ root: Node) {
    guard let error = error as? DecodingError else {
      problem = "\(error)"
      return
    }
    switch error {
    case .keyNotFound(let key, let context):
      path = context.codingPath
      problem = "the key '\(key.stringValue)' is missing"
      remedy = "add it"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      path = context.codingPath
      problem = "expected \(Self.describe(type)), found \(Self.describe(Self.node(path, root)))"
    case .dataCorrupted(let context):
      path = context.codingPath
      problem = context.debugDescription
      if let key = context.underlyingError as? UnknownKey {
        line = Self.node(path, root).mapping?.first { $0.key.string == key.name }?.key.mark?.line
      }
      // A description that says what to do says it after a semicolon.
      if let semicolon = problem.range(of: "; ", options: .backwards) {
        remedy = String(problem[semicolon.upperBound...])
        problem = String(problem[..<semicolon.lowerBound])
      }
    @unknown default:
      problem = "\(error)"
    }
    line = line ?? Self.node(path, root).mark?.line
  }

  /// The node at `path`, or the last one on the way that exists.
  private static func node(_ path: [any CodingKey], _ root: Node) -> Node {
    var node = root
    for key in path {
      switch node {
      case .sequence(let sequence):
        guard let index = key.intValue, sequence.indices.contains(index) else { return node }
        node = sequence[index]
      case .mapping(let mapping):
        guard let value = mapping.first(where: { $0.key.string == key.stringValue })?.value
        else { return node }
        node = value
      default: return node
      }
    }
    return node
  }

  private static func describe(_ type: any Any.Type) -> String {
    switch type {
    case is Node.Mapping.Type: "keys with values"
    case is Node.Sequence.Type: "a list"
    case is Node.Scalar.Type: "one value"
    default: "\(type)"
    }
  }

  private static func describe(_ node: Node) -> String {
    switch node {
    case .mapping: return "keys with values"
    case .sequence: return "a list"
    case .scalar(let scalar):
      let text = scalar.string
      if text.isEmpty { return "nothing" }
      return text.count <= 40 ? "\"\(text)\"" : "\"\(text.prefix(40))…\""
    case .alias: return "an alias"
    }
  }
}
