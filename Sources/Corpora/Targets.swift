import Files
import Reviews

/// Where the words of an annotation without offsets stand in a text.
enum TargetPlace: Equatable {
  /// Once, as whole words.
  case span(Range<Int>)
  /// Several times, or inside of a word: any of these may be meant.
  case ambiguous([Range<Int>])
  case nowhere

  /// Looks for `words` in `text`, both as UTF-8; the case of Latin letters does not matter.
  init(of words: String, in text: String) {
    let wanted = words.utf8.map(\.lowercasedASCII)
    let bytes = text.utf8.map(\.lowercasedASCII)
    guard let first = wanted.first, wanted.count <= bytes.count else {
      self = .nowhere
      return
    }
    var places: [Range<Int>] = []
    for start in 0...bytes.count - wanted.count where bytes[start] == first {
      let range = start..<start + wanted.count
      if bytes[range].elementsEqual(wanted) { places.append(range) }
    }
    let whole = places.filter { range in
      let cutsBefore =
        range.lowerBound > 0 && bytes[range.lowerBound - 1].isASCIIWordPart
        && bytes[range.lowerBound].isASCIIWordPart
      let cutsAfter =
        range.upperBound < bytes.count && bytes[range.upperBound].isASCIIWordPart
        && bytes[range.upperBound - 1].isASCIIWordPart
      return !cutsBefore && !cutsAfter
    }
    if places.isEmpty {
      self = .nowhere
    } else if whole.count == 1 {
      self = .span(whole[0])
    } else {
      self = .ambiguous(places)
    }
  }
}

/// `fields.targets`: columns or members that hold words of the text, without offsets.
struct TargetFields: Decodable {
  /// The polarity of each one's words; null where it has none.
  var columns: [String: String?] = [:]
  /// What parts several targets in one of them.
  var separator: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case columns, separator
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    columns = try container.decode([String: String?].self, forKey: .columns)
    separator = try container.decodeIfPresent(String.self, forKey: .separator)
    if columns.isEmpty || separator == "" {
      throw DecodingError.dataCorruptedError(
        forKey: columns.isEmpty ? .columns : .separator, in: container,
        debugDescription: "is empty; fill or remove it")
    }
  }
}

extension SourceRow {
  /// Adds the spans of targets; where it is uncertain where they stand, those tokens are unknown.
  mutating func appendTargets(_ fields: TargetFields, _ value: (String) -> String?) {
    spans = spans ?? []
    for (column, polarity) in fields.columns.sorted(by: { $0.key < $1.key }) {
      let whole = value(column) ?? ""
      let targets = fields.separator.map { whole.split(separator: $0).map(String.init) } ?? [whole]
      for words in targets where words.hasContent {
        appendTarget(words.trimmed, polarity: polarity)
      }
    }
  }

  private mutating func appendTarget(_ words: String, polarity: String?) {
    switch TargetPlace(of: words, in: text) {
    case .span(let range):
      spans?.append(SourceSpan(range: range, type: "target", polarity: polarity))
    case .ambiguous(let places):
      markUnknown(places)
      remarks.append(.ambiguousTarget)
    case .nowhere:
      markUnknown([0..<text.utf8.count])
      remarks.append(.targetNotFound)
    }
  }

  private mutating func markUnknown(_ ranges: [Range<Int>]) {
    for layer in EntityLayer.allCases { unknown[layer, default: []] += ranges }
  }
}

extension UInt8 {
  fileprivate var lowercasedASCII: UInt8 { isASCIILetter ? self | 0x20 : self }
  fileprivate var isASCIIWordPart: Bool { isASCIILetter || isASCIIDigit }
}
