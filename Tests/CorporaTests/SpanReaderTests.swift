import Foundation
import Reviews
import Testing

@testable import Corpora

/// Formats with spans.
@Suite struct SpanReaderTests {
  @Test func conllTagsBecomeSpans() throws {
    let rows = [
      "Zoë\tI-person", "and\tO", "Li\tB-person", "Wei\tI-person", "\t", "Acme\tB-group",
      "Anvil\tI-product", "3\tI-product", "Bob\tB-band", "", "", "New\tB-location", "bare", "",
      "At\tO", "last\tX-odd",
    ]
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: tab}
        files: {train: [rows.conll]}
        labels:
          spans:
            complete: [PER, ORG]
            tags: {person: PER, group: ORG, product: ignore, band: unknown, location: ORG}
        """, files: ["rows.conll": rows.joined(separator: "\r\n")]
    ).load()
    #expect(split.examples.map(\.text) == ["Zoë and Li Wei", "Acme Anvil 3 Bob"])
    #expect(split.examples[0].described(split.examples[0].names) == ["Zoë/PER", "Li Wei/PER"])
    #expect(split.examples[1].described(split.examples[1].names) == ["Acme/ORG"])
    #expect(split.examples[1].names?.unknown == [13..<16])
    #expect(split.examples[1].names?.completeTypes == ["PER", "ORG"])
    #expect(split.examples[0].opinions == nil)
    #expect(split.complaints == ["12: no tag on line 13", "15: 'X-odd' is not a BIO tag"])
  }

  @Test func conllUnderstandsBMESWithoutSpaces() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: conll, delimiter: space, separator: ""}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [LOC], tags: {LOC: LOC}}}
        """, files: ["rows.txt": "北 B-LOC\n京 E-LOC\n沪 S-LOC\n好 O\n"]
    ).load()
    #expect(split.examples[0].described(split.examples[0].names) == ["北京/LOC", "沪/LOC"])
  }

  @Test func conllRejectsSentencesOfInvalidBytes() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: conll}
        files: {train: [rows.txt]}
        labels: {spans: {complete: [LOC]}}
        """, data: ["rows.txt": Data("a\tO\n".utf8) + [0xff] + Data("\tO\n\nb\tO\n".utf8)]
    ).load()
    #expect(split.examples.map(\.text) == ["b"])
    #expect(split.rejected.map(\.line) == [1])
  }

  @Test func semevalTermsAreRealignedAndConflictsKeptWithoutPolarity() throws {
    let xml = """
      <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
      <sentences>
        <sentence id="1"><text>  The crêpe &amp; tea were good.</text><aspectTerms>
          <aspectTerm term="tea" polarity="positive" from="14" to="17"/>
          <aspectTerm term="crêpe" polarity="conflict" from="4" to="9"/>
          <aspectTerm term="lid" polarity="neutral" from="0" to="3"/>
        </aspectTerms></sentence>
        <sentence id="2"><text>Slow.</text><aspectCategories>
          <aspectCategory category="service" polarity="negative"/>
        </aspectCategories></sentence>
        <sentence id="3"><text>I had it.</text></sentence>
        <sentence id="4"><text>The box.</text><aspectTerms>
          <aspectTerm term="box" polarity="mixed" from="4" to="7"/>
        </aspectTerms></sentence>
      </sentences>
      """
    let fixture = CorpusFixture(
      card: """
        reader: {format: semeval-xml}
        files: {train: [rows.xml], dev: [crossed.xml], test: [cut.xml]}
        labels:
          derive_intents: true
          spans: {complete: [ASPECT], tags: {aspectTerm: ASPECT}}
        """,
      files: [
        "rows.xml": xml, "cut.xml": "<sentences><sentence>",
        "crossed.xml": "<sentences><sentence id='1'><text>A</sentence></text></sentences>",
      ])
    let split = try fixture.load()
    let first = split.examples[0]
    #expect(split.examples.map(\.id) == ["1", "2", "3"])
    #expect(first.described(first.opinions) == ["crêpe/ASPECT", "tea/ASPECT/positive"])
    #expect(first.intents?.positive == ["praise", "complaint"])
    #expect(split.examples[1].intents?.positive == ["complaint"])
    #expect(split.examples[1].opinions?.spans == [])
    #expect(split.examples[2].intents == nil)
    #expect(
      split.rejected.map(\.reason) == [
        "unknown polarity 'mixed'; use negative, neutral, positive or conflict"
      ])
    #expect(split.notes.count == 2 && split.notes.allSatisfy { $0.hasPrefix("1 ") })
    for split in [Split.dev, .test] {
      let error = #expect(throws: CorpusError.self) { try fixture.load(split) }
      #expect(error?.description.contains(".xml:1: ") == true)
    }
  }

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
    #expect(split.complaints == ["4: no labels for this id"])
    #expect(split.notes.first?.hasPrefix("1 spans moved") == true)
  }

  @Test func glossJSONCarriesEveryHead() throws {
    let rows = [
      """
      {"id": "r-1", "text": "Émile's 📷 is sharp", "stars": [4, 5], "entities": [\
      {"layer": "opinion", "type": "ASPECT", "start": 8, "end": 9, "polarity": "positive"}, \
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
      ])
  }
}
