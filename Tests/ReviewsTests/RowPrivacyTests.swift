import Foundation
import Privacy
import TestSupport
import Testing

@testable import Reviews

@Suite struct RowPrivacyTests {
  private func options(
    redacts: Bool = true, pseudonyms: Bool = true, requiresUser: Bool = true
  ) throws -> ReviewReader.Options {
    var options = ReviewReader.Options(requiresUser: requiresUser)
    options.privacy.redacts = redacts
    if pseudonyms { options.privacy.pseudonyms = try Self.pseudonyms() }
    return options
  }

  private static func pseudonyms() throws -> Pseudonyms {
    try withFile("a key of 24 characters..", named: "key") { try Pseudonyms(keyFile: $0) }
  }

  @Test func textAndUserAreHiddenBeforeAReviewComesOut() throws {
    let rows = #"""
      {"id":7,"user":"marla","item":"4111111111111111","text":"At marla\u0040post.example, 555-234-5678, a@b.example"}
      {"id":8,"user":"bo","text":"Nothing here"}
      """#
    let reading = try read(rows, named: "a.jsonl", options())
    let pseudonyms = try Self.pseudonyms()
    #expect(reading.rejected.isEmpty)
    #expect(
      reading.reviews == [
        Review(
          id: "7", user: pseudonyms("marla"), item: "4111111111111111",
          text: "At [EMAIL___________], [PHONE_____], [EMAIL____]",
          redacted: [.email: 2, .phone: 1]),
        Review(id: "8", user: pseudonyms("bo"), text: "Nothing here", redacted: [:]),
      ])
    let table = try read(
      "text,user\n\"So, mail ＭＡＲＬＡ＠post.example\",\n", named: "a.csv",
      options(requiresUser: false))
    #expect(table.texts == ["So, mail ［ＥＭＡＩＬ___________]"])
    #expect(table.reviews.first?.user == nil)
    let plain = try read(rows, named: "a.jsonl", ReviewReader.Options(requiresUser: true))
    #expect(plain.reviews.map(\.user) == ["marla", "bo"])
    #expect(plain.reviews.allSatisfy { $0.redacted == nil })
  }

  /// Else the name would tell whether somebody wrote a text that is guessed.
  @Test func aReviewIsNamedAfterWhatIsKeptOfIt() throws {
    let rows = """
      {"user":"marla","text":"Call 555-234-5678"}
      {"user":"marla","text":"Call 555-876-5432"}
      {"user":"bo","text":"Call 555-234-5678"}

      """
    let hidden = try read(rows, named: "a.jsonl", options()).reviews
    #expect(hidden[0].id == hidden[1].id && hidden[0].id != hidden[2].id)
    #expect(hidden.allSatisfy { $0.id == $0.contentID })
    let plain = try read(rows, named: "a.jsonl", ReviewReader.Options(requiresUser: true)).reviews
    #expect(Set((plain + hidden).map(\.id)).count == 5)
  }

  @Test(arguments: [
    #"{"user":"marla","text":5,"mail":"marla\u0040post.example"}"#,
    #"{"user":"marla","text":"marla@post.example"#, #"marla@post.example"#,
    #"{"user":"marla","text":"x","time":"marla@post.example"}"#,
    #"{"text":"marla@post.example"}"#,
  ])
  func rejectedRowsShowNothingPersonal(row: String) throws {
    let redacted = try read(row + "\n", named: "a.jsonl", options(pseudonyms: false)).rejected
    let shown = try #require(redacted.first)
    #expect(shown.raw.count == row.count && shown.raw.contains("[EMAIL"), "\(shown.raw)")
    #expect(!"\(shown)".contains("post.example"), "\(shown)")
    if row.contains("time") { #expect(shown.reason.contains("'time' is '[EMAIL___________]', no")) }
    let hidden = try read(row + "\n", named: "a.jsonl", options()).rejected
    #expect(hidden.first?.raw == "" && hidden.first?.line == 1)
    #expect(!"\(hidden)".contains("marla"), "\(hidden)")
  }

  @Test func bytesAreNotKeptBesideARedactedRow() throws {
    let bytes = Array("{\"text\":\"marla@post.example ".utf8) + [0xFF, 0x0A]
    let plain = try read(bytes, named: "a.jsonl").rejected
    #expect(plain.first?.rawBase64 != nil)
    for pseudonyms in [false, true] {
      let hidden = try read(bytes, named: "a.jsonl", options(pseudonyms: pseudonyms)).rejected
      #expect(hidden.count == 1 && hidden.first?.rawBase64 == nil)
    }
    let user = try read(bytes, named: "a.jsonl", options(redacts: false)).rejected
    #expect(user.first?.raw == "" && user.first?.rawBase64 == nil)
  }

  @Test func whatIsLeftOfALongRowIsNotShown() throws {
    #expect(try options(pseudonyms: false).privacy.shown("card 4111 1111 11", isCut: true) == "")
    #expect(RowPrivacy().shown("card 4111 1111 11", isCut: true) == "card 4111 1111 11")
  }

  @Test func aHeaderThatIsARowOfDataIsNotTold() throws {
    let table = "1,marla@post.example,Fine\n"
    #expect(
      try read(table, named: "a.csv", options(pseudonyms: false)).error
        == "a.csv:1: no column 'text' among '1', '[EMAIL___________]', 'Fine';"
        + " name the text column with --text-field")
    #expect(
      try read(table, named: "a.csv", options()).error
        == "a.csv:1: no column 'text'; name the text column with --text-field")
  }
}
