import Reviews

/// A polarity as corpora give it.
enum SourcePolarity: String {
  case negative, neutral, positive
  /// Good and bad at once.
  case conflict

  /// Ours; none for a conflict.
  var polarity: Gloss.Polarity? { Gloss.Polarity(rawValue: rawValue) }
}

/// Why a row's labels cannot be mapped.
struct UnmappableRow: Error {
  let reason: String
}

extension LabelMapping {
  /// The example that a row becomes; adds what was odd to the row's remarks.
  func example(of row: inout SourceRow) throws(UnmappableRow) -> Example {
    var example = Example(id: row.id ?? "\(row.file):\(row.line)", text: row.text)
    example.stars = try starSet(of: row)
    example.intents = try intentLabels(of: row)
    if let spans, let sourceSpans = row.spans {
      var mapped = MappedSpans()
      for span in sourceSpans { try spans.map(span, into: &mapped) }
      row.remarks += Array(repeating: .contradictory, count: mapped.contradictions.count)
      example.opinions = spans.labels(of: .opinion, in: mapped)
      example.names = spans.labels(of: .name, in: mapped)
    }
    return example
  }

  private func starSet(of row: SourceRow) throws(UnmappableRow) -> StarSet? {
    if let given = row.stars {
      guard !given.isEmpty, given.allSatisfy((1...5).contains) else {
        throw UnmappableRow(reason: "stars are \(given), expected 1 to 5")
      }
      return StarSet(stars: given)
    }
    guard let stars, let label = row.label else { return nil }
    guard let allowed = stars[label] else {
      throw UnmappableRow(reason: "label '\(label)' is not in the card's labels.stars")
    }
    return StarSet(stars: allowed)
  }

  private func intentLabels(of row: SourceRow) throws(UnmappableRow) -> IntentLabels? {
    if derivesIntents { return try derivedIntents(of: row) }
    guard let intents else { return nil }
    let positive: [String]
    if let given = row.intents {
      positive = given
    } else if let label = row.label, let labels = intents.labels {
      guard let entry = labels[label] else {
        throw UnmappableRow(reason: "label '\(label)' is not in the card's labels.intents")
      }
      guard let entry else { return nil }
      positive = entry
    } else {
      return nil
    }
    if let unknown = positive.first(where: { !LabelSchema.intents.contains($0) }) {
      throw UnmappableRow(reason: "unknown intent '\(unknown)'")
    }
    let supervised = intents.supervised + positive.filter { !intents.supervised.contains($0) }
    return IntentLabels(positive: positive, supervised: supervised)
  }

  /// Praise and complaint from the polarities of everything the row judges; unlabelled where it
  /// judges nothing, because such a text may still praise what has no aspect.
  private func derivedIntents(of row: SourceRow) throws(UnmappableRow) -> IntentLabels? {
    var polarities: [SourcePolarity] = []
    for word in row.polarities { polarities.append(try sourcePolarity(word)) }
    if polarities.isEmpty { return nil }
    var positive: [String] = []
    if polarities.contains(where: { $0 == .positive || $0 == .conflict }) {
      positive.append("praise")
    }
    if polarities.contains(where: { $0 == .negative || $0 == .conflict }) {
      positive.append("complaint")
    }
    return IntentLabels(positive: positive, supervised: ["praise", "complaint"])
  }

  private func sourcePolarity(_ word: String) throws(UnmappableRow) -> SourcePolarity {
    if let spans { return try spans.sourcePolarity(word) }
    return try SpanMapping.polarity(named: word)
  }
}

/// Spans in our types, equal ones merged.
struct MappedSpans {
  var spans: [LabelledSpan] = []
  var unknown: [Range<Int>] = []
  /// Indices of spans whose annotations disagree about the polarity.
  var contradictions: Set<Int> = []

  /// Adds a span, or merges it with one of the same range and type.
  mutating func add(_ span: LabelledSpan) {
    guard let index = spans.firstIndex(where: { $0.range == span.range && $0.type == span.type })
    else {
      spans.append(span)
      return
    }
    if spans[index].polarity != span.polarity {
      spans[index].polarity = nil
      contradictions.insert(index)
    }
  }
}

extension SpanMapping {
  fileprivate func map(
    _ span: SourceSpan, into mapped: inout MappedSpans
  ) throws(UnmappableRow) {
    guard let target = tags.map({ $0[span.type] }) ?? .type(span.type) else {
      throw UnmappableRow(reason: "type '\(span.type)' is not in the card's labels.spans.tags")
    }
    switch target {
    case .ignored: break
    case .unknown: mapped.unknown.append(span.range)
    case .type(let type):
      guard complete.contains(type) else {
        throw UnmappableRow(reason: "type '\(type)' is not in the card's labels.spans.complete")
      }
      var polarity: Gloss.Polarity?
      if type == "ASPECT", let word = span.polarity {
        polarity = try sourcePolarity(word).polarity
      }
      mapped.add(LabelledSpan(range: span.range, type: type, polarity: polarity))
    }
  }

  fileprivate func labels(of layer: EntityLayer, in mapped: MappedSpans) -> SpanLabels? {
    guard annotates(layer) else { return nil }
    return SpanLabels(
      completeTypes: layer.types.filter(complete.contains),
      spans: mapped.spans.filter { layer.types.contains($0.type) }.sorted {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      },
      unknown: mapped.unknown.sorted { $0.lowerBound < $1.lowerBound })
  }

  fileprivate func sourcePolarity(_ word: String) throws(UnmappableRow) -> SourcePolarity {
    guard let polarities else { return try Self.polarity(named: word) }
    guard let name = polarities[word] else {
      throw UnmappableRow(reason: "polarity '\(word)' is not in the card's labels.spans.polarities")
    }
    return try Self.polarity(named: name)
  }

  fileprivate static func polarity(named name: String) throws(UnmappableRow) -> SourcePolarity {
    guard let polarity = SourcePolarity(rawValue: name) else {
      throw UnmappableRow(reason: "unknown polarity '\(name)'")
    }
    return polarity
  }
}
