import Foundation
import Reviews

/// The reviews of one writer as the traits see them: what each says and how much it counts.
struct Readings {
  /// Oldest first; those written after the day that is spoken of are left out.
  let reviews: [StoredReview]
  /// How much each counts: 1, or less for what is long ago.
  let weights: [Double]

  init(_ reviews: [StoredReview], asOf: Int?, halfLifeDays: Double?) {
    let kept = reviews.filter { review in
      guard let asOf, let seconds = review.seconds else { return true }
      return seconds <= asOf
    }.sorted(by: StoredReview.isOlder)
    self.reviews = kept
    weights = kept.map { review in
      guard let asOf, let seconds = review.seconds, let halfLifeDays else { return 1 }
      return exp2(-Double(asOf - seconds) / 86_400 / halfLifeDays)
    }
  }

  /// What the model says of the stars of each review of which it does not abstain.
  var stars: [ClassPrior.Observation] {
    said { $0.gloss.sentiment.probabilities }
  }

  /// Whether each review holds an intent. Records are silent about the confidence of an intent that
  /// they leave out, so that of one that they give is no evidence beside it: each counts whole.
  func intent(_ label: String) -> [ClassPrior.Observation] {
    said { review in
      review.gloss.intents.contains { $0.label == label } ? [0, 1] : [1, 0]
    }
  }

  /// Whether each review complains, in so many words or by its stars.
  var complaint: [ClassPrior.Observation] {
    said { $0.complains ? [0, 1] : [1, 0] }
  }

  /// The mentions of every aspect under its common name.
  func mentions(_ names: AspectNames) -> [String: [Mention]] {
    var mentions: [String: [Mention]] = [:]
    for (review, weight) in zip(reviews, weights) {
      for entity in review.gloss.entities where entity.layer == .opinion && entity.type == "ASPECT"
      {
        mentions[names.name(of: entity.text), default: []].append(
          Mention(review: review, entity: entity, weight: weight))
      }
    }
    mentions[""] = nil
    return mentions
  }

  /// A mention of an aspect.
  struct Mention {
    let review: StoredReview
    let entity: Gloss.Entity
    let weight: Double

    /// Blame or praise, as sure as the mention is one; nil where it is neither.
    var judgement: ClassPrior.Observation? {
      switch entity.polarity {
      case .negative: .init(probabilities: [1, 0], weight: weight * entity.confidence)
      case .positive: .init(probabilities: [0, 1], weight: weight * entity.confidence)
      default: nil
      }
    }
  }

  /// The stars of the reviews that have a time and of which the model does not abstain.
  var points: [Drift.Point] {
    zip(reviews, weights).compactMap { review, weight in
      let probabilities = review.gloss.sentiment.probabilities
      guard let seconds = review.seconds, review.gloss.abstained != true, probabilities.count == 5
      else { return nil }
      let total = max(probabilities.reduce(0, +), 1e-9)
      let stars = probabilities.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
      return Drift.Point(seconds: seconds, stars: stars / total, weight: weight)
    }
  }

  /// Times of the reviews that have one, ascending.
  var times: [Int] { reviews.compactMap(\.seconds) }

  /// The times at which the writer came, ascending: of a day that has several the first, for many
  /// reviews have a day alone.
  var visits: [Int] {
    times.reduce(into: []) { visits, time in
      func day(_ seconds: Int) -> Double { (Double(seconds) / 86_400).rounded(.down) }
      if visits.last.map({ day($0) != day(time) }) ?? true { visits.append(time) }
    }
  }

  private func said(_ probabilities: (StoredReview) -> [Double]) -> [ClassPrior.Observation] {
    zip(reviews, weights).compactMap { review, weight in
      review.gloss.abstained == true || review.gloss.sentiment.probabilities.isEmpty
        ? nil : .init(probabilities: probabilities(review), weight: weight)
    }
  }
}

extension StoredReview {
  /// Whether the review complains: in so many words, or as one or two stars are likelier than not.
  var complains: Bool {
    gloss.intents.contains { $0.label == "complaint" }
      || gloss.sentiment.probabilities.prefix(2).reduce(0, +) >= 0.5
  }
}
