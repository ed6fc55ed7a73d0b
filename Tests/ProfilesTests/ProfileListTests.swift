import Testing

@testable import Profiles

@Suite struct ProfileListTests {
  private let users = [
    UserSummary(
      user: "ana", reviews: 12, stars: 3, lastTime: "2024-05-02T09:00:00Z",
      topIntent: "return_refund"),
    UserSummary(user: "林小雨", reviews: 4, stars: 2.85, lastTime: "2024-02-19", topIntent: "praise"),
    UserSummary(user: "bo", reviews: 1, stars: 4.5),
  ]

  @Test func setsUsersInColumns() {
    #expect(
      ProfileList(users).description == """
        user    reviews  stars  last seen   top intent
        ana          12    3.0  2024-05-02  return or refund
        林小雨        4    2.9  2024-02-19  praise
        bo            1    4.5  no date     none

        """)
  }

  @Test func nobodyGivesNoTable() {
    #expect(ProfileList([]).description == "")
  }

  @Test func headingIsBoldWhenStyled() {
    let lines = ProfileList(users, styled: true).lines
    #expect(lines[0].hasPrefix("\u{1B}[1muser\u{1B}[0m    "))
    #expect(lines.dropFirst() == ProfileList(users).lines.dropFirst())
  }

  @Test func longNamesKeepToTheTerminal() {
    let long = String(repeating: "客", count: 60)
    let lines = ProfileList([
      UserSummary(user: long, reviews: 123_456_789, stars: 5, lastTime: long, topIntent: long)
    ]).lines
    #expect(lines.allSatisfy { TerminalText.width($0) <= 80 })
  }
}
