import Foundation
import Layers
import Models
import Reviews
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import Inference

/// Texts of many windows: nothing is cut off, and nothing depends on how windows share passes.
@Suite struct LongTextTests {
  private let model: LoadedModel

  init() throws {
    model = try Fixture.model()
  }

  private func text(_ sentences: Int, seed: UInt64) -> String {
    var random = SeededRandom(seed: seed)
    return (0..<sentences).map { _ in
      Sentences.all[random.nextInt(below: Sentences.all.count)]
    }.joined(separator: " ")
  }

  @Test(arguments: [1, 33, 64, 500, 1 << 20]) func passesMayEndAnywhere(batchTokens: Int) {
    let texts = (1...6).map { text(40 * $0, seed: UInt64($0)) } + ["台灯真的漂亮。", ""]
    let spans = texts.map { text in
      // Words here and there, and one span that is longer than a window.
      let count = text.utf8.count
      return count < 99 ? [] : [0..<4, count / 2..<count / 2 + 9, count / 3..<count / 3 + 400]
    }
    func read(_ tokens: Int) -> [Reading] {
      TextReader(model, threads: 1, batchTokens: tokens).read(texts, polaritiesOf: spans)
    }
    for (reading, other) in zip(read(batchTokens), read(200)) {
      #expect(reading.stars == other.stars && reading.intents == other.intents)
      #expect(reading.entities.map(\.bytes) == other.entities.map(\.bytes))
      #expect(reading.entities.map(\.polarity) == other.entities.map(\.polarity))
      #expect(reading.entities.map(\.confidence) == other.entities.map(\.confidence))
      #expect(reading.polarities == other.polarities)
      #expect(reading.tokens == reading.usedTokens && reading.windows == other.windows)
    }
  }

  /// The whole text's hidden states, stitched from the same windows, read at once by the heads.
  @Test func theWholeIsWhatItsWindowsSayTogether() {
    let text = text(60, seed: 3)
    let reading = TextReader(model, threads: 1, batchTokens: 70).read([text])[0]
    let pieces = model.tokenizer.encode(text)
    let windows = TextWindow.windows(
      of: pieces.count, shape: model.configuration.shape,
      breaks: pieces.sentenceStarts(in: Array(text.utf8)))
    let workspace = Workspace()
    let weights = PackedParameters(model.weights)
    let hidden = workspace.matrix(rows: pieces.count, columns: Fixture.shape.hiddenSize)
    var intents: [[Float]] = []
    for window in windows {
      let states = model.model.encoder(
        Array(pieces.ids[window.pieces]), lengths: [window.pieces.count], weights, workspace)
      let start = window.pieces.lowerBound
      let owned = window.owned.lowerBound - start..<window.owned.upperBound - start
      hidden.rows(window.owned).copy(from: states.rows(owned))
      let logits = model.model.intents(states, groups: [owned], weights, workspace)
      intents.append(logits.values.map { 1 / (1 + exp(-$0)) })
    }
    let stars = model.model.sentiment(hidden, groups: [0..<pieces.count], weights, workspace)
    Kernels.softmax(stars)
    #expect(windows.count == reading.windows && windows.count > 15)
    for (star, whole) in zip(reading.stars, stars.values) {
      #expect(abs(star - Double(whole)) < 1e-5)
    }
    for (index, intent) in reading.intents.enumerated() {
      #expect(abs(intent - Double(intents.map { $0[index] }.max() ?? 0)) < 1e-6)
    }
  }

  @Test func aRunWithoutABreakIsReadAlikeInAnyBatch() {
    // One word of many thousand pieces, and a text of which every piece may be part of a span.
    let word = String(repeating: "kettlelamp", count: 4_000)
    let dense = String(repeating: "灯", count: 9_000)
    for text in [word, dense, word + " " + dense] {
      let small = TextReader(model, threads: 1, batchTokens: 64).read([text])[0]
      let large = TextReader(model, threads: 1, batchTokens: 1 << 20).read([text])[0]
      #expect(small.entities.map(\.bytes) == large.entities.map(\.bytes))
      #expect(small.tokens == small.usedTokens && small.tokens > 4_000)
      for (left, right) in zip(small.entities, small.entities.dropFirst())
      where left.layer == right.layer {
        #expect(left.bytes.upperBound <= right.bytes.lowerBound)
      }
    }
  }

  @Test func sentencesBeginWhereTheyBegin() {
    func sentences(_ text: String) -> [String] {
      let pieces = model.tokenizer.encode(text)
      let starts = pieces.sentenceStarts(in: Array(text.utf8)).map { pieces.ranges[$0].lowerBound }
      return zip([0] + starts, starts + [text.utf8.count]).map {
        String(decoding: Array(text.utf8)[$0..<$1], as: UTF8.self)
      }
    }
    #expect(
      sentences("A lamp. A torn scarf! Why? lovely") == [
        "A lamp. ", "A torn scarf! ", "Why? ", "lovely",
      ])
    #expect(sentences("It cost 29.99 at lamp.com") == ["It cost 29.99 at lamp.com"])
    #expect(sentences("(A lamp.) \"Torn.\" lovely") == ["(A lamp.) ", "\"Torn.\" ", "lovely"])
    #expect(sentences("台灯。房间！真的？漂亮") == ["台灯。", "房间！", "真的？", "漂亮"])
    #expect(sentences("a lamp\na scarf") == ["a lamp\n", "a scarf"])
    #expect(sentences("") == [""])
  }

  /// A row may be a hundred mebibytes of anything.
  @Test(arguments: [")", "\"", ".", "。", "\n"]) func timeIsProportional(unit: String) {
    #expect(
      isTimeProportional(toLengthOf: unit) { text in
        _ = model.tokenizer.encode(text).sentenceStarts(in: Array(text.utf8))
      })
  }

  @Test func evidenceIsTheMeanOfAllPieces() {
    var random = SeededRandom(seed: 5)
    // Weights far beyond what an exponential can hold.
    let scores = (0..<90).map { _ in random.nextNormal() * 400 }
    let values = scores.map { _ in (0..<3).map { _ in Float(random.nextNormal()) } }
    func mean(_ rows: Range<Int>) -> (mean: [Double], logSum: Double) {
      let top = scores[rows].max() ?? 0
      let weights = scores[rows].map { exp($0 - top) }
      let sum = weights.reduce(0, +)
      let mean = (0..<3).map { column in
        zip(rows, weights).reduce(0) { $0 + Double(values[$1.0][column]) * $1.1 } / sum
      }
      return (mean, top + log(sum))
    }
    var evidence = PooledMean()
    for start in stride(from: 0, to: 90, by: 15) {
      let part = mean(start..<start + 15)
      evidence.add(part.mean.map(Float.init), logSum: part.logSum)
    }
    for (value, expected) in zip(evidence.mean, mean(0..<90).mean) {
      #expect(abs(Double(value) - expected) < 1e-6)
    }
  }
}
