import Testing

@testable import Tokenization

@Suite struct TagSchemeTests {
  let scheme = TagScheme(types: ["ASPECT", "OPINION"])
  /// "the battery life" as the / bat / tery / life.
  let ranges = [0..<3, 4..<7, 7..<11, 12..<16]

  @Test func tagsAreNumberedByType() {
    #expect(scheme.tagCount == 5)
    #expect((0..<2).map(scheme.beginTag) == [1, 3])
    #expect((0..<2).map(scheme.insideTag) == [2, 4])
    #expect((0..<5).map(scheme.type) == [nil, 0, 0, 1, 1])
  }

  @Test func spansOnPieceBoundariesFit() {
    let (tags, unfitted) = scheme.tags(
      for: [TypedSpan(type: 1, range: 0..<3), TypedSpan(type: 0, range: 4..<16)], on: ranges)
    #expect(tags == [3, 1, 2, 2])
    #expect(unfitted == 0)
  }

  @Test func spaceAroundASpanStillFits() {
    let (tags, unfitted) = scheme.tags(for: [TypedSpan(type: 0, range: 3..<12)], on: ranges)
    #expect(tags == [0, 1, 2, 0])
    #expect(unfitted == 0)
  }

  @Test(arguments: [5..<11, 4..<9, 5..<6])
  func spansThatCutAPieceAreTaggedAndCounted(range: Range<Int>) {
    let (tags, unfitted) = scheme.tags(for: [TypedSpan(type: 0, range: range)], on: ranges)
    #expect(tags[1] == 1)
    #expect(unfitted == 1)
  }

  @Test(arguments: [3..<4, 16..<20, 5..<5])
  func spansWithoutPiecesAreCounted(range: Range<Int>) {
    let (tags, unfitted) = scheme.tags(for: [TypedSpan(type: 0, range: range)], on: ranges)
    #expect(tags == [0, 0, 0, 0])
    #expect(unfitted == 1)
  }

  @Test func ofOverlappingSpansTheEarlierAndLongerWins() {
    let (tags, unfitted) = scheme.tags(
      for: [
        TypedSpan(type: 1, range: 12..<16), TypedSpan(type: 1, range: 7..<16),
        TypedSpan(type: 0, range: 4..<11),
      ], on: ranges)
    #expect(tags == [0, 1, 2, 3])
    #expect(unfitted == 2)
  }

  @Test func emptyPiecesAreInsideOnlyBetweenPiecesOfTheSpan() {
    // Two characters of three bytes each after a lone white-space piece, then a full stop.
    let ranges = [0..<0, 0..<0, 0..<0, 0..<3, 3..<3, 3..<3, 3..<6, 6..<6, 6..<7]
    let (tags, unfitted) = scheme.tags(for: [TypedSpan(type: 0, range: 0..<6)], on: ranges)
    #expect(tags == [0, 0, 0, 1, 2, 2, 2, 0, 0])
    #expect(unfitted == 0)
    #expect(
      scheme.spans(from: tags, on: ranges) == [TaggedSpan(type: 0, pieces: 3..<7, bytes: 0..<6)])
  }

  @Test func tagsOfEmptyPiecesAreNotRead() {
    let ranges = [0..<0, 0..<3, 3..<3, 3..<6, 6..<6]
    for tag in 0..<5 {
      let spans = scheme.spans(from: [tag, 1, tag, 2, tag], on: ranges)
      #expect(spans == [TaggedSpan(type: 0, pieces: 1..<4, bytes: 0..<6)])
    }
  }

  @Test func insideWithoutBeginOpensASpan() {
    let spans = scheme.spans(from: [2, 4, 4, 2], on: ranges)
    #expect(
      spans == [
        TaggedSpan(type: 0, pieces: 0..<1, bytes: 0..<3),
        TaggedSpan(type: 1, pieces: 1..<3, bytes: 4..<11),
        TaggedSpan(type: 0, pieces: 3..<4, bytes: 12..<16),
      ])
    #expect(scheme.spans(from: [1, 1, 0, 2], on: ranges).map(\.pieces) == [0..<1, 1..<2, 3..<4])
  }

  @Test func noPiecesGiveNoTagsAndNoSpans() {
    #expect(scheme.tags(for: [], on: []).tags.isEmpty)
    #expect(scheme.tags(for: [TypedSpan(type: 0, range: 0..<2)], on: []).unfitted == 1)
    #expect(scheme.spans(from: [], on: []).isEmpty)
  }

  @Test func spansOfPiecesSurviveTheRoundTrip() throws {
    let tokenizer = try Fixture.tokenizer()
    for seed in UInt64(0)..<2000 {
      var random = Seeded(seed)
      let ranges = tokenizer.encode(random.text(of: Int(seed % 25))).ranges
      var spans: [TypedSpan] = []
      var start: Int?
      for range in ranges where !range.isEmpty {
        if Bool.random(using: &random) { start = start ?? range.lowerBound }
        if let begin = start, Bool.random(using: &random) {
          let type = Int.random(in: 0...1, using: &random)
          spans.append(TypedSpan(type: type, range: begin..<range.upperBound))
          start = nil
        }
      }
      let (tags, unfitted) = scheme.tags(for: spans, on: ranges)
      let back = scheme.spans(from: tags, on: ranges)
      #expect(back.map { TypedSpan(type: $0.type, range: $0.bytes) } == spans, "seed \(seed)")
      #expect(unfitted == 0, "seed \(seed)")
    }
  }
}
