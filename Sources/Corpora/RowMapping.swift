import Reviews

/// A polarity as corpora give it.
enum SourcePolarity: String {
  case negative, neutral, positive
  /// Good and bad at once.
  case conflict

  /// Ours; none for a conflict.
  var polarity: Gloss.Polarity? { Gloss.Polarity(rawValue: rawValue) }
}

extension LabelMapping {
  /// The example that a row becomes; adds what was odd to the row's remarks.
  func example(
    of row: inout SourceRow, isTraining: Bool
  ) throws(BadRow) -> Example {
    var example = Example(id: row.givenID, text: row.text)
    example.stars = try starSet(of: row)
    example.intents = try intentLabels(of: row)
    if let labels = intents?.labels, let label = row.label, labels.keys.contains(label) {
      example.corpusIntent = label
    }
    if isTraining {
      let asksNothing = derivesQuestions && Questions.areRuledOut(in: row.text)
      example.intents = intents(
        example.intents, without: (asksNothing ? ["question"] : []) + absentIntents)
    }
    if let spans, let sourceSpans = row.spans {
      var mapped = MappedSpans(completeTypes: spans.complete.types(in: row.text))
      for span in sourceSpans { try spans.map(span, into: &mapped) }
      row.remarks += Array(repeating: .contradictory, count: mapped.contradictions.count)
      example.opinions = spans.labels(of: .opinion, in: mapped, row, isTraining: isTraining)
      example.names = spans.labels(of: .name, in: mapped, row, isTraining: isTraining)
    }
    example.user = row.parts[.user]
    example.item = row.items.isEmpty ? nil : row.items.joined(separator: ", ")
    if let time = row.parts[.time] {
      example.time = ReviewTime.text(time)
      if example.time == nil { row.remarks.append(.badTime) }
    }
    return example
  }

  /// The labels `given`, and that those of `absent` that they leave open are not there.
  private func intents(_ given: IntentLabels?, without absent: [String]) -> IntentLabels? {
    guard !absent.isEmpty else { return given }
    return IntentLabels(
      positive: given?.positive ?? [], supervised: (given?.supervised ?? []).adding(absent))
  }

  private func starSet(of row: SourceRow) throws(BadRow) -> StarSet? {
    if hasStars, let given = row.stars {
      guard !given.isEmpty, given.allSatisfy((1...5).contains) else {
        throw BadRow(reason: "stars are \(given), expected 1 to 5")
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
  ) -> BadRow {
    if label.isEmpty {
      return BadRow(
        reason: "no label; give one, or map \"\" to null under labels.\(key) of the card")
    }
    let near = known.first { $0.lowercased() == label.lowercased() || $0 == label.trimmed }
    let remedy = near.map { "write '\($0)'" } ?? "correct it or map it there"
    return BadRow(
      reason: "label '\(label)' is not in the card's labels.\(key); \(remedy)")
  }

  private func intentLabels(of row: SourceRow) throws(BadRow) -> IntentLabels? {
    if derivesIntents { return try derivedIntents(of: row) }
    guard let intents else { return nil }
    let positive: [String]
    if let given = row.intents {
      positive = given
    } else if let label = row.label, let labels = intents.labels {
      var mapped: [[String]] = []
      for part in intents.parts(of: label) {
        guard let entry = labels[part] else {
          throw unmapped(part, of: labels.keys, key: "intents.labels")
        }
        if let entry { mapped.append(entry) }
      }
      if mapped.isEmpty { return nil }
      positive = mapped.joined().reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    } else {
      return nil
    }
    if let unknown = positive.first(where: { !LabelSchema.intents.contains($0) }) {
      throw BadRow(
        reason: "unknown intent '\(unknown)'; use \(LabelSchema.intents.joined(separator: ", "))")
    }
    let known = row.supervised ?? intents.supervised
    return IntentLabels(
      positive: positive, supervised: known + positive.filter { !known.contains($0) })
  }

  /// Praise and complaint from the polarities of everything the row judges; unlabelled where it
  /// judges nothing, because such a text may still praise what has no aspect.
  private func derivedIntents(of row: SourceRow) throws(BadRow) -> IntentLabels? {
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

  private func sourcePolarity(_ word: String) throws(BadRow) -> SourcePolarity {
    if let spans { return try spans.sourcePolarity(word) }
    return try SpanMapping.polarity(named: word)
  }
}

extension RatingScale {
  /// Unlabelled where a rating that may be absent is.
  fileprivate func starSet(of label: String) throws(BadRow) -> StarSet? {
    if label.isEmpty, isOptional { return nil }
    guard let rating = Double(label.trimmed), let stars = stars(rating) else {
      throw BadRow(
        reason: "rating is '\(label)', expected a number from \(lowest) to \(highest)")
    }
    return StarSet(stars: stars)
  }
}
