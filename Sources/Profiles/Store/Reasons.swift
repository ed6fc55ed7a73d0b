import Foundation
import GRDB
public import Reviews

/// A trait of a profile, as commands name it.
public enum Trait: Equatable, Sendable, CustomStringConvertible {
  /// Mean stars.
  case stars
  /// Complaints, in words or by stars.
  case complaint
  /// Whether the writer has left.
  case churn
  /// An intent, by its label.
  case intent(String)
  /// An aspect, by any spelling of its name.
  case aspect(String)
  /// A named thing.
  case name(String)

  /// Reads `stars`, `complaint`, `churn`, `intent.LABEL`, `aspect.NAME` or `name.TEXT`; nil for
  /// anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    switch (parts.first, parts.dropFirst().first) {
    case ("stars", nil), ("change", nil): self = .stars
    case ("complaint", nil): self = .complaint
    case ("churn", nil): self = .churn
    case ("intent", let label?): self = .intent(label)
    case ("aspect", let name?): self = .aspect(name)
    case ("name", let text?): self = .name(text)
    default: return nil
    }
  }

  /// As it is read.
  public var description: String {
    switch self {
    case .stars: "stars"
    case .complaint: "complaint"
    case .churn: "churn"
    case .intent(let label): "intent.\(label)"
    case .aspect(let name): "aspect.\(name)"
    case .name(let text): "name.\(text)"
    }
  }
}

/// A sentence that a trait comes from.
public struct Reason: Codable, Equatable, Sendable {
  /// The source of the review.
  public var source: String
  /// The id of the review there.
  public var review: String
  /// Who wrote it.
  public var user: String
  /// When.
  public var time: String?
  /// Mean stars of the review, 1...5.
  public var stars: Double
  /// What was found: the words of a mention, or the label of an intent; nil for stars.
  public var found: String?
  /// Where the mention stands in the review, in Unicode scalars.
  public var start: Int?
  /// The end of the mention.
  public var end: Int?
  /// The feeling of the mention.
  public var polarity: Gloss.Polarity?
  /// How sure the model is of what it found, 0...1.
  public var confidence: Double
  /// The model that read the review.
  public var model: String
  /// The sentence of the mention. Of a complaint or of praise it is that of the aspect which is most
  /// surely judged so; of what stands nowhere in particular, the start of the review. Nil where
  /// texts are not kept.
  public var sentence: String?
}

extension ProfileStore {
  /// What in a user's reviews speaks for or against a trait, newest first; nil for a user of whom
  /// the store knows nothing.
  public func reasons(
    for trait: Trait, of user: String
  ) throws(ProfileError) -> [Reason]? {
    try read { database in
      guard let members = try Self.members(ofProfileWith: user, database) else { return nil }
      let reviews = try members.ids.flatMap { try StoredReview.fetchAll(ofUser: $0, database) }
      return reviews.sorted(by: StoredReview.isOlder).reversed().flatMap { $0.reasons(for: trait) }
    }
  }
}

extension StoredReview {
  fileprivate func reasons(for trait: Trait) -> [Reason] {
    let sentiment = gloss.sentiment
    switch trait {
    case .stars, .churn:
      return gloss.abstained == true ? [] : [reason(nil, sentiment.confidence)]
    case .complaint:
      guard gloss.abstained != true, complains else { return [] }
      let intent = gloss.intents.first { $0.label == "complaint" }
      let stars = sentiment.probabilities.prefix(2).reduce(0, +).roundedToFourDecimals
      return [reason(intent?.label, intent?.confidence ?? stars, judging: .negative)]
    case .intent(let label):
      let judgements: [String: Gloss.Polarity] = ["complaint": .negative, "praise": .positive]
      return gloss.intents.filter { $0.label == label }.map {
        reason($0.label, $0.confidence, judging: judgements[label])
      }
    case .aspect(let name):
      let wanted = AspectNames.name(of: name)
      return gloss.entities.filter {
        $0.layer == .opinion && $0.type == "ASPECT" && AspectNames.name(of: $0.text) == wanted
      }.map(reason)
    case .name(let text):
      return gloss.entities.filter {
        $0.layer == .name && $0.text.lowercased() == text.lowercased()
      }.map(reason)
    }
  }

  private func reason(
    _ found: String?, _ confidence: Double, judging polarity: Gloss.Polarity? = nil
  ) -> Reason {
    let aspect = gloss.entities.filter { polarity != nil && $0.polarity == polarity }
      .max { $0.confidence < $1.confidence }
    return Reason(
      source: source, review: gloss.id, user: gloss.user ?? "", time: gloss.time,
      stars: gloss.sentiment.stars, found: found, confidence: confidence, model: gloss.model,
      sentence: text.map {
        Sentence.containing(aspect.map { $0.start..<$0.end } ?? 0..<1, in: $0)
      })
  }

  private func reason(_ entity: Gloss.Entity) -> Reason {
    var reason = reason(entity.text, entity.confidence)
    (reason.start, reason.end) = (entity.start, entity.end)
    reason.polarity = entity.polarity
    reason.sentence = text.map { Sentence.containing(entity.start..<entity.end, in: $0) }
    return reason
  }
}

/// Sentences for people to read.
enum Sentence {
  /// The sentences of `text` that a range of its Unicode scalars is part of.
  ///
  /// A sentence ends with a line, with a full stop, question or exclamation mark before white
  /// space, and with their Chinese forms.
  static func containing(_ range: Range<Int>, in text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let range = range.clamped(to: 0..<scalars.count)
    func isEnd(_ index: Int) -> Bool {
      switch scalars[index] {
      case "\n", "。", "！", "？", "；": true
      case ".", "!", "?":
        index + 1 == scalars.count || scalars[index + 1].properties.isWhitespace
      default: false
      }
    }
    var start = range.lowerBound
    while start > 0, !isEnd(start - 1) { start -= 1 }
    var end = max(range.upperBound, start)
    while end < scalars.count, end == 0 || !isEnd(end - 1) { end += 1 }
    var sentence = String.UnicodeScalarView()
    sentence.append(contentsOf: scalars[start..<end])
    return String(sentence).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
