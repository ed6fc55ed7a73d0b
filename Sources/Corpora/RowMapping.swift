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
      var mapped = MappedSpans(completeTypes: spans.complete.types(in: row.text))
      for span in sourceSpans { try spans.map(span, into: &mapped) }
      row.remarks += Array(repeating: .contradictory, count: mapped.contradictions.count)
      example.opinions = spans.labels(of: .opinion, in: mapped, row)
      example.names = spans.labels(of: .name, in: mapped, row)
    }
    example.user = row.parts[.user]
    example.item = row.items.isEmpty ? nil : row.items.joined(separator: ", ")
    if let time = row.parts[.time] {
      example.time = CanonicalTime.text(time)
      if example.time == nil { row.remarks.append(.badTime) }
    }
    return example
  }

  private func starSet(of row: SourceRow) throws(UnmappableRow) -> StarSet? {
    if hasStars, let given = row.stars {
      guard !given.isEmpty, given.allSatisfy((1...5).contains) else {
        throw UnmappableRow(reason: "stars are \(given), expected 1 to 5")
      }
      return StarSet(stars: given)
    }
    guard let label = row.label else { return nil }
    if let rating { return try rating.starSet(of: label) }
    guard let stars else { return nil }
    guard let entry = stars[label] else { throw unmapped(label, of: stars.keys, key: "stars") }
    return entry.map { StarSet(stars: $0) }
  }

  /// Says what to do about a label that the card does not map.
  private func unmapped(
    _ label: String, of known: some Collection<String>, key: String
  ) -> UnmappableRow {
    if label.isEmpty {
      return UnmappableRow(
        reason: "no label; give one, or map \"\" to null under labels.\(key) of the card")
    }
    let near = known.first { $0.lowercased() == label.lowercased() || $0 == label.trimmed }
    let remedy = near.map { "write '\($0)'" } ?? "correct it or map it there"
    return UnmappableRow(
      reason: "label '\(label)' is not in the card's labels.\(key); \(remedy)")
  }

  private func intentLabels(of row: SourceRow) throws(UnmappableRow) -> IntentLabels? {
    if derivesIntents { return try derivedIntents(of: row) }
    guard let intents else { return nil }
    let positive: [String]
    if let given = row.intents {
      positive = given
    } else if let label = row.label, let labels = intents.labels {
      guard let entry = labels[label] else {
        throw unmapped(label, of: labels.keys, key: "intents.labels")
      }
      guard let entry else { return nil }
      positive = entry
    } else {
      return nil
    }
    if let unknown = positive.first(where: { !LabelSchema.intents.contains($0) }) {
      throw UnmappableRow(
        reason: "unknown intent '\(unknown)'; use \(LabelSchema.intents.joined(separator: ", "))")
    }
    let known = row.supervised ?? intents.supervised
    return IntentLabels(
      positive: positive, supervised: known + positive.filter { !known.contains($0) })
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

extension RatingScale {
  /// Unlabelled where a rating that may be absent is.
  fileprivate func starSet(of label: String) throws(UnmappableRow) -> StarSet? {
    if label.isEmpty, isOptional { return nil }
    guard let rating = Double(label.trimmed), let stars = stars(rating) else {
      throw UnmappableRow(
        reason: "rating is '\(label)', expected a number from \(lowest) to \(highest)")
    }
    return StarSet(stars: stars)
  }
}

/// Spans in our types, equal ones merged.
struct MappedSpans {
  /// The types of which the text shows every mention.
  let completeTypes: [String]
  var spans: [LabelledSpan] = []
  var unknown: [Range<Int>] = []
  /// Indices of spans whose annotations disagree about the polarity.
  var contradictions: Set<Int> = []

  init(completeTypes: [String]) {
    self.completeTypes = completeTypes
  }

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
      throw UnmappableRow(
        reason: "type '\(span.type)' is not in the card's labels.spans.tags; map it there")
    }
    switch target {
    case .ignored: break
    case .unknown: mapped.unknown.append(span.range)
    case .type(let type):
      guard complete.all.contains(type) else {
        throw UnmappableRow(
          reason: "type '\(type)' is not in the card's labels.spans.complete; add or ignore it")
      }
      guard mapped.completeTypes.contains(type) else {
        // Annotated here, but not throughout texts of this language.
        mapped.unknown.append(span.range)
        return
      }
      var polarity: Gloss.Polarity?
      if type == "ASPECT", let word = span.polarity {
        polarity = try sourcePolarity(word).polarity
      }
      mapped.add(LabelledSpan(range: span.range, type: type, polarity: polarity))
    }
  }

  fileprivate func labels(
    of layer: EntityLayer, in mapped: MappedSpans, _ row: SourceRow
  ) -> SpanLabels? {
    guard annotates(layer) else { return nil }
    let spans = mapped.spans.filter { layer.types.contains($0.type) }.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var unknown = mapped.unknown + (row.unknown[layer] ?? [])
    if isOutsideUnknown { unknown += gaps(between: spans.map(\.range), in: row.text.utf8.count) }
    return SpanLabels(
      completeTypes: layer.types.filter(mapped.completeTypes.contains), spans: spans,
      unknown: unknown.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) })
  }

  /// The bytes of a text outside of every range; `ranges` ascend by their start.
  private func gaps(between ranges: [Range<Int>], in count: Int) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var end = 0
    for range in ranges {
      if range.lowerBound > end { gaps.append(end..<range.lowerBound) }
      end = max(end, range.upperBound)
    }
    return end < count ? gaps + [end..<count] : gaps
  }

  fileprivate func sourcePolarity(_ word: String) throws(UnmappableRow) -> SourcePolarity {
    guard let polarities else { return try Self.polarity(named: word) }
    guard let name = polarities[word] else {
      throw UnmappableRow(
        reason: "polarity '\(word)' is not in the card's labels.spans.polarities; map it there")
    }
    return try Self.polarity(named: name)
  }

  fileprivate static func polarity(named name: String) throws(UnmappableRow) -> SourcePolarity {
    guard let polarity = SourcePolarity(rawValue: name) else {
      throw UnmappableRow(
        reason: "unknown polarity '\(name)'; use negative, neutral, positive or conflict")
    }
    return polarity
  }
}
