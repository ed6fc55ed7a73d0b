import Corpora
import Foundation
import Models
import Reviews
import Testing
import Tokenization

@testable import Training

@Suite struct LabelEncoderTests {
  // Pieces: ▁The ▁battery ▁life ▁seemed ▁great .
  private static let text = "The battery life seemed great."
  private let encoder: LabelEncoder

  init() throws {
    let tokenizer = try Fixture.tokenizer()
    let pieces = tokenizer.encode(Self.text).ids.map(tokenizer.piece)
    try #require(pieces == ["▁The", "▁battery", "▁life", "▁seemed", "▁great", "."])
    encoder = LabelEncoder(
      configuration: ModelConfiguration(
        name: "test", vocabularySize: tokenizer.vocabularySize, shape: Fixture.shape),
      tokenizer: tokenizer)
  }

  private func span(
    _ words: String, _ type: String, _ polarity: Gloss.Polarity? = nil
  ) throws -> LabelledSpan {
    let range = try #require(Self.text.range(of: words))
    let start = Self.text.utf8.distance(from: Self.text.startIndex, to: range.lowerBound)
    return LabelledSpan(
      range: start..<start + words.utf8.count, type: type, polarity: polarity)
  }

  private func encoded(
    stars: StarSet? = nil, opinions: SpanLabels? = nil, names: SpanLabels? = nil,
    intents: IntentLabels? = nil
  ) throws -> (text: TrainingText, unfitted: Int) {
    try #require(
      encoder.encode(
        Example(
          id: "1", text: Self.text, stars: stars, opinions: opinions, names: names,
          intents: intents), corpus: "test"))
  }

  @Test func bytesOfAnUnknownCharacterTeachNothing() throws {
    // No piece is known of it, so that each of its four bytes is one.
    let text = "Great 🪿."
    let start = "Great ".utf8.count
    let opinions = SpanLabels(
      completeTypes: ["ASPECT"], spans: [], unknown: [start..<start + 4])
    let encoded = try #require(
      encoder.encode(Example(id: "1", text: text, opinions: opinions), corpus: "test"))
    let allowed = try #require(encoded.text.opinions?.allowed)
    #expect(allowed.count { $0 == 0 } >= 4 && allowed.first == 1 && allowed.last == 1, "\(allowed)")
  }

  @Test func whatNoHeadLearnsFromIsKeptForTeachers() throws {
    #expect(try encoded().text.plainText == Self.text)
    // Nothing of it is known to the model.
    let foreign = IntentLabels(positive: ["greeting"], supervised: ["greeting"])
    #expect(try encoded(intents: foreign).text.plainText == Self.text)
    #expect(try encoded(stars: .positive).text.plainText == nil)
    let absent = IntentLabels(positive: [], supervised: ["praise"])
    #expect(try encoded(intents: absent).text.plainText == nil)
    let nothing = SpanLabels(completeTypes: ["ASPECT"], spans: [])
    #expect(try encoded(opinions: nothing).text.plainText == nil)
  }

  @Test func aCorpusIntentIsOneOfThoseOfItsCorpus() throws {
    func example(_ label: String?) -> Example {
      Example(id: "1", text: Self.text, corpusIntent: label)
    }
    let labels: [(name: String, labels: [String?])] = [
      ("alike", ["open"]), ("first", ["open", "close", nil, "open"]),
      ("second", ["open", "lose", "win"]),
    ]
    let intents = CorpusIntents(labels.map { ($0.name, $0.labels.map(example)) })
    #expect(intents.count == 5)
    var encoder = encoder
    encoder.corpusIntents = intents
    func target(_ label: String?, _ corpus: String) throws -> CorpusIntents.Target? {
      try #require(encoder.encode(example(label), corpus: corpus)).text.corpusIntent
    }
    // In the order of the alphabet, each corpus beside the one before it.
    #expect(try target("open", "first") == .init(index: 1, possible: 0..<2))
    #expect(try target("open", "second") == .init(index: 3, possible: 2..<5))
    #expect(try target("open", "alike") == nil && target(nil, "first") == nil)
    #expect(try target("lost", "second") == nil && target("open", "third") == nil)
  }

  // Opinion tags: O 1, B-ASPECT 2, I-ASPECT 4, B-OPINION 8, I-OPINION 16.

  @Test func spansBecomeOneTagPerPiece() throws {
    let (text, unfitted) = try encoded(
      opinions: SpanLabels(
        completeTypes: ["ASPECT", "OPINION"],
        spans: [span("battery life", "ASPECT", .positive), span("great", "OPINION")]))
    #expect(text.corpus == "test" && text.language == "en")
    #expect(text.opinions == .init(allowed: [1, 2, 4, 1, 8, 1], possible: 0b11111))
    #expect(text.names == nil)
    #expect(text.aspects == [.init(pieces: 1..<3, polarity: 2)])
    #expect(unfitted == 0)
    #expect(text.opinions?.allowed.count { $0 != 0 } == 6)
  }

  @Test func theLanguageIsThatOfTheText() throws {
    let example = Example(id: "1", text: "电池很好")
    #expect(try #require(encoder.encode(example, corpus: "test")).text.language == "zh")
  }

  @Test func typesThatTheCorpusDoesNotAnnotateAreNotPossible() throws {
    let (text, _) = try encoded(
      opinions: SpanLabels(
        completeTypes: ["ASPECT"],
        spans: [span("battery life", "ASPECT"), span("great", "OPINION")]))
    // The opinion's piece is not outside: its tag is unknown.
    #expect(text.opinions == .init(allowed: [1, 2, 4, 1, 0, 1], possible: 0b00111))
    #expect(text.opinions?.allowed.count { $0 != 0 } == 5)
  }

  @Test func namesHaveTagsOfTheirOwn() throws {
    // Name types: PER, LOC, ORG, PRODUCT, ...: B-PRODUCT is bit 7, I-PRODUCT bit 8.
    let (text, _) = try encoded(
      names: SpanLabels(
        completeTypes: ["PRODUCT"], spans: [span("The battery", "PRODUCT")]))
    #expect(
      text.names == .init(allowed: [1 << 7, 1 << 8, 1, 1, 1, 1], possible: 1 | 0b11 << 7))
    #expect(text.opinions == nil)
    #expect(text.aspects.isEmpty)
  }

  @Test func piecesInUnknownRangesHaveNoTag() throws {
    let life = try span("life seemed", "").range
    let (text, _) = try encoded(
      opinions: SpanLabels(
        completeTypes: ["ASPECT", "OPINION"], spans: [span("great", "OPINION")], unknown: [life]))
    #expect(text.opinions?.allowed == [1, 1, 0, 0, 8, 1])
  }

  @Test func spansThatCutAPieceAreTaggedAndCounted() throws {
    let (text, unfitted) = try encoded(
      opinions: SpanLabels(
        completeTypes: ["ASPECT", "OPINION"], spans: [span("batt", "ASPECT", .negative)]),
      names: SpanLabels(completeTypes: ["PER"], spans: [span("rea", "PER")]))
    #expect(text.opinions?.allowed == [1, 2, 1, 1, 1, 1])
    #expect(text.aspects == [.init(pieces: 1..<2, polarity: 0)])
    #expect(text.names?.allowed == [1, 1, 1, 1, 2, 1])
    #expect(unfitted == 2)
  }

  @Test func onlySpansWithAPolarityAreAspects() throws {
    let (text, _) = try encoded(
      opinions: SpanLabels(
        completeTypes: ["ASPECT"],
        spans: [span("The", "ASPECT", .neutral), span("life", "ASPECT")]))
    #expect(text.aspects == [.init(pieces: 0..<1, polarity: 1)])
  }

  @Test(
    arguments: [
      (StarSet.positive, UInt32(0b11000)), (.negative, 0b00011), (.neutral, 0b00100),
      (StarSet(stars: [5]), 0b10000),
    ] as [(StarSet, UInt32)])
  func starsBecomeBits(stars: StarSet, bits: UInt32) throws {
    #expect(try encoded(stars: stars).text.allowedStars == bits)
    #expect(try encoded().text.allowedStars == 0)
  }

  @Test func intentsBecomeBitsOfThePresentAndTheKnown() throws {
    let (text, _) = try encoded(
      intents: IntentLabels(
        positive: ["question", "unheard_of"], supervised: ["praise", "question", "comparison"]))
    #expect(text.positiveIntents == 1 << 4)
    #expect(text.knownIntents == 1 | 1 << 4 | 1 << 12)
    #expect(try encoded().text.knownIntents == 0)
  }

  @Test func aTextWithoutPiecesIsNoTrainingText() {
    let example = Example(id: "1", text: "\u{200B}", stars: .positive)
    #expect(encoder.encode(example, corpus: "test") == nil)
  }
}
