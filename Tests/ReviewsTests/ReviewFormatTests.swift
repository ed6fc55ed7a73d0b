import Foundation
import Testing

@testable import Reviews

@Suite struct ReviewFormatTests {
  private let review = Review(
    id: "r1", user: "ann", item: "lamp", time: "2024-05-02", text: "Bright, and \"warm\".")

  @Test func jsonLinesGiveEveryField() throws {
    let line =
      #"{"id":"r1","user":"ann","item":"lamp","time":"2024-05-02","stars":{"of":[1,null]},"#
      + #""text":"Bright, and \"warm\"."}"#
    let reading = try read(line + "\n", named: "a.jsonl")
    #expect(reading.reviews == [review])
    #expect(reading.error == nil)
  }

  @Test func csvGivesEveryField() throws {
    let rows = """
      stars,id,user,item,time,text
      5,r1,ann,lamp,2024-05-02,"Bright, and ""warm""."

      """
    #expect(try read(rows, named: "a.csv").reviews == [review])
  }

  @Test func tsvGivesEveryField() throws {
    let rows =
      "id\tuser\titem\ttime\ttext\nr1\tann\tlamp\t2024-05-02\t\"Bright, and \"\"warm\"\".\""
    #expect(try read(rows, named: "a.tsv").reviews == [review])
  }

  @Test func plainTextGivesAReviewALine() throws {
    let reading = try read("  Good. \n\n{\"text\": 1}\n", named: "a.txt")
    #expect(
      reading.reviews == [
        Review(id: "a.txt:1", text: "  Good. "), Review(id: "a.txt:3", text: "{\"text\": 1}"),
      ])
  }

  @Test(arguments: [
    (#"{"nr":7,"who":1.5,"what":true,"body":"Fine."}"# + "\n", "a.jsonl"),
    ("nr,who,body\n7,1.5,Fine.\n", "a.csv"), ("nr\twho\tbody\n7\t1.5\tFine.\n", "a.tsv"),
  ])
  func fieldsAreReadUnderTheNamesTheyHave(contents: String, file: String) throws {
    let options = ReviewReader.Options(textField: "body", idField: "nr", userField: "who")
    #expect(
      try read(contents, named: file, options).reviews
        == [Review(id: "7", user: "1.5", text: "Fine.")])
  }

  @Test(arguments: [
    ("3", "3"), ("-12", "-12"), ("9007199254740993", "9007199254740993"),
    ("18446744073709551616", "18446744073709551616"), ("0.25", "0.25"), (#""x 1""#, "x 1"),
    ("null", "a.jsonl:1"), (#""""#, "a.jsonl:1"),
  ])
  func idsMayBeStringsOrNumbers(json: String, id: String) throws {
    let reading = try read(#"{"id":\#(json),"user":\#(json),"text":"Good"}"#, named: "a.jsonl")
    #expect(reading.reviews.map(\.id) == [id])
    #expect(reading.reviews.first?.user == (id == "a.jsonl:1" ? nil : id))
  }

  @Test func emptyCellsAreAbsent() throws {
    let reading = try read("id,user,item,time,text\n,,,,Good\n", named: "a.csv")
    #expect(reading.reviews == [Review(id: "a.csv:2", text: "Good")])
  }

  @Test(arguments: [
    ("a.jsonl", ReviewReader.Format.jsonl), ("a.ndjson", .jsonl), ("a.JSON", .jsonl),
    ("a.csv", .csv), ("A.B.CSV", .csv), ("a.tsv", .tsv), ("a.txt", .txt), ("a.jsonl.gz", .jsonl),
    ("a.csv.gz", .csv), ("a.tsv.GZ", .tsv), ("a.txt.gz", .txt),
  ])
  func namesTellTheFormat(name: String, format: ReviewReader.Format) throws {
    #expect(ReviewReader.Format(fileName: name) == format)
    #expect(ReviewReader.Format(fileName: "folder.csv/sub/" + name) == format)
    let bytes = name.lowercased().hasSuffix("gz") ? gzip([]) : []
    #expect(try withFile(bytes, named: name) { try ReviewReader(path: $0).format } == format)
  }

  @Test(arguments: ["a", "a.dat", "csv", "-", "a.gz", "reviews.csv/a", "a.csv.zip", ""])
  func otherNamesSayNothing(name: String) {
    #expect(ReviewReader.Format(fileName: name) == nil)
  }

  @Test(arguments: [
    ("{\"text\":\"a\"}\n", ReviewReader.Format.jsonl), ("\n  {\"text\":\"a\"}\n", .jsonl),
    ("id\ttext\n", .tsv), ("id,text\n1,a\n", .csv), ("\"text\",\"id\"\r\n", .csv),
    ("text,id", .csv), ("id,review\n", .txt), ("text\n", .tsv), ("\"text\"\r\n", .tsv),
    ("text \n", .txt), ("A text, and a comma.\n", .txt),
    ("", .txt), ("\n\n", .txt), ("好,text\n", .csv), ("[1]\n", .txt),
  ])
  func firstBytesTellTheFormatWhereTheNameDoesNot(
    contents: String, format: ReviewReader.Format
  ) throws {
    let marked = [0xEF, 0xBB, 0xBF] + Array(contents.utf8)
    for bytes in [Array(contents.utf8), marked, gzip(Array(contents.utf8)), gzip(marked)] {
      try withFile(bytes, named: "a.dat") { path in
        let found = try ReviewReader(path: path).format
        #expect(found == format)
        // Looking ahead takes nothing away.
        let options = ReviewReader.Options(format: format)
        #expect(read(path).texts == read(path, options).texts)
      }
    }
  }

  @Test(arguments: [
    ([0xFF, 0xFE, 0x61, 0x00], "is UTF-16"), ([0xFE, 0xFF, 0x00, 0x61], "is UTF-16"),
    ([0xFD] + Array("7zXZ\0..".utf8), "is packed with xz"),
    (Array("BZh91AY&SY..".utf8), "is packed with bzip2"),
    ([0x28, 0xB5, 0x2F, 0xFD, 0x04], "is packed with zstd"),
    (Array("PK\u{3}\u{4}..".utf8), "is a ZIP archive"),
  ])
  func whatIsNoTextIsRefused(bytes: [UInt8], message: String) throws {
    for name in ["a.dat", "a.csv", "a.jsonl"] {
      try withFile(bytes, named: name) { path in
        #expect(read(path).error?.contains(message) == true)
      }
    }
  }

  /// Taken for one review, all but the first would be lost.
  @Test func linesThatCarriageReturnsEndAreNoOneText() throws {
    let reading = try read("Great.\rAwful.\rFine.\r", named: "a.txt")
    #expect(reading.texts.isEmpty)
    #expect(
      reading.error?.hasSuffix(
        "a.txt:1: carriage returns alone part what it holds; convert it with tr '\\r' '\\n'")
        == true)
  }

  @Test(arguments: ["PK", "PKs are fun\n", "BZh", "[1] sic\n"])
  func whatOnlyBeginsLikeItIsText(contents: String) throws {
    #expect(
      try read(contents, named: "a.dat").texts == [contents.trimmingCharacters(in: .newlines)])
  }

  @Test(arguments: ["[\n{\"text\":\"a\"}\n]\n", "[{\"text\":\"a\"}]\n"])
  func aListOfObjectsIsNoPlainText(contents: String) throws {
    try withFile(Array(contents.utf8), named: "a.dat") { path in
      let format = try ReviewReader(path: path).format
      #expect(format == .jsonl)
    }
  }

  @Test func fieldsThatAreNotThereAreMissed() throws {
    let named = ReviewReader.Options(timeField: "when")
    for (contents, name, message) in [
      ("id,text\n", "a.csv", ":1: no column 'when' among 'id', 'text'; name the columns"),
      ("Good.\n", "a.dat", "reads as plain text, which has no field 'when'; name its format"),
      ("Good.\n", "a.txt", "reads as plain text, which has no field 'when'; name its format"),
    ] {
      try withFile(Array(contents.utf8), named: name) { path in
        #expect(read(path, named).error?.contains(message) == true)
      }
    }
    let columns = ReviewReader.Options(columns: ["id", "text"])
    try withFile(Array("Good.\n".utf8), named: "a.txt") { path in
      #expect(
        read(path, columns).error?.contains("leave out --columns, or give --format csv") == true)
    }
  }

  @Test func quotesAreTextWhereTheOptionsSaySo() throws {
    let rows = "id\ttext\n1\t\"bad phone\n2\tmeh\n3\tthe 5\"\n"
    #expect(try read(rows, named: "a.tsv").texts == ["bad phone\n2\tmeh\n3\tthe 5"])
    let unquoted = ReviewReader.Options(isUnquoted: true)
    #expect(try read(rows, named: "a.tsv", unquoted).texts == ["\"bad phone", "meh", "the 5\""])
  }

  @Test func headersThatNameNoColumnForSureAreRefused() throws {
    for (contents, message) in [
      ("text,user\r\r\nGood,ann\r\r\n", "a column's name holds a carriage return; convert it"),
      ("id,text,stars\r1,good,5\r2,bad,1\r", "a column's name holds a carriage return"),
      ("id,text,id\n1,a,2\n", "two columns are called 'id'; give each a name of its own"),
    ] {
      #expect(try read(contents, named: "a.csv").error?.contains(message) == true, "\(contents)")
    }
  }

  @Test(arguments: [
    ("id\ttext\n1\tGood\n", true), ("{\"text\":\"Good\"}\n", true), ("{sic} good\n", false),
    ("Good, really.\n", false),
  ])
  func plainTextThatBeginsAsRowsIsNoticed(contents: String, isLikely: Bool) throws {
    try withFile(Array(contents.utf8), named: "a.txt") { path in
      let reader = try ReviewReader(path: path)
      #expect(reader.format == .txt && reader.hasLikelyRows == isLikely)
      let given = try ReviewReader(path: path, options: .init(format: .txt))
      #expect(!given.hasLikelyRows)
    }
  }

  @Test func aGivenFormatOverrulesTheName() throws {
    let options = ReviewReader.Options(format: .txt)
    #expect(try read("text,id\n", named: "a.csv", options).texts == ["text,id"])
  }
}
