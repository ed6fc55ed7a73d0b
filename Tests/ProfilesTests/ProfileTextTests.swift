import Reviews
import Testing

@testable import Profiles

@Suite struct ProfileTextTests {
  private func text(
    _ glosses: [Gloss], user: String = "ana", styled: Bool = false
  ) throws -> ProfileText {
    ProfileText(try #require(Profile(user: user, glosses: glosses)), styled: styled)
  }

  @Test func rendersAnEnglishProfile() throws {
    #expect(
      try text(englishReviews).description == """
        ana
        2023-08-02 to 2024-05-02   English 12

        Writes in English; 12 reviews of 8 items between 2023-08-02 and 2024-05-02;
        mostly unhappy lately: 2.1 stars from 2024-03 to 2024-05 against 3.9 before.
        Unhappy most often with battery life (3 reviews); happy most often with lid (3
        reviews). Most frequent intent: complaint, in 4 of 12 reviews.

        Stars by month
          2023-08  █████████████████▋  4.4  2 reviews
          2023-10  ████████████▍       3.1  1 review
          2023-11  ███████████████▎    3.8  2 reviews
          2024-02  ███████████████▋    3.9  1 review
          2024-03  ██████              1.5  2 reviews
          2024-04  █████████           2.3  2 reviews
          2024-05  ██████████▎         2.6  2 reviews

        Unhappy with
          battery life  4 of 4  r-07, r-08, r-10
          cord          1 of 1  r-03
          handle        1 of 1  r-12

        Happy with
          lid     3 of 3  r-01, r-03, r-04
          light   1 of 1  r-02
          screen  1 of 1  r-10

        Divided about
          sound  1 for, 1 against  r-06

        Names
          places         Leeds
          organisations  Brewco (3)
          products       Tunewell 5 (2)

        Wants
          complaint         4 reviews  last 2024-05-02
          praise            2 reviews  last 2023-08-20
          delivery          1 review   last 2024-05-01
          return or refund  1 review   last 2024-03-09
          suggestion        1 review   last 2023-10-05

        Latest reviews
          2024-05-02  2.2  negative  MUG-5    r-12
          2024-05-01  2.9  neutral   SHELF-8  r-11
          2024-04-22  1.5  negative  PHONE-9  r-10
          2024-04-14  3.0  neutral   CASE-4   r-09
          2024-03-09  1.2  negative  PHONE-9  r-08

        """)
  }

  @Test func rendersAChineseProfile() throws {
    #expect(
      try text(chineseReviews, user: "林小雨").description == """
        林小雨
        2024-01-08 to 2024-02-19   Chinese 4

        Writes in Chinese; 4 reviews of 2 items between 2024-01-08 and 2024-02-19; of
        mixed feelings: 2.8 stars on average.

        Stars by month
          2024-01  ███████████████████▎  4.8  1 review
          2024-02  ██████▊               1.7  2 reviews
          and 1 review without a date

        Unhappy with
          客服      2 of 2  评-2, 评-3
          充电速度  1 of 1  评-2

        Happy with
          味道      1 of 1  评-1
          ｕｓｂ线  1 of 1  评-3

        Names
          places         杭州 (2), 苏州
          organisations  电小二

        Wants
          complaint         1 review  last 2024-02-11
          praise            1 review  last 2024-01-08
          return or refund  1 review  last 2024-02-19

        Latest reviews
          2024-02-19  2.0  negative  充电器  评-3
          2024-02-11  1.4  negative  充电器  评-2
          2024-01-08  4.8  positive  茶壶    评-1
          no date     3.0  neutral           评-4

        """)
  }

  @Test func claimsNothingFromTwoReviews() throws {
    #expect(
      try text(Array(englishReviews.prefix(2))).description == """
        ana
        2023-08-02 to 2023-08-20   English 2

        Writes in English; 2 reviews of 2 items between 2023-08-02 and 2023-08-20; too
        few to say more.

        Latest reviews
          2023-08-20  4.2  positive  LAMP-7    r-02
          2023-08-02  4.6  positive  KETTLE-1  r-01

        """)
  }

  @Test func sayingLatelyTakesThreeReviewsOnEachSide() throws {
    let before = (1...3).map { gloss("a\($0)", time: "2023-01-0\($0)", stars: 4.5) }
    let since = (1...3).map { gloss("b\($0)", time: "2024-06-0\($0)", stars: 1.5) }
    func paragraph(_ glosses: [Gloss]) throws -> String {
      ProfileSummary.text(of: try #require(Profile(user: "ana", glosses: glosses)))
    }
    #expect(
      try paragraph(before + since).hasSuffix(
        "mostly unhappy lately: 1.5 stars from 2024-04 to 2024-06 against 4.5 before."))
    #expect(try paragraph(before + since.prefix(2)).hasSuffix("feelings: 3.3 stars on average."))
    #expect(try paragraph(before.dropLast() + since).hasSuffix(" 2.7 stars on average."))
    #expect(try paragraph(before).hasSuffix("mostly happy: 4.5 stars on average."))
  }

  @Test func threeMentionsInOneReviewAreNoHabit() throws {
    let glosses = [
      gloss("r-1", [aspect("lid"), aspect("lid"), aspect("lid")]), gloss("r-2"), gloss("r-3"),
    ]
    let lines = try text(glosses).lines
    #expect(!lines.contains { $0.contains("most often") })
    #expect(lines.contains("  lid  3 of 3  r-1"))
  }

  @Test func namesEveryLanguageButTheUnclearOne() throws {
    let glosses = [
      gloss("1", time: "2024-01-01", language: "zh"), gloss("2", language: "en"),
      gloss("3", language: "en"), gloss("4", language: "und"),
    ]
    let lines = try text(glosses).lines
    #expect(lines[1] == "2024-01-01   English 2, no clear language 1, Chinese 1")
    #expect(lines[3].hasPrefix("Writes in English and Chinese; 4 reviews on 2024-01-01; mostly"))
  }

  @Test(arguments: [(12, "month", 12), (13, "quarter", 5), (36, "quarter", 12), (37, "year", 4)])
  func gathersMonthsIntoAtMostTwelveRows(months: Int, unit: String, rows: Int) throws {
    let glosses = (0..<months).map { index in
      gloss("r-\(index)", time: TimeText.month("2024-12", minus: index))
    }
    let profile = try #require(Profile(user: "ana", glosses: glosses))
    let periods = try #require(StarPeriods.rows(profile.sentiment.months))
    #expect(periods.unit == unit)
    #expect(periods.periods.count == rows)
    #expect(periods.periods.reduce(0) { $0 + $1.reviews } == months)
  }

  @Test func saysHowManyOlderReviewsAreNotShown() throws {
    let glosses = (1990...2024).flatMap { year in
      ["01", "04", "07", "10"].map { gloss("\(year)-\($0)", time: "\(year)-\($0)-15") }
    }
    let lines = try text(glosses).lines
    #expect(lines.contains("Stars by year"))
    #expect(lines.contains("  2013  ██████████████████  4.5  4 reviews"))
    #expect(lines.contains("  and 92 older reviews"))  // 1990 to 2012
  }

  @Test func stylesOnlyWhenAsked() throws {
    let plain = try text(englishReviews).description
    let styled = try text(englishReviews, styled: true).description
    #expect(!plain.contains("\u{1B}"))
    #expect(styled.hasPrefix("\u{1B}[1mana\u{1B}[0m\n"))
    #expect(styled.contains("  \u{1B}[31mhandle\u{1B}[0m        1 of 1  \u{1B}[2mr-12\u{1B}[0m\n"))
    #expect(styled.replacing(/\u{1B}\[\d+m/, with: "") == plain)
  }

  @Test(arguments: ["x", "充电", "👩‍👩‍👧‍👦", "a b ", "e\u{301}", "\u{1B}[2J", "\n", "한"])
  func noLineIsWiderThanTheTerminal(piece: String) throws {
    let long = String(repeating: piece, count: 90)
    var glosses = (10..<40).map { index in
      gloss(
        long + "\(index)", user: long, item: long, time: long, language: long + "\(index % 20)",
        [aspect(long + "\(index % 15)"), aspect(long, .positive), name(long, long)]
          + (0..<20).map { name("PER", piece + "\($0)") }, intents: [long + "\(index)"])
    }
    for styled in [false, true] {
      for _ in 0...1 {
        let lines = try text(glosses, user: long, styled: styled).lines
        for line in lines {
          let plain = line.replacing(/\u{1B}\[\d+m/, with: "")
          #expect(TerminalText.width(plain) <= 80, "\(plain)")
          #expect(!plain.hasSuffix(" "))
          #expect(!plain.contains("\u{1B}") && !plain.contains("\n"))
        }
        glosses = Array(glosses.prefix(2))
      }
    }
  }
}
