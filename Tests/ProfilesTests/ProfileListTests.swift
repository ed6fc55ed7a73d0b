import Reviews
import Testing

@testable import Profiles

@Suite struct ProfileListTests {
  private var profiles: [Profile] {
    let glosses =
      englishReviews + chineseReviews + [gloss("x", user: "bo", stars: 4.5, intents: ["praise"])]
    return ["ana", "林小雨", "bo"].map { profile(glosses, user: $0) }
  }

  @Test func setsUsersInColumns() {
    #expect(
      ProfileList(profiles).description == """
        user    reviews  stars  trend    last seen   left  wants
        ana          12    3.0  falling  2024-05-02   5 %  complaint
        林小雨        4    3.0  falling  2024-02-19  53 %  complaint
        bo            1    3.4           no date     18 %  praise

        """)
  }

  @Test func ofSomebodyWithoutReviewsNothingIsSupposed() throws {
    let silent = profile([], user: "cy")
    #expect(
      ProfileList([silent]).lines.last.map { $0.split(separator: " ") } == [
        "cy", "0", "no", "date",
      ])
    for condition in ["stars > 0", "churn > 0", "complaint > 0", "stars.low > 0"] {
      #expect(try !ProfileFilter(condition).matches(silent), "\(condition)")
    }
    #expect(try ProfileFilter("reviews = 0").matches(silent))
  }

  @Test func nobodyGivesNoTable() {
    #expect(ProfileList([]).description == "")
  }

  @Test func headingIsBoldWhenStyled() {
    let lines = ProfileList(profiles, styled: true).lines
    #expect(lines[0].hasPrefix("\u{1B}[1muser\u{1B}[0m    "))
    #expect(lines.dropFirst() == ProfileList(profiles).lines.dropFirst())
  }

  @Test func longNamesKeepToTheTerminal() {
    let long = String(repeating: "客", count: 60)
    let profile = profile([gloss("r-1", user: long, time: long, intents: [long])], user: long)
    #expect(ProfileList([profile]).lines.allSatisfy { TerminalText.width($0) <= 80 })
  }

  @Test func tableQuotesWhatNeedsIt() {
    let profile = profile([gloss("r-1", user: "a,\"b\"\n=c", [aspect("lid")])], user: "a,\"b\"\n=c")
    let row = ProfileTable.row(profile)
    #expect(row.hasPrefix("\"a,\"\"b\"\"\n=c\",1,0,0,,,en,"))
    let columns = ProfileTable.header.split(separator: ",").count
    #expect(
      row.dropFirst(13).split(separator: ",", omittingEmptySubsequences: false).count
        == columns - 1)
    // A spreadsheet would run it.
    let formula = gloss("r-1", user: "=1+1")
    #expect(ProfileTable.row(ofOne(formula)).hasPrefix("'=1+1,"))
  }

  @Test func tableSaysNothingOfWhoWroteNothing() {
    let ana = gloss("r-1", time: "2024-05-02", stars: 1, intents: ["complaint"])
    let silent = profile([ana], user: "onlycrm")
    #expect(
      ProfileTable.row(silent) == "onlycrm" + ",0,0,0" + String(repeating: ",", count: 17) + "\n")
  }

  private func ofOne(_ gloss: Gloss) -> Profile { profile([gloss], user: gloss.user ?? "") }

  @Test func accentsHideNoCommaAndNoQuote() {
    let columns = ProfileTable.header.split(separator: ",").count
    let row = ProfileTable.row(ofOne(gloss("r-1", user: "x,\u{301}y")))
    #expect(row.hasPrefix("\"x,\u{301}y\",1,"))
    #expect(row.utf8.count { $0 == UInt8(ascii: ",") } == columns)
    #expect(
      ProfileTable.row(ofOne(gloss("r-1", user: "q\"\u{301}"))).utf8.starts(with: "\"q\"\"".utf8))
    #expect(ProfileTable.row(ofOne(gloss("r-1", user: "=\u{301}c"))).utf8.starts(with: "'=".utf8))
  }
}
