import Corpora
import Models
import Reviews
import Tokenization

/// Turns examples into what the trainer meets: spans become tags, labels become bit sets.
struct LabelEncoder {
  let configuration: ModelConfiguration
  let tokenizer: Tokenizer
  var corpusIntents = CorpusIntents()

  /// The text of one example; nil when it has no pieces.
  ///
  /// `unfitted` counts the spans that start or end inside a piece; they are tagged by the pieces
  /// that cover them.
  func encode(_ example: Example, corpus: String) -> (text: TrainingText, unfitted: Int)? {
    let encoded = tokenizer.encode(example.text)
    guard !encoded.ids.isEmpty else { return nil }
    var text = TrainingText(
      corpus: corpus, row: example.id, language: Language.code(of: example.text), ids: encoded.ids)
    text.allowedStars = UInt32(example.stars?.rawValue ?? 0)
    if let intents = example.intents {
      text.positiveIntents = bits(intents.positive, in: configuration.intents)
      text.knownIntents = bits(intents.supervised, in: configuration.intents)
    }
    text.corpusIntent = corpusIntents.target(of: example, corpus: corpus)
    var unfitted = 0
    if let labels = example.opinions {
      let layer = tags(labels, configuration.opinionTypes, encoded.ranges)
      text.opinions = layer.tags
      unfitted += layer.unfitted
      text.aspects = aspects(labels, encoded)
    }
    if let labels = example.names {
      let layer = tags(labels, configuration.nameTypes, encoded.ranges)
      text.names = layer.tags
      unfitted += layer.unfitted
    }
    if text.isUnlabelled { text.plainText = example.text }
    return (text, unfitted)
  }

  /// A type that the corpus does not annotate is neither allowed nor possible; a piece inside a span
  /// of such a type, or inside an unknown range, has no known tag. No tags at all where the corpus
  /// annotates none of the model's types.
  private func tags(
    _ labels: SpanLabels, _ types: [String], _ ranges: [Range<Int>]
  ) -> (tags: TrainingText.LayerTags?, unfitted: Int) {
    guard types.contains(where: labels.completeTypes.contains) else { return (nil, 0) }
    let scheme = TagScheme(types: types)
    let spans = labels.spans.compactMap { span in
      types.firstIndex(of: span.type).map { TypedSpan(type: $0, range: span.range) }
    }
    let (tags, unfitted) = scheme.tags(for: spans, on: ranges)
    var possible: UInt32 = 1
    for (index, type) in types.enumerated() where labels.completeTypes.contains(type) {
      possible |= 0b11 << (1 + 2 * index)
    }
    let allowed = zip(tags, ranges).map { tag, range -> UInt32 in
      // A piece of a few bytes of a character may have an empty range: it stands at its beginning.
      let isUnknown = labels.unknown.contains {
        $0.overlaps(range) || range.isEmpty && $0.contains(range.lowerBound)
      }
      return isUnknown ? 0 : (1 << tag) & possible
    }
    return (TrainingText.LayerTags(allowed: allowed, possible: possible), unfitted)
  }

  private func aspects(
    _ labels: SpanLabels, _ encoded: EncodedText
  ) -> [TrainingText.Aspect] {
    labels.spans.compactMap { span in
      guard let polarity = span.polarity,
        let index = Gloss.Polarity.allCases.firstIndex(of: polarity),
        let pieces = encoded.pieces(covering: span.range)
      else { return nil }
      return TrainingText.Aspect(pieces: pieces, polarity: index)
    }
  }
}

/// A bit for each of `names`, where it stands in `all`.
func bits(_ names: [String], in all: [String]) -> UInt32 {
  names.reduce(0) { bits, name in all.firstIndex(of: name).map { bits | 1 << $0 } ?? bits }
}
