import Files
import Testing

@testable import Corpora

@Suite struct ExampleTests {
  @Test func starSetsHoldTheirStars() {
    #expect(StarSet(stars: [5, 1]).stars == [1, 5])
    #expect(StarSet(stars: [0, 3, 6]) == .neutral)
    #expect(StarSet.negative.rawValue == 0b11 && StarSet.positive.rawValue == 0b11000)
    #expect(StarSet.negative.union(.positive).stars == [1, 2, 4, 5])
  }
}

@Suite struct TextHashTests {
  /// Values of FNV-1a 64 from the test vectors of draft-eastlake-fnv, appendix C.
  @Test func stableHashIsFNV1a() {
    #expect(StableHash("").value == 0xcbf2_9ce4_8422_2325)
    #expect(StableHash("a").value == 0xaf63_dc4c_8601_ec8c)
    #expect(StableHash("foobar").value == 0x8594_4171_f739_67e8)
    #expect(normalisedTextHash("Foo, bar!") == 0x8594_4171_f739_67e8)
  }

  @Test(arguments: [
    ("Good  value.", "good value"), ("\u{feff}\tA\r\nB", "ab"), ("ÉTÉ", "été"),
    ("很好，\u{3000}很好用！", "很好很好用"), ("ＡＢＣ", "ａｂｃ"), ("!?", "! ?"),
    ("❤️", "❤"),
  ])
  func caseSpaceAndPunctuationDoNotMatter(first: String, second: String) {
    #expect(normalisedTextHash(first) == normalisedTextHash(second))
  }

  @Test(arguments: [
    ("good", "goods"), ("很好", "很坏"), ("!", "?"), ("ab", "ba"), ("😀", "😡"), ("❤️", "☹️"),
  ])
  func wordsMatter(first: String, second: String) {
    #expect(normalisedTextHash(first) != normalisedTextHash(second))
  }

  @Test func percentilesSpreadEvenly() {
    var counts = [Int](repeating: 0, count: 100)
    for number in 1...20_000 {
      counts[StableHash.percentile(of: normalisedTextHash("review number \(number)"))] += 1
    }
    // 200 are expected in each; five standard deviations of a binomial are 70.
    #expect(counts.allSatisfy { (130...270).contains($0) })
  }
}

@Suite struct ScalarOffsetsTests {
  @Test func offsetsCountScalarsAndRangesCountBytes() {
    let offsets = ScalarOffsets("a é😀很")
    #expect(offsets.byteRange(0, 1) == 0..<1)
    #expect(offsets.byteRange(2, 4) == 2..<8)
    #expect(offsets.byteRange(4, 5) == 8..<11)
    #expect(offsets.byteRange(4, 6) == nil)
    #expect(offsets.byteRange(-1, 2) == nil)
    #expect(offsets.byteRange(2, 2) == nil)
  }

  @Test func misplacedWordsAreFoundWhereTheyAreNearest() {
    let offsets = ScalarOffsets("key, a key and a key")
    #expect(offsets.byteRange(of: "key", annotatedAt: 7, 10).range == 7..<10)
    #expect(offsets.byteRange(of: "key", annotatedAt: 7, 10).remark == nil)
    #expect(offsets.byteRange(of: "key", annotatedAt: 15, 18).range == 17..<20)
    #expect(offsets.byteRange(of: "key", annotatedAt: 900, 903).remark == .realigned)
    #expect(offsets.byteRange(of: "lid", annotatedAt: 0, 3).range == nil)
    #expect(offsets.byteRange(of: "lid", annotatedAt: 0, 3).remark == .notFound)
    #expect(offsets.byteRange(of: "", annotatedAt: 0, 0).range == nil)
  }
}
