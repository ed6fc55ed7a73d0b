import Foundation
import Testing

@testable import Training

@Suite struct TextJoiningTests {
  private func text(
    _ ids: ClosedRange<Int32>, positive: UInt32 = 0, known: UInt32, language: String = "en"
  ) -> TrainingText {
    var text = TrainingText(corpus: "test", language: language, ids: Array(ids))
    text.positiveIntents = positive
    text.knownIntents = known
    return text
  }

  private func joining(_ probability: Double, seed: UInt64 = 1) -> TextJoining {
    TextJoining(probability: probability, windowSize: 8, seed: seed)
  }

  @Test func bothTextsCount() {
    var first = text(1...3, positive: 0b001, known: 0b011)
    first.allowedStars = 0b10000
    first.opinions = .init(allowed: [1, 2, 4], possible: 0b111)
    first.aspects = [.init(pieces: 1..<3, polarity: 2)]
    first.corpusIntent = .init(index: 1, possible: 0..<2)
    var second = text(4...5, positive: 0b100, known: 0b110)
    second.names = .init(allowed: [2, 1], possible: 0b11)
    second.aspects = [.init(pieces: 0..<1, polarity: 0)]
    let both = first.followed(by: second)
    #expect(both.ids == [1, 2, 3, 4, 5])
    // The middle one is known of both to be absent; nothing else is that one of them leaves open.
    #expect(both.positiveIntents == 0b101 && both.knownIntents == 0b111)
    #expect(both.allowedStars == 0)
    #expect(both.opinions == .init(allowed: [1, 2, 4, 0, 0], possible: 0b111))
    #expect(both.names == .init(allowed: [0, 0, 0, 2, 1], possible: 0b11))
    #expect(both.aspects == first.aspects + [.init(pieces: 3..<4, polarity: 0)])
    #expect(both.corpusIntent == first.corpusIntent)

    first.knownIntents = 0b001
    #expect(first.followed(by: second).knownIntents == 0b101)
    // Other types are in question in each, or each has an intent of its corpus.
    second.opinions = .init(allowed: [1, 1], possible: 0b11111)
    second.corpusIntent = .init(index: 0, possible: 0..<2)
    let other = first.followed(by: second)
    #expect(other.opinions == nil && other.corpusIntent == nil)
    second.opinions = .init(allowed: [1, 1], possible: 0b111)
    #expect(first.followed(by: second).opinions?.allowed == [1, 2, 4, 1, 1])
  }

  private var wanting: TrainingText { text(1...2, positive: 0b01, known: 0b01) }

  /// A rated text that is known to lack two intents.
  private func review(
    _ ids: ClosedRange<Int32> = 3...5, positive: UInt32 = 0, known: UInt32 = 0b11,
    language: String = "en"
  ) -> TrainingText {
    var review = text(ids, positive: positive, known: known, language: language)
    review.allowedStars = 0b10000
    return review
  }

  @Test func aTextWithAnIntentGetsAReviewThatLacksIt() {
    let texts = [wanting, review()]
    let orders = Set((0..<40).map { joining(1).joined(texts, step: $0).map(\.ids) })
    // Before or after, and the review stays.
    #expect(orders == [[[1, 2, 3, 4, 5], [3, 4, 5]], [[3, 4, 5, 1, 2], [3, 4, 5]]])
    #expect(joining(0).joined(texts, step: 0) == texts)
    let joined = (0..<400).count { joining(0.25).joined(texts, step: $0) != texts }
    #expect(joined > 60 && joined < 140)
  }

  @Test func theSameStepJoinsTheSamePairs() {
    let texts = (0..<30).map { _ in wanting } + [review(), review(6...7)]
    let first = joining(0.5).joined(texts, step: 4)
    #expect(first == joining(0.5).joined(texts, step: 4))
    #expect(first != joining(0.5).joined(texts, step: 5))
    #expect(first != joining(0.5, seed: 2).joined(texts, step: 4))
  }

  @Test func aBatchCountsItsTextsAsPlanned() {
    let texts = [wanting, review()]
    var plan = BatchPlan(batches: [texts])
    #expect(plan[0].texts == texts)
    plan.joining = joining(1)
    #expect(plan[0].texts == joining(1).joined(texts, step: 0))
    #expect(plan[0].texts != texts && plan[0].planned == texts && plan[0].tokens == 5)
  }

  @Test func othersAreNotJoined() {
    // Without a rating, or not known to lack the intent, in another language, or too long.
    for other in [
      text(3...4, known: 0b11), review(known: 0b10), review(positive: 0b01),
      review(language: "zh"), review(3...9),
    ] {
      #expect(joining(1).joined([wanting, other], step: 0) == [wanting, other])
    }
    // Of the first text more is known than its intents.
    var rated = wanting
    rated.allowedStars = 0b00001
    var judging = wanting
    judging.opinions = .init(allowed: [1, 2], possible: 0b111)
    for first in [rated, judging, text(1...2, known: 0b01)] {
      #expect(joining(1).joined([first, review()], step: 0) == [first, review()])
    }
    #expect(joining(1).joined([wanting], step: 0) == [wanting])
    #expect(joining(1).joined([], step: 0) == [])
  }

  @Test func aRunThatJoinsEndsAsAnUndisturbedOne() throws {
    let recipe = TrainingPlace.recipe.replacing(
      "  corpora: [{name: samples, passes: 4}]",
      with:
        "  join_probability: 0.9\n  corpora: [{name: queries, passes: 8}, {name: films, passes: 4}]"
    )
    func write(_ text: String, to file: String, _ place: TrainingPlace) throws {
      try Data(text.utf8).write(to: place.folder.appendingPathComponent(file))
    }
    func rows(_ name: String, _ labels: String, _ text: String, _ label: String) -> [String: String]
    {
      [
        "cards/\(name).yaml": """
        {name: \(name), language: en, files: {train: [./\(name).jsonl]}, reader: {format: json-lines},
         fields: {text: text, label: label}, labels: \(labels)}
        """,
        "cards/\(name).jsonl": (1...40).map {
          #"{"text": "\#(text) \#($0)", "label": "\#(label)"}"# + "\n"
        }.joined(),
      ]
    }
    func run(_ recipe: String, stopping: Bool) throws -> [String: Data] {
      try TrainingPlace.with(recipe: recipe) { place in
        let files = rows(
          "queries", "{intents: {supervises: [delivery], labels: {late: [delivery]}}}",
          "where is my parcel", "late"
        ).merging(
          rows("films", "{stars: {good: [5]}, absent_intents: [delivery]}", "a fine film", "good")
        ) { $1 }
        for (file, text) in files { try write(text, to: file, place) }
        if stopping { _ = try place.run(stopAfter: 7, threads: 1) }
        _ = try place.run(resuming: stopping, threads: 2)
        return try place.files()
      }
    }
    let undisturbed = try run(recipe, stopping: false)
    #expect(try run(recipe, stopping: true) == undisturbed)
    let alone = recipe.replacing("  join_probability: 0.9\n", with: "")
    #expect(
      try run(alone, stopping: false)["model.safetensors"] != undisturbed["model.safetensors"])
  }
}
