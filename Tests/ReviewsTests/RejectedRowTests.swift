import Foundation
import Testing

@testable import Reviews

@Suite struct RejectedRowTests {
  private static let notJSON = "not valid JSON: "

  @Test(arguments: [
    (#"{"body":"a"}"#, "no text in field 'text'; name the field with --text-field"),
    (#"{}"#, "no text in field 'text'; name the field with --text-field"),
    (#"{"text":null}"#, "empty text; remove the row or name the field with --text-field"),
    (#"{"text":""}"#, "empty text; remove the row or name the field with --text-field"),
    (
      #"{"text":" \t\n\u3000\u00a0 "}"#,
      "empty text; remove the row or name the field with --text-field"
    ),
    (#"{"text":5}"#, "field 'text' is not a string; name the field with --text-field"),
    (#"{"text":["a"]}"#, "field 'text' is not a string; name the field with --text-field"),
    (#"{"text":"a","id":true}"#, "field 'id' is neither a string nor a number; correct it"),
    (#"{"text":"a","user":{}}"#, "field 'user' is neither a string nor a number; correct it"),
    (#"{"text":"a","item":[1]}"#, "field 'item' is neither a string nor a number; correct it"),
    (#"{"text":"a","time":false}"#, "field 'time' is neither a string nor a number; correct it"),
    (#"[{"text":"a"}]"#, "not a JSON object; write one JSON object a line"),
    (#""text""#, "not a JSON object; write one JSON object a line"),
    (#"3"#, "not a JSON object; write one JSON object a line"),
    ("null", "not a JSON object; write one JSON object a line"),
    ("{\"text\":\"a\0b\"}", "not valid JSON: it holds a NUL byte; write one JSON object a line"),
  ])
  func jsonRowsSayWhyTheyAreRejected(line: String, reason: String) throws {
    let reading = try read("{\"text\":\"a\"}\n\(line)\n{\"text\":\"b\"}\n", named: "a.jsonl")
    #expect(reading.texts == ["a", "b"])
    #expect(
      reading.rejected == [
        RejectedRow(file: "a.jsonl", line: 2, byteOffset: 13, reason: reason, raw: line)
      ])
  }

  @Test(arguments: [
    "{", #"{"text":"a""#, #"{"text":"a}"#, #"{'text':'a'}"#, #"{"text":"a"} {"text":"b"}"#,
    #"{"text":"a",,}"#, #"{"text":"\q"}"#, #"{"text":"\ud800"}"#, #"{"text": a}"#, "not json",
    #"{"text":"a"}]"#, "{\"text\":\"a\tb\"}",
    String(repeating: "[", count: 100_000), "{\"text\":" + String(repeating: "[", count: 9_000),
  ])
  func badJSONIsRejectedWithAShortReason(line: String) throws {
    let reading = try read("\(line)\n{\"text\":\"b\"}\n", named: "a.jsonl")
    #expect(reading.texts == ["b"])
    let row = try #require(reading.rejected.first)
    #expect(row.reason.hasPrefix(Self.notJSON), "\(row.reason)")
    #expect(row.reason.hasSuffix("; write one JSON object a line"))
    #expect(row.reason.utf8.count < 160 && !row.reason.contains("\n"), "\(row.reason)")
    #expect(row.raw == line)
  }

  @Test func badJSONSaysWhereItBreaks() throws {
    let lines = ["{", #"{"text":"a"} {"text":"b"}"#, #"{"text":"\q"}"#]
    #expect(
      try read(lines.joined(separator: "\n"), named: "a.jsonl").reasons == [
        "not valid JSON: unexpected end of file during JSON parse; write one JSON object a line",
        "not valid JSON: invalid value around character 13; write one JSON object a line",
        "not valid JSON: invalid escape sequence around character 9; write one JSON object a line",
      ])
  }

  @Test(arguments: [
    ("1", "the number of fields is 1, the header has 2; correct the row"),
    ("1,a,b", "the number of fields is 3, the header has 2; correct the row"),
    ("1,", "empty text; remove the row or name the field with --text-field"),
    ("1,\" \n \"", "empty text; remove the row or name the field with --text-field"),
    ("1,\u{3000}", "empty text; remove the row or name the field with --text-field"),
    (
      "1,\"so \"called\" lamp\"",
      "text follows a closing quote; double the quotes inside the field"
    ),
    (
      "1,\"so\n\"called\" lamp\"",
      "text follows a closing quote; double the quotes inside the field; the row has 2 lines"
    ),
  ])
  func tableRowsSayWhyTheyAreRejected(row: String, reason: String) throws {
    let reading = try read("id,text\n0,a\n\(row)\n2,b\n", named: "a.csv")
    #expect(reading.texts == ["a", "b"])
    #expect(
      reading.rejected == [
        RejectedRow(file: "a.csv", line: 3, byteOffset: 12, reason: reason, raw: row)
      ])
  }

  @Test(arguments: [
    ("a.txt", "Good\n", "user"), ("a.jsonl", "{\"text\":\"Good\",\"user\":\"ann\"}\n", "who"),
    ("a.jsonl", "{\"text\":\"Good\",\"user\":null}\n", "user"),
    ("a.csv", "text,user\nGood,\n", "user"), ("a.csv", "text\nGood\n", "user"),
  ])
  func rowsWithoutAUserAreRejectedWhereOneIsRequired(
    name: String, contents: String, field: String
  ) throws {
    var options = ReviewReader.Options(userField: field)
    #expect(try read(contents, named: name, options).texts == ["Good"])
    options.requiresUser = true
    let reading = try read(contents, named: name, options)
    #expect(reading.texts.isEmpty)
    #expect(reading.reasons == ["no user in field '\(field)'; name the field with --user-field"])
  }

  @Test func textOfOtherWhiteSpaceIsRejected() throws {
    #expect(
      try read("\u{3000}\u{A0}\na\n", named: "a.txt").reasons == [
        "empty text; remove the row or name the field with --text-field"
      ])
  }

  /// What is no UTF-8, and how many U+FFFD Python's `errors="replace"` makes of it.
  private static let broken: [(bytes: [UInt8], count: Int)] = [
    // A stray continuation byte, a cut character, an overlong slash, half a surrogate pair.
    ([0x80], 1), ([0xE5, 0xA5], 1), ([0xC0, 0xAF], 2), ([0xED, 0xA0, 0x80], 3), ([0xFF], 1),
    ([0xF0, 0x9F, 0x98, 0x41, 0xFF], 2), ([0xEF, 0xBF, 0xBD, 0xFE, 0xEF, 0xBF, 0xBD], 1),
  ]

  @Test(
    arguments: [
      ("a.txt", "", ""), ("a.jsonl", "{\"text\":\"", "\"}"), ("a.csv", "text\n", ""),
      ("a.tsv", "text\n", ""),
    ], broken.indices)
  func whatIsNoUTF8IsReplacedAndCounted(file: (String, String, String), index: Int) throws {
    let (name, start, end) = file
    let (bytes, count) = Self.broken[index]
    let reading = try read(
      Array(start.utf8) + Array("a".utf8) + bytes + Array("z\(end)\n".utf8), named: name)
    #expect(reading.rejected.isEmpty)
    let review = try #require(reading.reviews.first)
    #expect(review.replaced == count)
    #expect(review.text.hasPrefix("a") && review.text.hasSuffix("z"))
    #expect(review.text.unicodeScalars.contains("\u{FFFD}"))
  }

  @Test func aRejectedRowThatIsNoUTF8KeepsItsBytes() throws {
    let reading = try read(Array("{\"text\":\"a".utf8) + [0xFF, 0x0A], named: "a.jsonl")
    let row = try #require(reading.rejected.first)
    #expect(row.raw == "{\"text\":\"a\u{FFFD}")
    #expect(
      row.rawBase64.flatMap { Data(base64Encoded: $0) } == Data("{\"text\":\"a".utf8) + [0xFF])
    // Where all of it is text the raw row is enough.
    #expect(try read("{", named: "a.jsonl").rejected.first?.rawBase64 == nil)
  }
}
