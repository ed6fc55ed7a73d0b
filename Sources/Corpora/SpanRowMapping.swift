import Reviews

/// Spans in our types, equal ones merged.
struct MappedSpans {
  /// The types of which the text shows every mention.
  let completeTypes: [String]
  var spans: [LabelledSpan] = []
  var unknown: [Range<Int>] = []
  /// Indices of spans whose annotations disagree about the polarity.
  var contradictions: Set<Int> = []
  /// What tells spans apart.
  private struct Place: Hashable {
    let range: Range<Int>
    let type: String
  }
  /// Where in `spans` each stands.
  private var indices: [Place: Int] = [:]

  init(completeTypes: [String]) { self.completeTypes = completeTypes }

  /// Adds a span, or merges it with one of the same range and type.
  mutating func add(_ span: LabelledSpan) {
    let place = Place(range: span.range, type: span.type)
    guard let index = indices[place] else {
      indices[place] = spans.count
      spans.append(span)
      return
    }
    let groups = spans[index].groups + span.groups
    spans[index].groups = LabelSchema.aspectGroups.filter(groups.contains)
    if spans[index].polarity != span.polarity {
      spans[index].polarity = nil
      contradictions.insert(index)
    }
  }
}

extension SpanMapping {
  func map(
    _ span: SourceSpan, into mapped: inout MappedSpans
  ) throws(BadRow) {
    guard let target = tags.map({ $0[span.type] }) ?? .type(span.type) else {
      throw BadRow(
        reason: "type '\(span.type)' is not in the card's labels.spans.tags; map it there")
    }
    switch target {
    case .ignored: break
    case .unknown: mapped.unknown.append(span.range)
    case .type(let type):
      guard complete.all.contains(type) else {
        throw BadRow(
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
      let groups = type == "ASPECT" ? try groups(of: span) : []
      mapped.add(
        LabelledSpan(range: span.range, type: type, polarity: polarity, groups: groups))
    }
  }

  private func groups(of span: SourceSpan) throws(BadRow) -> [String] {
    guard let groups, let category = span.category else { return span.groups }
    let parts = category.split(separator: "#", maxSplits: 1).map(String.init)
    let patterns = parts.count == 2 ? ["\(parts[0])#*", "*#\(parts[1])"] : []
    guard let group = ([category] + patterns).lazy.compactMap({ groups[$0] }).first else {
      throw BadRow(
        reason: "category '\(category)' is not in the card's labels.spans.groups; map it there")
    }
    return [group]
  }

  func labels(
    of layer: EntityLayer, in mapped: MappedSpans, _ row: SourceRow, isTraining: Bool
  ) -> SpanLabels? {
    guard annotates(layer) else { return nil }
    let spans = mapped.spans.filter { layer.types.contains($0.type) }.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var unknown = mapped.unknown + (row.unknown[layer] ?? [])
    if isOutsideUnknown { unknown += gaps(between: spans.map(\.range), in: row.text) }
    unknown += words(
      of: row.text, with: unknownPrefixes + (isTraining ? unknownTrainingPrefixes : []),
      outside: spans.map(\.range))
    return SpanLabels(
      completeTypes: layer.types.filter(mapped.completeTypes.contains), spans: spans,
      unknown: unknown.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) })
  }

  /// The bytes of a text outside of every range, less the blanks around them, which may be part of
  /// a piece that is inside; `ranges` ascend by their start.
  private func gaps(between ranges: [Range<Int>], in text: String) -> [Range<Int>] {
    let bytes = Array(text.utf8)
    var gaps: [Range<Int>] = []
    var end = 0
    for range in ranges + [bytes.count..<bytes.count] {
      let gap = (end..<max(end, range.lowerBound)).filter { !bytes[$0].isASCIIBlank }
      if let first = gap.first, let last = gap.last { gaps.append(first..<last + 1) }
      end = max(end, range.upperBound)
    }
    return gaps
  }

  /// The words of a text, parted by blanks, that begin with a prefix and that no range overlaps.
  private func words(
    of text: String, with prefixes: [String], outside ranges: [Range<Int>]
  ) -> [Range<Int>] {
    guard !prefixes.isEmpty else { return [] }
    return text.utf8.split(whereSeparator: \.isASCIIBlank).compactMap { word in
      guard prefixes.contains(where: { word.starts(with: $0.utf8) }) else { return nil }
      let start = text.utf8.distance(from: text.utf8.startIndex, to: word.startIndex)
      let range = start..<start + word.count
      return ranges.contains { $0.overlaps(range) } ? nil : range
    }
  }

  func sourcePolarity(_ word: String) throws(BadRow) -> SourcePolarity {
    guard let polarities else { return try Self.polarity(named: word) }
    guard let name = polarities[word] else {
      throw BadRow(
        reason: "polarity '\(word)' is not in the card's labels.spans.polarities; map it there")
    }
    return try Self.polarity(named: name)
  }

  static func polarity(named name: String) throws(BadRow) -> SourcePolarity {
    guard let polarity = SourcePolarity(rawValue: name) else {
      throw BadRow(
        reason: "unknown polarity '\(name)'; use negative, neutral, positive or conflict")
    }
    return polarity
  }
}
