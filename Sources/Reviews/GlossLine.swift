internal import Foundation

/// Why a line is no Gloss record; the description is one line.
public enum GlossLineError: Error, Equatable, CustomStringConvertible {
  /// The line is not JSON, or a field is missing or of another type.
  case malformed(problem: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .malformed(let problem):
      "not a Gloss record: \(problem); write the records with gloss classify"
    }
  }
}

extension Gloss {
  /// The record of a line that `jsonLine()` or another writer of JSON made.
  ///
  /// - Throws: `GlossLineError.malformed` naming the field that is missing or of another type.
  public init(jsonLine: String) throws(GlossLineError) {
    do {
      self = try JSONDecoder().decode(Gloss.self, from: Data(jsonLine.utf8))
    } catch {
      throw .malformed(problem: Self.problem(error))
    }
  }

  /// One JSON object without a line end; absent fields are left out, as are those of other heads.
  ///
  /// Numbers are written in their shortest form, so that they read back equal; one that is not
  /// finite, which JSON cannot say, becomes null. `fields`, a JSON object, goes under that name.
  public func jsonLine(heads: Set<Head> = Head.all, fields: String? = nil) -> String {
    var line = JSONLine()
    line.open("{")
    line.field("id", id)
    line.field("user", user)
    line.field("item", item)
    line.field("time", time)
    line.field("language", language)
    if heads.contains(.sentiment) {
      line.key("sentiment")
      line.write(sentiment)
    }
    if heads.contains(.entities) {
      line.key("entities")
      line.list(entities) { $0.write($1) }
    }
    if heads.contains(.intents) {
      line.key("intents")
      line.list(intents) { $0.write($1) }
    }
    line.field("tokens", tokens)
    line.field("windows", windows)
    line.field("abstained", abstained)
    line.field("replaced", replaced)
    line.field("offsets", offsets)
    line.field("model", model)
    if let fields {
      line.key("fields")
      line.value(json: fields)
    }
    line.close("}")
    return line.text
  }

  /// The entities as a JSON array, as in the record.
  var entitiesJSON: String {
    var line = JSONLine()
    line.list(entities) { $0.write($1) }
    return line.text
  }

  private static func problem(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ path: [any CodingKey]) -> String {
      path.reduce("") { text, key in
        if let index = key.intValue { return "\(text)[\(index)]" }
        return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
      }
    }
    return switch error {
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing"
        + (["sentiment", "entities", "intents"].contains(key.stringValue)
          ? ", leave out --head" : "")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      context.codingPath.isEmpty
        ? "not an object" : "\(place(context.codingPath)) is not a value of type \(type)"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "not valid JSON" : "\(place(context.codingPath)) has a value that is not allowed"
    @unknown default: "not valid JSON"
    }
  }
}

extension JSONLine {
  fileprivate mutating func write(_ sentiment: Gloss.Sentiment) {
    open("{")
    field("label", sentiment.label.rawValue)
    field("stars", sentiment.stars)
    field("confidence", sentiment.confidence)
    key("probabilities")
    list(sentiment.probabilities) { $0.value($1) }
    close("}")
  }

  fileprivate mutating func write(_ entity: Gloss.Entity) {
    open("{")
    field("layer", entity.layer.rawValue)
    field("type", entity.type)
    field("text", entity.text)
    field("start", entity.start)
    field("end", entity.end)
    field("confidence", entity.confidence)
    field("polarity", entity.polarity?.rawValue)
    close("}")
  }

  fileprivate mutating func write(_ intent: Gloss.Intent) {
    open("{")
    field("label", intent.label)
    field("confidence", intent.confidence)
    close("}")
  }
}
