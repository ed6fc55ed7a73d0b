internal import Files
internal import Foundation

/// The fields of a review in a JSON object.
struct JSONFields {
  let text: String
  let id: String?
  let user: String?
  let item: String?
  let time: String?

  init(_ bytes: [UInt8], _ options: ReviewReader.Options) throws(RejectReason) {
    // No JSON text holds one, and Foundation would take the bytes for UTF-16.
    if bytes.contains(0) { throw .notJSON("it holds a NUL byte") }
    do {
      let data = Data(bytes)
      self = try JSONDecoder().decode(Content.self, from: data, configuration: options).fields
    } catch let reason as RejectReason {
      throw reason
    } catch DecodingError.dataCorrupted {
      throw .notJSON(Self.problem(bytes))
    } catch {
      throw .notAnObject
    }
  }

  fileprivate init(_ content: KeyedDecodingContainer<AnyKey>, _ options: ReviewReader.Options)
    throws
  {
    let field = AnyKey(options.textField)
    guard content.contains(field) else { throw RejectReason.noText(field: options.textField) }
    if try content.decodeNil(forKey: field) { throw RejectReason.emptyText }
    do {
      text = try content.decode(String.self, forKey: field)
    } catch DecodingError.typeMismatch {
      throw RejectReason.notText(field: options.textField)
    }
    if isBlank(text) { throw RejectReason.emptyText }
    id = try Self.name(options.idField, content)
    user = try Self.name(options.userField, content)
    item = try Self.name(options.itemField, content)
    time = try Self.name(options.timeField, content)
  }

  /// A string or a number; nil where it is absent, null or empty.
  private static func name(
    _ field: String, _ content: KeyedDecodingContainer<AnyKey>
  ) throws -> String? {
    let key = AnyKey(field)
    guard content.contains(key), try !content.decodeNil(forKey: key) else { return nil }
    do {
      let name = try content.decode(String.self, forKey: key)
      return name.isEmpty ? nil : name
    } catch DecodingError.typeMismatch {
      if let number = try? content.decode(Int.self, forKey: key) { return String(number) }
      if let number = try? content.decode(Decimal.self, forKey: key) { return "\(number)" }
      throw RejectReason.notAName(field: field)
    }
  }

  /// What the object holds besides the fields of a review, as a JSON object; nil for nothing.
  static func rest(_ bytes: [UInt8], _ options: ReviewReader.Options) -> String? {
    let known = options.fieldNames
    let rest = JSONMembers(of: bytes).members.filter { !known.contains($0.name) }
    guard !rest.isEmpty else { return nil }
    var line = JSONLine()
    line.open("{")
    for (name, value) in rest {
      line.key(name)
      line.value(json: String(decoding: value, as: UTF8.self))
    }
    line.close("}")
    return line.text
  }

  /// Where the bytes stop being JSON, which the decoder does not say.
  private static func problem(_ bytes: [UInt8]) -> String {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      return "it cannot be read"
    } catch {
      let detail = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
      let text = (detail ?? "it cannot be read").split(whereSeparator: \.isNewline).joined()
      let sentence = text.hasSuffix(".") ? text.dropLast() : text[...]
      return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
  }
}

/// Reads the fields that the options name.
private struct Content: DecodableWithConfiguration {
  let fields: JSONFields

  init(from decoder: any Decoder, configuration: ReviewReader.Options) throws {
    fields = try JSONFields(decoder.container(keyedBy: AnyKey.self), configuration)
  }
}
