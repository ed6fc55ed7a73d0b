import Foundation
import Reviews
import Testing

@testable import Corpora

/// Formats with spans.
@Suite struct SpanReaderTests {
  @Test func acosQuadruplesAreMerged() throws {
    let rows = """
      the café is fine , slow though\t1,2 A#B 2 3,4\t1,2 A#B 0 5,6\t-1,-1 C#D 1 3,4
      so so\t-1,-1 A#B 1 -1,-1
      oh no\t0,9 A#B 0 1,2
      bad row\t0,1 A#B 0
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: acos}
        files: {train: [rows.tsv]}
        labels:
          derive_intents: true
          spans:
            complete: [ASPECT, OPINION]
            tags: {aspect: ASPECT, opinion: OPINION}
            polarities: {"0": negative, "1": neutral, "2": positive}
        """, files: ["rows.tsv": rows]
    ).load()
    let first = split.examples[0]
    #expect(first.described(first.opinions) == ["café/ASPECT", "fine/OPINION", "slow/OPINION"])
    #expect(first.intents?.positive == ["praise", "complaint"])
    #expect(split.examples[1].opinions?.spans == [])
    #expect(split.examples[1].intents?.positive == [])
    #expect(split.examples[2].described(split.examples[2].opinions) == ["no/OPINION"])
    #expect(split.rejected.map(\.line) == [4])
    #expect(split.notes.count == 2)
  }

  @Test func zhijiangFilesAreJoined() throws {
    let reviews = "\u{feff}id,Reviews\r\n1,味道好，包装差\r\n2,\"一般,吧\"\r\n3,无标注\r\n"
    let labels = """
      \u{feff}id,AspectTerms,A_start,A_end,OpinionTerms,O_start,O_end,Categories,Polarities
      1,味道,0,2,好,2,3,气味,正面
      1,包装,3,5,差,6,7,包装,负面
      2,_, , ,一般,0,2,整体,中性
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: zhijiang}
        files: {train: [reviews.csv, labels.csv]}
        labels:
          derive_intents: true
          spans:
            complete: [ASPECT, OPINION]
            tags: {AspectTerms: ASPECT, OpinionTerms: OPINION}
            polarities: {正面: positive, 中性: neutral, 负面: negative}
        """, files: ["reviews.csv": reviews, "labels.csv": labels]
    ).load()
    let first = split.examples[0]
    #expect(
      first.described(first.opinions) == [
        "味道/ASPECT/positive", "好/OPINION", "包装/ASPECT/negative", "差/OPINION",
      ])
    #expect(first.intents?.positive == ["praise", "complaint"])
    #expect(split.examples[1].text == "一般,吧")
    #expect(split.examples[1].described(split.examples[1].opinions) == ["一般/OPINION"])
    #expect(split.complaints == ["4: no labels for this id; add them or remove the review"])
    #expect(split.notes.first?.hasPrefix("1 spans moved") == true)
  }

  @Test func glossJSONCarriesEveryHead() throws {
    let rows = [
      """
      {"id": "r-1", "text": "Émile's 📷 is sharp", "stars": [4, 5], "entities": [\
      {"layer": "opinion", "type": "ASPECT", "start": 8, "end": 9, "polarity": "positive", "groups": ["usability"]}, \
      {"layer": "opinion", "type": "OPINION", "text": "sharp", "start": 13, "end": 18}, \
      {"layer": "name", "type": "PER", "start": 0, "end": 5}], "intents": ["praise"]}
      """,
      #"{"text": "ok", "stars": 3, "entities": null}"#,
      #"{"text": "a", "stars": 6}"#,
      #"{"text": "a", "intents": ["fun"]}"#,
      #"{"id": "x"}"#,
      #"{"text": "a", "entities": [{"layer": "name", "type": "PER", "start": 0, "end": 2}]}"#,
      #"{"text": "a", "entities": [{"layer": "name", "type": "OPINION", "start": 0, "end": 1}]}"#,
      #"{"text": 5}"#,
      """
      {"text": "a lid", "entities": [\
      {"layer": "name", "type": "PER", "text": "lid", "start": 1, "end": 4}]}
      """,
      #"{"text": "a", "entities": [{"layer": "name", "type": "LOC", "start": 0, "end": 1}]}"#,
      #"{"text": "a", "intents": ["praise"], "supervises": ["praise", "prais"]}"#,
      #"{"text": "a", "unknown": [{"layer": "zzz", "start": 0, "end": 1}]}"#,
    ]
    let split = try CorpusFixture(
      card: """
        reader: {format: gloss-json}
        files: {train: [rows.jsonl]}
        labels:
          given_stars: true
          intents: {supervises: [praise, complaint]}
          spans: {complete: [ASPECT, OPINION, PER]}
        """, files: ["rows.jsonl": rows.joined(separator: "\n")]
    ).load()
    let first = split.examples[0]
    #expect(first.id == "r-1" && first.stars == .positive)
    #expect(first.described(first.opinions) == ["📷/ASPECT/positive", "sharp/OPINION"])
    #expect(first.opinions?.spans.map(\.groups) == [["usability"], []])
    #expect(first.described(first.names) == ["Émile/PER"])
    #expect(first.names?.completeTypes == ["PER"])
    #expect(
      first.intents
        == IntentLabels(positive: ["praise"], supervised: ["praise", "complaint"]))
    #expect(split.examples[1] == Example(id: "rows.jsonl:2", text: "ok", stars: .neutral))
    #expect(
      split.complaints == [
        "3: stars are [6], expected 1 to 5",
        "4: unknown intent 'fun'; use \(LabelSchema.intents.joined(separator: ", "))",
        "5: not a labelled review: no 'text'", "6: no text from 0 to 2",
        "7: the layer 'name' has no type 'OPINION'",
        "8: not a labelled review: 'text' has another type", "9: 'lid' is not from 1 to 4",
        "10: type 'LOC' is not in the card's labels.spans.complete; add or ignore it",
        "11: 'supervises' names an unknown intent 'prais'; use one of: "
          + LabelSchema.intents.joined(separator: ", "),
        "12: 'unknown' has no text of zzz from 0 to 1",
      ])
  }
}
