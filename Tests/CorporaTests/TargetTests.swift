import Foundation
import Testing

@testable import Corpora

/// Words that are annotated without offsets, and labels that are several.
@Suite struct TargetTests {
  @Test func targetsAreLookedForInTheText() {
    #expect(TargetPlace(of: "Fan", in: "a fan") == .span(2..<5))
    #expect(TargetPlace(of: "note", in: "notes of a note") == .span(11..<15))
    #expect(TargetPlace(of: "note", in: "my notes") == .ambiguous([3..<7]))
    #expect(TargetPlace(of: "aa", in: "aaa") == .ambiguous([0..<2, 1..<3]))
    #expect(TargetPlace(of: "lid", in: "lid to lid") == .ambiguous([0..<3, 7..<10]))
    #expect(TargetPlace(of: "京", in: "北京人") == .span(3..<6))
    #expect(TargetPlace(of: "lid", in: "") == .nowhere)
    #expect(TargetPlace(of: "lid", in: "box") == .nowhere)
  }

  @Test func tableColumnsHoldTargets() throws {
    let rows = """
      text\tgood\tbad
      The photo editor and its fonts\tphoto editor; fonts\t
      Notes beside a photo, a photo\tnotes\tphoto;;
      Can clip pages\t\tclip web pages
      Fine\t\t
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited, delimiter: tab, quoting: false}
        fields: {text: text, targets: {separator: ";", columns: {good: positive, bad: negative}}}
        files: {train: [rows.tsv]}
        labels: {spans: {complete: [ASPECT], tags: {target: ASPECT}}}
        """, files: ["rows.tsv": rows]
    ).load()
    let examples = split.examples
    #expect(
      examples[0].described(examples[0].opinions)
        == ["photo editor/ASPECT/positive", "fonts/ASPECT/positive"])
    #expect(examples[1].described(examples[1].opinions) == ["Notes/ASPECT/positive"])
    #expect(examples[1].opinions?.unknown == [15..<20, 24..<29])
    #expect(
      examples[2].opinions == SpanLabels(completeTypes: ["ASPECT"], spans: [], unknown: [0..<14]))
    #expect(examples[3].opinions == SpanLabels(completeTypes: ["ASPECT"], spans: []))
    #expect(split.notes.map { $0.prefix { $0 != " " } } == ["1", "1"])
  }

  @Test func whatIsOutsideOfTheOneTargetIsUnknown() throws {
    let rows = """
      {"s": "去 世界之窗 ，还行", "ot": "世界之窗"}
      {"s": "雨果看雨果", "ot": "雨果"}
      """
    let split = try CorpusFixture(
      card: """
        reader: {format: json-lines}
        fields: {text: s, targets: {columns: {ot: null}}}
        files: {train: [rows.jsonl]}
        labels: {spans: {complete: [ASPECT], outside: unknown, tags: {target: ASPECT}}}
        """, files: ["rows.jsonl": rows]
    ).load()
    let examples = split.examples
    #expect(examples[0].described(examples[0].opinions) == ["世界之窗/ASPECT"])
    // Not the blank before the target, which may be in one piece with it.
    #expect(examples[0].opinions?.unknown == [0..<3, 17..<26])
    #expect(examples[1].opinions?.spans == [])
    #expect(examples[1].opinions?.unknown.contains(0..<15) == true)
  }

  @Test func rowsMayHaveSeveralLabels() throws {
    let split = try CorpusFixture(
      card: """
        reader: {format: delimited, delimiter: tab, quoting: false, columns: [text, labels]}
        fields: {text: text, label: labels}
        files: {train: [rows.tsv]}
        labels:
          intents:
            supervises: []
            separator: ","
            labels: {"0": [praise], "7": [question, praise], "27": null}
        """, files: ["rows.tsv": "a\t0,27\nb\t27\nc\t0,7\nd\t0,8\ne\t0,\n"]
    ).load()
    #expect(
      split.examples.map(\.intents) == [
        IntentLabels(positive: ["praise"], supervised: ["praise"]), nil,
        IntentLabels(positive: ["praise", "question"], supervised: ["praise", "question"]),
      ])
    #expect(split.rejected.map(\.line) == [4, 5])
    #expect(split.rejected[0].reason.hasPrefix("label '8' is not in the card's"))
  }
}
