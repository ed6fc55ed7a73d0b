import Reviews
import Testing

@testable import Profiles

@Suite struct ProfileTextTests {
  private func text(
    _ glosses: [Gloss], user: String = "ana", styled: Bool = false
  ) -> ProfileText {
    ProfileText(profile(glosses, user: user), styled: styled)
  }

  @Test func rendersAnEnglishProfile() throws {
    #expect(
      text(englishReviews).description == """
        ana
        2023-08-02 to 2024-05-02   English 12

        Writes in English; 12 reviews of 8 items between 2023-08-02 and 2024-05-02; of
        mixed feelings, and less and less so: 3.0 stars (2.6 to 3.5). Unhappy with
        battery life (4); happy with lid (3).

        Stars by month
          2023-08  █████████████████▋  4.4  2 reviews
          2023-10  ████████████▍       3.1  1 review
          2023-11  ███████████████▎    3.8  2 reviews
          2024-02  ███████████████▋    3.9  1 review
          2024-03  ██████              1.5  2 reviews
          2024-04  █████████           2.3  2 reviews
          2024-05  ██████████▎         2.6  2 reviews

        Dislikes
          battery life  ██▏  4 against  performance

        Likes
          lid  ███████▎  3 for

        Also judged
          sound   ████▉   1 for, 1 against  performance
          color   ████▊   1 mention         design
          cord    ███▋    1 against
          handle  ███▋    1 against
          leg     ████▊   1 mention
          light   ██████  1 for
          screen  ██████  1 for             design

        Names
          places         Leeds
          organisations  Brewco (3)
          products       Tunewell 5 (2)

        Wants
          complaint         ███▎  4 reviews  last 2024-05-02
          praise            █▋    2 reviews  last 2023-08-20
          delivery          ▉     1 review   last 2024-05-01
          return or refund  ▉     1 review   last 2024-03-09
          suggestion        ▉     1 review   last 2023-10-05

        Signals
          complains  ███▎  33 %  16 % to 52 %
          has left   ▍      4 %  silent for 0 days

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
      text(chineseReviews, user: "林小雨").description == """
        林小雨
        2024-01-08 to 2024-02-19   Chinese 4

        Writes in Chinese; 4 reviews of 2 items between 2024-01-08 and 2024-02-19; of
        mixed feelings: 3.0 stars (2.3 to 3.7). Unhappy with 客服 (2).

        Stars by month
          2024-01  ███████████████████▎  4.8  1 review
          2024-02  ██████▊               1.7  2 reviews
          and 1 review without a date

        Dislikes
          客服  ███▏  2 against  service

        Also judged
          usb线     █████▎  1 for
          充电速度  ███▋    1 against  performance
          味道      █████▎  1 for      performance

        Names
          places         杭州 (2), 苏州
          organisations  电小二

        Wants
          complaint         ██▍  1 review  last 2024-02-11
          praise            ██▍  1 review  last 2024-01-08
          return or refund  ██▍  1 review  last 2024-02-19

        Signals
          complains  ████▋  47 %  21 % to 73 %
          has left   ██▋    27 %  silent for 0 days

        Latest reviews
          2024-02-19  2.0  negative  充电器  评-3
          2024-02-11  1.4  negative  充电器  评-2
          2024-01-08  4.8  positive  茶壶    评-1
          no date     3.0  neutral           评-4

        """)
  }

  @Test func claimsNothingFromTwoReviews() throws {
    #expect(
      text(Array(englishReviews.prefix(2))).description == """
        ana
        2023-08-02 to 2023-08-20   English 2

        Writes in English; 2 reviews of 2 items between 2023-08-02 and 2023-08-20; too
        few to say much.

        Latest reviews
          2023-08-20  4.2  positive  LAMP-7    r-02
          2023-08-02  4.6  positive  KETTLE-1  r-01

        """)
  }

  @Test func onlyWhatIsSureIsCalledATrend() {
    func paragraph(_ before: [Double], _ since: [Double]) -> String {
      func glosses(_ stars: [Double], _ month: String) -> [Gloss] {
        stars.enumerated().map { day, stars in
          gloss("\(month) \(day)", time: "\(month)-0\(day + 1)", stars: stars)
        }
      }
      return ProfileSummary.text(
        of: profile(glosses(before, "2023-01") + glosses(since, "2024-06")))
    }
    #expect(paragraph([5, 5, 5, 5, 5], [1, 1, 1, 1, 1]).contains("and less and less so: "))
    #expect(!paragraph([5, 2, 4], [4, 1, 3]).contains("less and less"))
    #expect(!paragraph([5, 4], [3]).contains("less and less"))
  }

  @Test func reviewsThatDoNotCountAreSaid() {
    func paragraph(_ unclear: Int) -> String {
      let glosses = (0..<5).map { index in
        var gloss = gloss("r-\(index)")
        gloss.abstained = index < unclear ? true : nil
        return gloss
      }
      return ProfileSummary.text(of: profile(glosses))
    }
    #expect(paragraph(1).contains("One of them is too unclear to count."))
    #expect(paragraph(2).contains("2 of them are too unclear to count."))
    #expect(!paragraph(0).contains("unclear"))
  }

  @Test func oneMentionIsNoStance() {
    let glosses = [gloss("r-1", [aspect("lid")]), gloss("r-2"), gloss("r-3")]
    let lines = text(glosses).lines
    #expect(!lines.contains("Dislikes"))
    #expect(lines.contains { $0.hasPrefix("  lid  ") && $0.hasSuffix("1 against") })
  }

  @Test func quotesSayWhatWasSaidLast() throws {
    let long = String(repeating: "word ", count: 60)
    let reason = Reason(
      source: "reviews", review: "r-12", user: "ana", time: "2024-05-02T09:00:00Z", stars: 2.2,
      confidence: 0.9, model: "m", sentence: "The lid\u{1B}[2J leaks. " + long)
    let lines = ProfileText(profile(englishReviews), quotes: [reason]).lines
    #expect(
      lines.contains(
        "  2024-05-02  2.2  The lid\u{FFFD}[2J leaks. word word word word word word word word"))
    let start = try #require(lines.firstIndex(of: "Said last"))
    #expect(lines[start + 3].hasSuffix("word…"))
    // The text of the others is not kept.
    #expect(lines[start + 4] == "  2024-05-01  2.9  (r-11)")
    #expect(lines.count == start + 8)
    #expect(!lines.contains("Latest reviews"))
    #expect(lines.allSatisfy { TerminalText.width($0) <= 80 })
  }

  @Test func namesEveryLanguageButTheUnclearOne() throws {
    let glosses = [
      gloss("1", time: "2024-01-01", language: "zh"), gloss("2", language: "en"),
      gloss("3", language: "en"), gloss("4", language: "und"),
    ]
    let lines = text(glosses).lines
    #expect(lines[1] == "2024-01-01   English 2, no clear language 1, Chinese 1")
    #expect(lines[3].hasPrefix("Writes in English and Chinese; 4 reviews on 2024-01-01; mostly"))
  }

  @Test(arguments: [(12, "month", 12), (13, "quarter", 5), (36, "quarter", 12), (37, "year", 4)])
  func gathersMonthsIntoAtMostTwelveRows(months: Int, unit: String, rows: Int) throws {
    let glosses = (0..<months).map { index in
      let month = 12 - index % 12
      return gloss(
        "r-\(index)", time: "\(2024 - index / 12)-\(month < 10 ? "0" : "")\(month)-15")
    }
    let profile = profile(glosses)
    let periods = try #require(StarPeriods.rows(profile.sentiment.months))
    #expect(periods.unit == unit)
    #expect(periods.periods.count == rows)
    #expect(periods.periods.reduce(0) { $0 + $1.reviews } == months)
  }

  @Test func saysHowManyOlderReviewsAreNotShown() throws {
    let glosses = (1990...2024).flatMap { year in
      ["01", "04", "07", "10"].map { gloss("\(year)-\($0)", time: "\(year)-\($0)-15") }
    }
    let lines = text(glosses).lines
    #expect(lines.contains("Stars by year"))
    #expect(lines.contains("  2013  ██████████████████  4.5  4 reviews"))
    #expect(lines.contains("  and 92 older reviews"))  // 1990 to 2012
  }

  @Test func stylesOnlyWhenAsked() throws {
    let plain = text(englishReviews).description
    let styled = text(englishReviews, styled: true).description
    #expect(!plain.contains("\u{1B}"))
    #expect(styled.hasPrefix("\u{1B}[1mana\u{1B}[0m\n"))
    #expect(styled.contains("\n  \u{1B}[31mbattery life\u{1B}[0m  \u{1B}[31m"))
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
        let lines = text(glosses, user: long, styled: styled).lines
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
