import Foundation
import TestSupport
import Testing

/// What somebody meets who has just begun: files that are not quite as gloss takes them, and stores
/// that do not hold what was meant.
@Suite struct FirstUseTests {
  private func write(_ text: String, to name: String, in folder: URL) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func aTableThatIsReadAsTextIsTold() throws {
    let table = try Program.run("classify", "-", input: "review_id;customer;text\n1;ann;good\n")
    #expect(table.status == 0 && table.lines.count == 2)
    #expect(table.messages.contains("<stdin>: read as plain text, a review a line, though"))
    // Also where it is not read to its end.
    let start = try Program.run(
      "classify", "-", "--limit", "1", input: "review_id;customer;text\n1;ann;good\n")
    #expect(start.messages.contains("<stdin>: read as plain text, a review a line, though"))
    for text in ["Good, but not cheap.\nBad.\n", "good\nbad\n"] {
      let result = try Program.run("classify", "-", input: text)
      #expect(result.status == 0 && !result.messages.contains("read as plain text"))
    }
  }

  @Test func aHeaderBesideColumnsIsNoReview() throws {
    try withTemporaryFolder { folder in
      let file = try write("id,text\n1,good\nid,text\n", to: "a.csv", in: folder)
      let result = try Program.run("classify", file, "--columns", "id,text")
      // A row of these words further down is one.
      #expect(result.lines.count == 2 && result.lines[0].hasPrefix("{\"id\":\"1\""))
    }
  }

  @Test(arguments: [
    ("a.csv", "id;text\n1;good\n", "it looks parted by ';': save it with commas"),
    ("a.csv", "id|text\n1|good\n", "it looks parted by '|': save it with commas"),
    ("a.csv", "id\ttext\n1\tgood\n", "it looks parted by tabs: give --format tsv"),
    ("a.tsv", "id,text\n1,good\n", "it looks parted by commas: give --format csv"),
    ("a.csv", "i\0d\0,\0t\0e\0x\0t\0\n\0", "it looks like UTF-16: convert it"),
    ("a.csv", "id,text\r1,good\r2,bad", "its lines end with carriage returns: convert it"),
  ])
  func aHeaderOfAnotherKindOfFileIsKnown(name: String, text: String, remedy: String) throws {
    try withTemporaryFolder { folder in
      let result = try Program.run("classify", try write(text, to: name, in: folder))
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.messages.contains(remedy), "\(result.messages)")
    }
  }

  @Test func aFileInAnotherEncodingIsTold() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.csv")
      // 评论 and 很好 in GB18030.
      try Data([0xC6, 0xC0, 0xC2, 0xDB, 0x0A, 0xBA, 0xDC, 0xBA, 0xC3, 0x0A]).write(to: url)
      let result = try Program.run("classify", url.path, "--text-field", "评论")
      #expect(result.status == 2)
      #expect(result.messages.contains("iconv -f GB18030 -t UTF-8"), "\(result.messages)")
    }
  }

  @Test func anEmptyPartIsNotAnnounced() throws {
    try withTemporaryFolder { folder in
      let file = try write("id;text\n1;good\n", to: "a.csv", in: folder)
      let result = try Program.run("classify", file, "--out", folder.path + "/out.jsonl")
      #expect(result.status == 2 && !result.messages.contains("--resume"), "\(result.messages)")
    }
  }

  @Test func aReviewThatBecomesAnothersIsTold() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      func annotate(_ user: String, _ options: String...) throws -> String {
        let row = #"{"id":"1","user":"\#(user)","text":"good"}"# + "\n"
        let result = try Program.run(
          ["annotate", "-", "--store", store] + options, input: Data(row.utf8))
        #expect(result.status == 0, "\(result.messages)")
        return result.messages
      }
      let messages = [
        try annotate("ann"), try annotate("cat"), try annotate("cat"),
        try annotate("ann", "--source", "january"),
      ]
      let told = "1 of the replaced reviews had been another user's"
      #expect(messages.map { $0.contains(told) } == [false, true, false, false], "\(messages)")
    }
  }

  @Test func reviewsWithoutTextsAreNotReadAgainInSilence() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      let row = Data(#"{"id":"1","user":"ann","text":"good"}"#.utf8)
      let first = try Program.run(["annotate", "-", "--store", store, "--no-text"], input: row)
      #expect(first.status == 0)
      let again = try Program.run(
        "annotate", "--refresh", "--store", store, "--min-confidence", "0.99")
      #expect(again.status == 0)
      #expect(again.messages.contains("0 reviews read again"))
      #expect(again.messages.contains("1 reviews have no text here and stay"), "\(again.messages)")
    }
  }

  @Test func aDayThatIsYetToComeIsTold() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      let rows = """
        {"id":"1","user":"ann","time":"2020-01-01","text":"good"}
        {"id":"2","user":"typo","time":"9062-07-01","text":"good"}
        """
      _ = try Program.run(["annotate", "-", "--store", store], input: Data(rows.utf8))
      for command in [["list"], ["show", "ann"]] {
        let told = try Program.run(["profile"] + command + ["--store", store])
        #expect(told.messages.contains("the last review is of 9062-07-01, which is yet to come"))
        let asked = try Program.run(
          ["profile"] + command + ["--store", store, "--as-of", "2020-02-01"])
        #expect(asked.status == 0 && asked.messages.isEmpty, "\(asked.messages)")
      }
    }
  }

  @Test func aConditionOnNoIntentIsRefusedAndNobodyIsTold() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      let row = Data(#"{"id":"1","user":"ann","text":"good"}"#.utf8)
      _ = try Program.run(["annotate", "-", "--store", store], input: row)
      func list(_ condition: String) throws -> Program.Result {
        try Program.run("profile", "list", "--store", store, "--where", condition)
      }
      let misspelt = try list("intent.sugestion > 0.1")
      #expect(
        misspelt.status != 0 && misspelt.messages.contains("'intent.sugestion' is of no intent"))
      let nobody = try list("stars > 5 AND reviews >= 1")
      #expect(nobody.status == 0 && nobody.output.isEmpty)
      #expect(nobody.messages.contains("no user is such"), "\(nobody.messages)")
    }
  }
}
