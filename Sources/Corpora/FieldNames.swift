import Files

/// `fields`: what a row's parts are called.
///
/// Each is the name of a column or member, or a list of names whose values are joined by a blank.
struct FieldNames: Decodable {
  /// The parts that a row can have.
  enum Field: String, CodingKey, CaseIterable {
    case id, text, label, user, item, order, time, quantity, price, amount, rating, tags, targets
  }

  private var names: [Field: [String]] = [:]
  /// What holds words of the text that are annotated.
  private(set) var targets = TargetFields()

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: Field.self)
    targets = try container.decodeIfPresent(TargetFields.self, forKey: .targets) ?? targets
    if container.contains(.targets) { names[.targets] = targets.columns.keys.sorted() }
    for field in Field.allCases where container.contains(field) && field != .targets {
      let list = try? container.decode([String].self, forKey: field)
      names[field] = try list ?? [container.decode(String.self, forKey: field)]
      if names[field] == [] {
        throw DecodingError.dataCorruptedError(
          forKey: field, in: container, debugDescription: "names nothing; name a column")
      }
    }
  }

  /// The names that make up a part; none where the card does not name it. Text is in `text` unless
  /// named.
  subscript(field: Field) -> [String] {
    names[field] ?? (field == .text ? ["text"] : [])
  }

  /// True where the card names the part.
  func has(_ field: Field) -> Bool { names[field] != nil }

  /// True where rows have spans.
  var hasSpans: Bool { has(.tags) || has(.targets) }

  /// All names, each of which a table has to have as a column.
  func columns(isText: Bool) -> [String] {
    Field.allCases.filter { has($0) || isText && $0 == .text }.flatMap { self[$0] }
  }

  /// The part as `value` gives its names; nil where none of them has a value.
  func value(of field: Field, _ value: (String) -> String?) -> String? {
    let values = self[field].compactMap(value).filter(\.hasContent)
    return values.isEmpty ? nil : values.joined(separator: " ")
  }
}

extension SourceRow {
  /// The row whose named values are `value`; nil values are absent ones.
  init(
    file: DataFile, line: Int, fields: FieldNames, value: (String) -> String?
  ) throws(BadRow) {
    self.init(file: file, line: line, text: fields.value(of: .text, value) ?? "")
    if fields.has(.id) {
      guard let id = fields.value(of: .id, value) else {
        throw BadRow(reason: "no id in '\(fields[.id].joined(separator: "', '"))'; give one")
      }
      self.id = id
    }
    if fields.has(.label) { label = fields.value(of: .label, value) ?? "" }
    if let item = fields.value(of: .item, value) { items = [item] }
    for field in [FieldNames.Field.user, .order, .time, .quantity, .price, .amount, .rating]
    where fields.has(field) {
      parts[field] = fields.value(of: field, value)
    }
    if fields.has(.tags) { try appendTags(fields.value(of: .tags, value) ?? "") }
    if fields.has(.targets) { appendTargets(fields.targets, value) }
  }
}
