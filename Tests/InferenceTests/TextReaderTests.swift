import Models
import Reviews
import Testing

@testable import Inference

@Suite struct TextReaderTests {
  private let reader: TextReader

  init() throws {
    reader = TextReader(try Fixture.model(), threads: 2, batchTokens: 64)
  }

  @Test func everySpanAskedAboutHasAPolarityInOrder() {
    let texts = Fixture.reviews(12).map(\.text)
    // Nothing; white space, which no piece stands for; then single words of the text.
    let spans: [[Range<Int>]] = texts.enumerated().map { number, text in
      let words = text.split(separator: " ").map { word in
        let start = text.utf8.distance(from: text.startIndex, to: word.startIndex)
        return start..<start + word.utf8.count
      }
      let end = words[0].upperBound
      return number == 0 ? [] : number == 1 ? [end..<end + 1] : words
    }
    let readings = reader.read(texts, polaritiesOf: spans)
    #expect(readings.map(\.polarities.count) == spans.map(\.count))
    #expect(Set(readings.flatMap(\.polarities)).count > 1)
    // Backwards the same answers come backwards.
    let reversed = reader.read(texts, polaritiesOf: spans.map { $0.reversed() })
    #expect(reversed.map { Array($0.polarities.reversed()) } == readings.map(\.polarities))
  }

  @Test func askingAboutAnAspectFoundGivesItsPolarity() {
    let texts = Fixture.reviews(30).map(\.text)
    let aspects = reader.read(texts).map { $0.entities.filter { $0.type == "ASPECT" } }
    let asked = reader.read(texts, polaritiesOf: aspects.map { $0.map(\.bytes) })
    #expect(aspects.contains { !$0.isEmpty })
    #expect(asked.map { $0.polarities } == aspects.map { $0.compactMap(\.polarity) })
  }

  @Test func withoutQuestionsThereAreNoAnswers() {
    #expect(reader.read(["The lamp is lovely."]).allSatisfy { $0.polarities.isEmpty })
    #expect(reader.read([]).isEmpty)
  }

  @Test func aModelWithoutIntentsAndNamesReadsToo() throws {
    let full = try Fixture.model()
    var configuration = full.configuration
    configuration.intents = []
    configuration.intentThresholds = []
    configuration.nameTypes = []
    let bare = LoadedModel(configuration: configuration, tokenizer: full.tokenizer, seed: 1)
    let readings = TextReader(bare, threads: 1).read(["The lamp is lovely.", "台灯真的漂亮"])
    #expect(readings.count == 2)
    #expect(readings.allSatisfy { $0.intents.isEmpty && $0.stars.count == 5 })
  }

  @Test func anIntentsOwnWeightsStandBeforeThoseOfItsHead() throws {
    let texts = Fixture.reviews(8).map(\.text)
    var model = try Fixture.model()
    let intents = model.configuration.intents
    model.configuration.calibration["intents"] = HeadCalibration(encoder: 0.5)
    model.configuration.calibration[intents[1]] = HeadCalibration(encoder: 0)
    let readings = TextReader(model, threads: 1).read(texts)
    for reading in readings {
      let logits = reading.intentLogits.encoder
      for (index, (name, probability)) in zip(intents, reading.intents).enumerated()
      where model.configuration.knows(name, in: reading.language) {
        let expected = HeadLogits.each([index == 1 ? 0 : 0.5 * logits[index]])[0]
        #expect(abs(probability - expected) < 1e-9, "\(name)")
      }
    }
  }

  @Test func aSmallWeightOfOutsideMarksMoreSpansOfItsLayer() throws {
    let texts = Fixture.reviews(30).map(\.text)
    func spans(_ weights: [String: Double], _ layer: EntityLayer) throws -> [Range<Int>] {
      var model = try Fixture.model()
      model.configuration.outsideWeights = weights
      // Whatever is marked counts.
      model.configuration.entityThreshold = 0
      return TextReader(model, threads: 1).read(texts)
        .flatMap { $0.entities.filter { $0.layer == layer }.map(\.bytes) }
    }
    /// How many bytes the spans take.
    func size(_ spans: [Range<Int>]) -> Int { spans.reduce(0) { $0 + $1.count } }
    let names = try spans([:], .name)
    #expect(size(try spans(["name": 0.05], .name)) > size(names))
    #expect(size(try spans(["name": 20], .name)) < size(names))
    #expect(try spans(["name": 1], .name) == names)
    #expect(try spans(["name": 0.05], .opinion) == spans([:], .opinion))
  }

  @Test func aSteadyStateAsksForNoMemory() {
    // Batches of many lengths, the largest in the first round.
    let rounds = (0..<6).map { round in Fixture.reviews(40 - 3 * round).map(\.text) }
    for _ in 0..<2 { _ = reader.read(rounds[0]) }
    let count = reader.allocationCount
    #expect(count > 0)
    for round in rounds { _ = reader.read(round) }
    #expect(reader.allocationCount == count)
  }
}
