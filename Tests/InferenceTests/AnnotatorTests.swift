import Foundation
import Models
import Reviews
import TestSupport
import Testing
import Tokenization

@testable import Inference

@Suite struct AnnotatorTests {
  private let model: LoadedModel

  init() throws {
    model = try Fixture.model()
  }

  @Test func recordsComeInTheOrderOfTheReviewsWithWhatTheyCarry() {
    var reviews = Fixture.reviews(40)
    reviews[3].user = "u-1"
    reviews[3].item = "i-1"
    reviews[3].time = "2024-05-02T10:11:12Z"
    let records = Annotator(model, threads: 2, batchTokens: 100).annotate(reviews)
    #expect(records.map(\.id) == reviews.map(\.id))
    #expect(records[3].user == "u-1")
    #expect(records[3].item == "i-1")
    #expect(records[3].time == "2024-05-02T10:11:12Z")
    #expect(records[4].user == nil)
    #expect(records.allSatisfy { $0.model == "test/0a1b2c3d" })
    #expect(
      records.map(\.tokens) == reviews.map { model.tokenizer.encode($0.text).count })
    #expect(Annotator(model, threads: 2).annotate([]).isEmpty)
  }

  @Test func aTextWithoutPiecesStillHasARecord() {
    let reviews = ["\u{200B}", "The lamp is lovely.", ""].enumerated().map {
      Review(id: "\($0.offset)", text: $0.element)
    }
    let records = Annotator(model, threads: 1).annotate(reviews)
    #expect(records.map(\.id) == ["0", "1", "2"])
    #expect(records.map { $0.tokens > 0 } == [false, true, false])
    #expect(records.map(\.windows) == [1, 1, 1])
    #expect(records[0].entities.isEmpty)
    #expect(records[0].language == "und")
    #expect(abs(records[0].sentiment.probabilities.reduce(0, +) - 1) < 1e-3)
  }

  @Test func aVeryLongTextIsReadToItsEnd() throws {
    let words = (0..<10_000).map { $0 % 9 == 8 ? "kettle." : ["lamp", "lovely", "torn"][$0 % 3] }
    let text = words.joined(separator: " ")
    let record = Annotator(model, threads: 2).annotate([Review(id: "long", text: text)])[0]
    let pieces = model.tokenizer.encode(text).count
    #expect(pieces >= 10_000)
    #expect(record.tokens == pieces)
    // Windows of 32 that share 8 or, to begin with a sentence, up to 16.
    #expect((1 + (pieces - 32 + 23) / 24...1 + (pieces - 32 + 15) / 16).contains(record.windows))
    let scalars = Array(text.unicodeScalars)
    for entity in record.entities {
      #expect(0 <= entity.start && entity.start < entity.end && entity.end <= scalars.count)
    }
    let last = try #require(record.entities.last)
    // The last sentence has nine words.
    #expect(last.start > scalars.count - 60)
    for entity in record.entities {
      #expect(scalars[entity.start..<entity.end].elementsEqual(entity.text.unicodeScalars))
    }
  }

  @Test(arguments: OffsetUnit.allCases) func offsetsSliceTheTextToTheEntity(unit: OffsetUnit) {
    let reviews =
      (Fixture.awkward + [Fixture.awkward.joined(separator: " ")] + Sentences.all.suffix(20))
      .enumerated().map { Review(id: "\($0.offset)", text: $0.element) }
    let records = Annotator(model, threads: 1, offsets: unit).annotate(reviews)
    var entities = 0
    for (review, record) in zip(reviews, records) {
      for entity in record.entities {
        entities += 1
        #expect(!entity.text.isEmpty)
        switch unit {
        case .scalar:
          let slice = Array(review.text.unicodeScalars)[entity.start..<entity.end]
          #expect(slice.elementsEqual(entity.text.unicodeScalars), "\(review.text)")
        case .utf8:
          let slice = Array(review.text.utf8)[entity.start..<entity.end]
          #expect(slice.elementsEqual(entity.text.utf8), "\(review.text)")
        case .utf16:
          let slice = Array(review.text.utf16)[entity.start..<entity.end]
          #expect(slice.elementsEqual(entity.text.utf16), "\(review.text)")
        }
      }
    }
    // Random numbers mark many spans, also in the texts that are hard.
    #expect(entities > 40)
    #expect(records.prefix(Fixture.awkward.count).count { !$0.entities.isEmpty } > 6)
  }

  @Test func entitiesAreInOrderAndOfTheirLayer() {
    let records = Annotator(model, threads: 1).annotate(Fixture.reviews(60))
    for record in records {
      #expect(
        zip(record.entities, record.entities.dropFirst()).allSatisfy { $0.start <= $1.start })
      for entity in record.entities {
        #expect(entity.layer.types.contains(entity.type))
        #expect((entity.polarity != nil) == (entity.type == "ASPECT"))
        #expect((0...1).contains(entity.confidence))
      }
      for layer in EntityLayer.allCases {
        let spans = record.entities.filter { $0.layer == layer }
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start })
      }
    }
    #expect(Set(records.flatMap { $0.entities.map(\.layer) }).count == 2)
  }

  @Test func probabilitiesAddUpToOne() {
    for record in Annotator(model, threads: 1).annotate(Fixture.reviews(60)) {
      let sentiment = record.sentiment
      let p = sentiment.probabilities
      #expect(p.count == 5 && p.allSatisfy { (0...1).contains($0) })
      #expect(abs(p.reduce(0, +) - 1) < 1e-3)
      let byLabel = [p[0] + p[1], p[2], p[3] + p[4]]
      // Each of the rounded numbers is off by 5e-5 at most.
      #expect(abs((byLabel.max() ?? 0) - sentiment.confidence) < 2e-4)
      let mean = p.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
      #expect(abs(mean - sentiment.stars) < 1e-3)
    }
  }

  @Test func sentimentIsWhatItsDistributionSays() {
    let positive = Annotator.sentiment([0.1, 0.2, 0.3, 0.25, 0.15])
    #expect(
      positive
        == .init(
          label: .positive, stars: 3.15, confidence: 0.4,
          probabilities: [0.1, 0.2, 0.3, 0.25, 0.15]))
    #expect(Annotator.sentiment([0.3, 0.2, 0, 0.3, 0.2]).label == .negative)
    #expect(Annotator.sentiment([0.2, 0.2, 0.41, 0.1, 0.09]).label == .neutral)
    #expect(Annotator.sentiment([0.12344, 0.12346, 0, 0, 0.7531]).probabilities[0] == 0.1234)
  }

  @Test func intentsAreThoseFromTheirThresholdOnLikeliestFirst() {
    var model = model
    let reviews = Fixture.reviews(20)
    func intents(_ threshold: Double) -> [[Gloss.Intent]] {
      model.configuration.intentThresholds = model.configuration.intents.map { _ in threshold }
      return Annotator(model, threads: 1).annotate(reviews).map(\.intents)
    }
    for all in intents(0) {
      #expect(Set(all.map(\.label)) == Set(LabelSchema.intents))
      #expect(zip(all, all.dropFirst()).allSatisfy { $0.confidence >= $1.confidence })
    }
    #expect(intents(1.01).allSatisfy { $0.isEmpty })
    let some = intents(0.6)
    #expect(some.flatMap { $0 }.allSatisfy { $0.confidence >= 0.6 })
    #expect(some.contains { !$0.isEmpty } && some.contains { $0.count < 13 })
  }

  @Test func noThresholdGivesIntentsInALanguageThatTheModelDoesNotKnow() {
    var model = model
    model.configuration.intentThresholds = model.configuration.intents.map { _ in 0 }
    let records = Annotator(model, threads: 1).annotate([Review(id: "1", text: "12345")])
    #expect(records.map(\.language) == ["und"] && records[0].intents.isEmpty)
  }

  @Test(arguments: [1, 2, 8]) func anyNumberOfThreadsGivesTheSameRecords(threads: Int) {
    let reviews = Fixture.reviews(80)
    let expected = Annotator(model, threads: 1, batchTokens: 256).annotate(reviews)
    expectAlike(
      Annotator(model, threads: threads, batchTokens: 256).annotate(reviews), expected)
  }

  @Test(arguments: [1, 64, 512, 8_192]) func anyBatchSizeGivesTheSameRecords(batchTokens: Int) {
    let reviews = Fixture.reviews(80)
    let expected = reviews.flatMap { Annotator(model, threads: 1).annotate([$0]) }
    expectAlike(
      Annotator(model, threads: 2, batchTokens: batchTokens).annotate(reviews), expected)
  }

  @Test func anAnnotatorServesAgain() {
    let annotator = Annotator(model, threads: 2, batchTokens: 128)
    let reviews = Fixture.reviews(30)
    let first = annotator.annotate(reviews)
    _ = annotator.annotate(Array(reviews.reversed()))
    #expect(annotator.annotate(reviews) == first)
  }
}
