import Foundation
import Testing

@testable import Corpora

/// Aspects with their opinions, and aspects set into sentences.
@Suite struct TripletReaderTests {
  private static func aste(_ reader: String, _ rows: String) throws -> LoadedSplit {
    try CorpusFixture(
      card: """
        reader: \(reader)
        files: {train: [rows.txt]}
        labels:
          spans:
            complete: [ASPECT, OPINION]
            tags: {aspect: ASPECT, opinion: OPINION}
            polarities: {POS: positive, Negative: negative}
        """, files: ["rows.txt": rows]
    ).load()
  }

  @Test func listsOfTokensBecomeSpans() throws {
    let rows = """
      the café lid is so nice , but loud####[([1, 2], [4, 5], 'POS'), ([1, 2], [8], 'Negative')]
      nothing here####[]

      no mark at all
      cut off####[([0], [1], 'POS')
      out of range####[([0], [9], 'POS')]
      a gap here####[([0, 2], [1], 'POS')]
      odd####[([0], [0], 'NEU')]
      #### no ####[([2], [1], "POS")]
      """
    let split = try Self.aste("{format: aste}", rows.replacingOccurrences(of: "\n", with: "\r\n"))
    let examples = split.examples
    #expect(
      examples.map(\.text) == [
        "the café lid is so nice , but loud", "nothing here", "out of range", "#### no",
      ])
    #expect(
      examples[0].described(examples[0].opinions)
        == ["café lid/ASPECT", "so nice/OPINION", "loud/OPINION"])
    #expect(examples[1].opinions?.spans == [])
    #expect(examples[2].described(examples[2].opinions) == ["out/ASPECT/positive"])
    #expect(examples[3].described(examples[3].opinions) == ["no/OPINION"])
    #expect(split.rejected.map(\.line) == [4, 5, 7, 8])
    #expect(split.rejected[0].reason.hasPrefix("no '####'"))
    #expect(split.rejected[2].reason.hasPrefix("no list of"))
    #expect(
      split.notes == [
        "2 spans left out: outside the text or their words are not in it",
        "1 spans annotated with two polarities: kept without",
      ])
  }

  @Test func pairsOfTokensEndInclusively() throws {
    let rows = """
      \u{feff}汤 面 很 好 ，5 分####[((0, 1), (2, 3), 'POS'), ((-1, -1), (5, 5), 'POS')]
      去 burger king 了####[((1, 2), (3, 3), 'POS')]
      """
    let split = try Self.aste("{format: aste, separator: \"\"}", rows)
    let examples = split.examples
    #expect(examples.map(\.text) == ["汤面很好，5分", "去burger king了"])
    #expect(
      examples[0].described(examples[0].opinions)
        == ["汤面/ASPECT/positive", "很好/OPINION", "分/OPINION"])
    #expect(
      examples[1].described(examples[1].opinions) == ["burger king/ASPECT/positive", "了/OPINION"])
  }

  private static func seg(_ reader: String, _ rows: String) throws -> LoadedSplit {
    try CorpusFixture(
      card: """
        reader: \(reader)
        files: {train: [rows.seg]}
        labels:
          derive_intents: true
          spans:
            complete: [ASPECT]
            tags: {aspect: ASPECT}
            polarities: {Positive: positive, Negative: negative}
        """, files: ["rows.seg": rows]
    ).load()
  }

  @Test func recordsOfOneSentenceBecomeOneRow() throws {
    let rows = """
      nice $T$ and loud fan,wide lid
      café lid
      Positive
      cheap $T$ .
      box
      Negative
      nice café lid and loud $T$ ,wide lid
      fan
      Negative
      nice $T$ and loud fan,wide $T$
      lid
      Positive

      not a record
      $T$ broke
       \u{20}
      Negative
      $T$ left
      key
      """
    let split = try Self.seg("{format: seg}", rows.replacingOccurrences(of: "\n", with: "\r\n"))
    let examples = split.examples
    #expect(
      examples.map(\.text) == [
        "nice café lid and loud fan,wide lid", "cheap box .", "nice lid and loud fan,wide lid",
      ])
    #expect(
      examples[0].described(examples[0].opinions)
        == ["café lid/ASPECT/positive", "fan/ASPECT/negative"])
    #expect(
      examples[2].described(examples[2].opinions) == ["lid/ASPECT/positive", "lid/ASPECT/positive"])
    #expect(examples[0].intents?.positive == ["praise", "complaint"])
    #expect(examples.map(\.id) == ["rows.seg:1", "rows.seg:4", "rows.seg:10"])
    #expect(split.rowsRead == 7 && split.merged == 1)
    #expect(split.rejected.map(\.line) == [14, 15, 18])
  }

  @Test func blanksBetweenCharactersAreDropped() throws {
    let split = try Self.seg(
      "{format: seg, separator: \"\"}", "而 且 $T$ 容 易\n操 作\nPositive\n$T$ 好\n镜 头\nNegative\n")
    let example = split.examples[0]
    #expect(example.text == "而且操作容易")
    #expect(example.described(example.opinions) == ["操作/ASPECT/positive"])
  }

  @Test func recordsOfInvalidBytesAreRejectedAlone() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: seg}
        files: {train: [rows.seg]}
        labels: {spans: {complete: [ASPECT], tags: {aspect: ASPECT}}}
        """,
      data: [
        "rows.seg": Data("$T$ x\n".utf8) + [0xff] + Data("\npositive\n$T$ y\nlid\npositive".utf8)
      ]
    ).load()
    #expect(split.examples.map(\.text) == ["lid y"])
    #expect(split.rejected.map(\.line) == [1])
  }

  @Test func aTokenMayBeginWithAnAccent() throws {
    let split = try Self.aste(
      "{format: aste}", "nice \u{FE0F} food yes####[([2], [0], 'POS')]")
    let example = try #require(split.examples.first)
    #expect(example.described(example.opinions).map { String($0.prefix(4)) } == ["nice", "food"])
  }
}
