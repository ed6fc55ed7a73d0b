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
    let sentences = text.map(Sentences.init)
    let sentiment = gloss.sentiment
    func opening(_ found: String?, _ confidence: Double) -> Reason {
      reason(found, confidence, sentences?.first)
    }
    func judgement(_ found: String?, _ confidence: Double, _ polarity: Gloss.Polarity) -> Reason {
      let aspect = gloss.entities.filter { $0.polarity == polarity }
        .max { $0.confidence < $1.confidence }
      guard let aspect else { return opening(found, confidence) }
      return reason(found, confidence, sentences?.containing(aspect.start..<aspect.end))
    }
    func mention(_ entity: Gloss.Entity) -> Reason {
      var reason = reason(
        entity.text, entity.confidence, sentences?.containing(entity.start..<entity.end))
      (reason.start, reason.end) = (entity.start, entity.end)
      reason.polarity = entity.polarity
      return reason
    }
    // Of a review that the model abstains from, only what it mentions counts.
    let isJudged = gloss.abstained != true
    switch trait {
    case .stars, .churn:
      return isJudged ? [opening(nil, sentiment.confidence)] : []
    case .complaint:
      guard isJudged, complains else { return [] }
      let intent = gloss.intents.first { $0.label == "complaint" }
      let stars = sentiment.probabilities.prefix(2).reduce(0, +).roundedToFourDecimals
      return [judgement(intent?.label, intent?.confidence ?? stars, .negative)]
    case .intent(let label):
      let judgements: [String: Gloss.Polarity] = ["complaint": .negative, "praise": .positive]
      return gloss.intents.filter { isJudged && $0.label == label }.map {
        guard let polarity = judgements[label] else { return opening($0.label, $0.confidence) }
        return judgement($0.label, $0.confidence, polarity)
      }
    case .aspect(let name):
      let wanted = AspectNames.name(of: name)
      return gloss.entities.filter {
        $0.layer == .opinion && $0.type == "ASPECT" && AspectNames.name(of: $0.text) == wanted
      }.map(mention)
    case .name(let text):
      return gloss.entities.filter {
        $0.layer == .name && $0.text.lowercased() == text.lowercased()
      }.map(mention)
    }
  }

  private func reason(_ found: String?, _ confidence: Double, _ sentence: String?) -> Reason {
    Reason(
      source: source, review: gloss.id, user: gloss.user ?? "", time: gloss.time,
      stars: gloss.sentiment.stars, found: found, confidence: confidence, model: gloss.model,
      sentence: sentence)
  }
}

/// The sentences of a text, for people to read.
struct Sentences {
  private let scalars: [Unicode.Scalar]

  /// Scalars on either side of a range that are looked at for the ends of its sentence.
  private static let reach = 1_000

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The sentences that a range of the text's Unicode scalars is part of; "…" stands where more than
  /// a thousand scalars would go on.
  ///
  /// A sentence ends with a line, with a full stop, question or exclamation mark before white
  /// space, and with their Chinese forms.
  func containing(_ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<scalars.count)
    let (first, last) = (
      max(0, range.lowerBound - Self.reach), min(scalars.count, range.upperBound + Self.reach)
    )
    var start = range.lowerBound
    while start > first, !isEnd(start - 1) { start -= 1 }
    var end = max(range.upperBound, start)
    while end < last, end == 0 || !isEnd(end - 1) { end += 1 }
    var sentence = String.UnicodeScalarView()
    sentence.append(contentsOf: scalars[start..<end])
    let isCut = (start > 0 && !isEnd(start - 1), end < scalars.count && !isEnd(end - 1))
    return (isCut.0 ? "…" : "")
      + String(sentence).trimmingCharacters(in: .whitespacesAndNewlines) + (isCut.1 ? "…" : "")
  }

  /// The sentence that the text begins with.
  var first: String {
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? 0
    return containing(start..<start + 1)
  }

  private func isEnd(_ index: Int) -> Bool {
    switch scalars[index] {
    case "\n", "。", "！", "？", "；": true
    case ".", "!", "?": index + 1 == scalars.count || scalars[index + 1].properties.isWhitespace
    default: false
    }
  }
}
