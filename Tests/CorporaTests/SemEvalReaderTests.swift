import Foundation
import Testing

@testable import Corpora

@Suite struct SemEvalReaderTests {
  @Test func termsAreRealignedAndConflictsKeptWithoutPolarity() throws {
    let xml = """
      \u{feff}<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
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
        <sentence><text>No id, as in MAMS.</text></sentence>
      </sentences>
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: semeval-xml}
        files: {train: [rows.xml]}
        labels:
          derive_intents: true
          spans: {complete: [ASPECT], tags: {aspectTerm: ASPECT}}
        """, files: ["rows.xml": xml.replacingOccurrences(of: "\n", with: "\r\n")]
    ).load()
    let first = split.examples[0]
    #expect(split.examples.map(\.id) == ["1", "2", "3", "rows.xml:15"])
    #expect(first.described(first.opinions) == ["crêpe/ASPECT", "tea/ASPECT/positive"])
    #expect(first.intents?.positive == ["praise", "complaint"])
    #expect(split.examples[1].intents?.positive == ["complaint"])
    #expect(split.examples[1].opinions?.spans == [])
    #expect(split.examples[2].intents == nil)
    #expect(split.rejected.count == 1)
    #expect(split.rejected[0].reason.hasPrefix("unknown polarity 'mixed'"))
    #expect(split.notes.count == 2 && split.notes.allSatisfy { $0.hasPrefix("1 ") })
  }

  @Test func textsMayBeCharacterData() throws {
    let xml = """
      <sentences><sentence id="1"><text>Nice <![CDATA[AT&T]]> service</text><aspectTerms>
        <aspectTerm term="service" polarity="positive" from="10" to="17"/>
      </aspectTerms></sentence></sentences>
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: semeval-xml}
        files: {train: [rows.xml]}
        labels: {spans: {complete: [ASPECT], tags: {aspectTerm: ASPECT}}}
        """, files: ["rows.xml": xml]
    ).load()
    #expect(split.examples.map(\.text) == ["Nice AT&T service"])
    #expect(split.examples.map { $0.described($0.opinions) } == [["service/ASPECT/positive"]])
    #expect(split.notes == [])
  }

  @Test func targetsOfSeveralCategoriesAreOneAspect() throws {
    let xml = """
      <Reviews><Review rid="7"><sentences>
        <sentence id="7:0"><text>Soup fine, dear; tea awful.</text><Opinions>
          <Opinion target="Soup" category="FOOD#PRICES" polarity="negative" from="0" to="4"/>
          <Opinion target="Soup" category="FOOD#QUALITY" polarity="positive" from="0" to="4"/>
          <Opinion target="tea" category="DRINKS#QUALITY" polarity="negative" from="17" to="20"/>
          <Opinion target="NULL" category="SERVICE#GENERAL" polarity="positive" from="3" to="9"/>
        </Opinions></sentence>
        <sentence id="7:1" OutOfScope="TRUE"><text>We went to Oslo.</text></sentence>
        <sentence id="7:2"><text>Hello.</text><Opinions/></sentence>
        <sentence id="7:3"><text>Soup.</text><Opinions>
          <Opinion target="Soup" category="FOOD#SMELL" polarity="negative" from="0" to="4"/>
        </Opinions></sentence>
      </sentences></Review></Reviews>
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: semeval-xml}
        files: {train: [rows.xml]}
        labels:
          derive_intents: true
          spans:
            complete: [ASPECT]
            tags: {target: ASPECT}
            groups: {"FOOD#PRICES": price_value, "FOOD#QUALITY": general, "DRINKS#*": general}
        """, files: ["rows.xml": xml]
    ).load()
    let examples = split.examples
    #expect(examples.map(\.id) == ["7:0", "7:1", "7:2"])
    #expect(examples[0].described(examples[0].opinions) == ["Soup/ASPECT", "tea/ASPECT/negative"])
    #expect(
      examples[0].opinions?.spans.map(\.groups) == [["general", "price_value"], ["general"]])
    #expect(examples[0].intents?.positive == ["praise", "complaint"])
    #expect(examples[1] == Example(id: "7:1", text: "We went to Oslo."))
    #expect(examples[2].opinions?.spans == [])
    #expect(
      split.complaints == [
        "10: category 'FOOD#SMELL' is not in the card's labels.spans.groups; map it there"
      ])
    #expect(split.notes == ["1 spans annotated with two polarities: kept without"])
  }

  @Test(arguments: [
    "<sentences><sentence>", "<sentences><sentence id='1'><text>A</sentence></text></sentences>",
    "<sentences><sentence><text>A</text></sentence>", "<sentences/>", "", "no XML",
    "<sentences><sentence><text>A & B</text></sentence></sentences>",
    // Foundation traps on names of such bytes.
    "<sentences><\u{ff}sentence><text>A</text></sentence></sentences>",
    "<sentences><sentence><text>A</text></sentence></sentences>\u{c3}",
  ])
  func xmlThatDoesNotCloseIsAnErrorOfOneLine(xml: String) throws {
    let fixture = CorpusFixture(
      card: """
        reader: {format: semeval-xml}
        files: {train: [rows.xml]}
        labels: {spans: {complete: [ASPECT]}}
        """, data: ["rows.xml": try #require(xml.data(using: .isoLatin1))])
    let error = #expect(throws: CorpusError.self) { try fixture.load() }
    let message = error?.description ?? ""
    #expect(message.contains("rows.xml:1: ") && message.contains("; give it the whole XML"))
    #expect(!message.contains("\n"))
  }
}
