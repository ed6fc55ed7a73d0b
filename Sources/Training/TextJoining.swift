import Tensors

/// Reads some texts of corpora of intents as one with a review: there people say what they want alone,
/// in use amid a review.
struct TextJoining: Sendable {
  /// How likely a text with an intent and nothing else known of it gets a partner, where its step has
  /// one.
  let probability: Double
  /// Pieces that both together have at most.
  let windowSize: Int
  /// Where the pairs of every step follow from.
  let seed: UInt64

  /// The texts of a step, some with another of them before or after; that one stays by itself as well.
  ///
  /// A partner has a rating, is in the same language, and is known to lack the intents of the text.
  func joined(_ texts: [TrainingText], step: Int) -> [TrainingText] {
    var random = SeededRandom(seed: seed, stream: UInt64(step))
    let partners = texts.filter { $0.allowedStars != 0 }
    return texts.map { text in
      guard text.hasIntentsAlone, !partners.isEmpty, random.nextUniform() < probability
      else { return text }
      let first = random.nextInt(below: partners.count)
      let isBefore = random.nextUniform() < 0.5
      guard let partner = (partners[first...] + partners[..<first]).first(where: { fits($0, text) })
      else { return text }
      return isBefore ? partner.followed(by: text) : text.followed(by: partner)
    }
  }

  private func fits(_ partner: TrainingText, _ text: TrainingText) -> Bool {
    partner.language == text.language
      && partner.ids.count + text.ids.count <= windowSize
      && text.positiveIntents & ~(partner.knownIntents & ~partner.positiveIntents) == 0
  }
}

extension TrainingText {
  /// Whether the text has an intent, and no rating and no spans are known of it.
  fileprivate var hasIntentsAlone: Bool {
    positiveIntents != 0 && allowedStars == 0 && opinions == nil && names == nil
  }

  /// Both as one text, with the intents of both and the spans of each. What one of them does not say
  /// of an intent stays open unless the other has it, and nothing is known of the whole's sentiment.
  func followed(by other: TrainingText) -> TrainingText {
    var text = TrainingText(corpus: corpus, row: row, language: language, ids: ids + other.ids)
    text.positiveIntents = positiveIntents | other.positiveIntents
    text.knownIntents = knownIntents & other.knownIntents | text.positiveIntents
    if corpusIntent == nil || other.corpusIntent == nil {
      text.corpusIntent = corpusIntent ?? other.corpusIntent
    }
    text.opinions = tags(opinions, followedBy: other.opinions, of: other)
    text.names = tags(names, followedBy: other.names, of: other)
    text.aspects =
      aspects
      + other.aspects.map { aspect in
        let pieces = aspect.pieces
        return Aspect(
          pieces: ids.count + pieces.lowerBound..<ids.count + pieces.upperBound,
          polarity: aspect.polarity)
      }
    return text
  }

  /// One layer's tags of both, unknown where one has none; nil where neither has any, or other types
  /// are in question in each.
  private func tags(
    _ own: LayerTags?, followedBy others: LayerTags?, of other: TrainingText
  ) -> LayerTags? {
    guard let possible = (own ?? others)?.possible, (others ?? own)?.possible == possible
    else { return nil }
    return LayerTags(
      allowed: (own?.allowed ?? ids.map { _ in 0 })
        + (others?.allowed ?? other.ids.map { _ in 0 }),
      possible: possible)
  }
}
