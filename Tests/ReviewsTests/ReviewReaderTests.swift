import Files
import Foundation
import TestSupport
import Testing

@testable import Reviews

@Suite struct ReviewReaderTests {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Files and the texts that they hold, whatever their odd bytes.
  private static let oddFiles: [(name: String, bytes: [UInt8], texts: [String])] = [
    ("empty.jsonl", [], []), ("empty.csv", [], []), ("empty.tsv", [], []), ("empty.txt", [], []),
    ("mark.jsonl", mark, []), ("mark.csv", mark, []), ("mark.txt", mark, []),
    ("blank.jsonl", Array("\n \t\n\r\n".utf8), []), ("blank.csv", Array("\n\r\n  \n".utf8), []),
    ("blank.txt", Array("\n \t\n\r\n".utf8), []),
    ("marked.jsonl", mark + Array("{\"text\":\"a\"}\n".utf8), ["a"]),
    ("marked.csv", mark + Array("text,id\na,1\n".utf8), ["a"]),
    ("marked.txt", mark + Array("a\n\u{FEFF}b\n".utf8), ["a", "\u{FEFF}b"]),
    ("windows.jsonl", Array("{\"text\":\"a\"}\r\n\r\n{\"text\":\"b\"}\r\n".utf8), ["a", "b"]),
    ("windows.csv", Array("id,text\r\n1,a\r\n\r\n2,\"b\"\r\n".utf8), ["a", "b"]),
    ("windows.txt", Array("a\r\nb\r\n".utf8), ["a", "b"]),
    ("return.txt", Array("a\rb\nc\r\r\n".utf8), ["a\rb", "c\r"]),
    ("return.csv", Array("id,text\n1,a\rb\n".utf8), ["a\rb"]),
    ("open.jsonl", Array("{\"text\":\"a\"}".utf8), ["a"]),
    ("open.csv", Array("text\na\nb".utf8), ["a", "b"]),
    ("open.txt", Array("a\nb".utf8), ["a", "b"]),
    ("lines.csv", Array("id,text\n1,\"a\nb\r\nc\n\n\"\n2,d\n".utf8), ["a\nb\r\nc\n\n", "d"]),
    ("quotes.csv", Array("text\n\"\"\"a\"\" b\"\na \"b\"\n".utf8), ["\"a\" b", "a \"b\""]),
    ("nul.txt", Array("a\0b\n".utf8), ["a\0b"]), ("nul.csv", Array("text\na\0b\n".utf8), ["a\0b"]),
    ("nul.jsonl", Array("{\"text\":\"a\\u0000b\"}\n".utf8), ["a\0b"]),
    ("emoji.jsonl", Array(#"{"text":"\ud83d\ude00 好"}"#.utf8), ["😀 好"]),
  ]

  @Test(arguments: oddFiles.indices, [false, true])
  func oddFilesAreReadWholePlainAndZipped(index: Int, isZipped: Bool) throws {
    let (name, bytes, texts) = Self.oddFiles[index]
    let reading = try read(
      isZipped ? gzip(bytes) : bytes, named: isZipped ? name + ".gz" : name)
    #expect(reading.texts == texts, "\(name)")
    #expect(reading.rejected.isEmpty, "\(name)")
    #expect(reading.error == nil, "\(name)")
  }

  @Test func longTextsAreReadWhole() throws {
    let text = String(repeating: "long 好 ", count: 5_000_000 / 9)
    for (name, start, end) in [
      ("a.txt", "x\n", "\ny"),
      ("a.jsonl", "{\"text\":\"x\"}\n{\"text\":\"", "\"}\n{\"text\":\"y\"}"),
      ("a.csv", "text\nx\n\"", "\"\ny"),
    ] {
      let bytes = Array((start + text + end).utf8)
      #expect(try read(bytes, named: name).texts == ["x", text, "y"])
      #expect(try read(gzip(bytes), named: name + ".gz").texts == ["x", text, "y"])
    }
  }

  @Test func rowsSayWhereTheyStand() throws {
    let bytes = Self.mark + Array("id,text\n,\"a\nb\"\n\n,好\n7,\n".utf8)
    let reading = try read(bytes, named: "a.csv")
    #expect(reading.reviews.map(\.id) == ["a.csv:2", "a.csv:5"])
    #expect(
      reading.rejected == [
        RejectedRow(
          file: "a.csv", line: 6, byteOffset: 24,
          reason: "empty text; remove the row or name the field with --text-field", raw: "7,")
      ])
    #expect(Array(bytes[24...]) == Array("7,\n".utf8))
  }

  @Test func rejectedRowsAreWrittenUnderTheContractsNames() throws {
    let row = RejectedRow(file: "a", line: 2, byteOffset: 3, reason: "r", raw: "w")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(row)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"byte_offset":3,"file":"a","line":2,"raw":"w","reason":"r"}"#)
    #expect(try JSONDecoder().decode(RejectedRow.self, from: json) == row)
  }

  @Test func tablesWithoutATextColumnNameTheirColumns() throws {
    #expect(
      try read("id,re\nview\n1,a\n", named: "a.csv").error
        == "a.csv:1: no column 'text' among 'id', 're'; name the text column with --text-field")
    #expect(
      try read("\n\"re\nview\"\tText\n", named: "a.tsv").error
        == "a.tsv:2: no column 'text' among 're view', 'Text'; "
        + "name the text column with --text-field")
    let wide = (1...30).map { "c\($0)" }.joined(separator: ",")
    let error = try #require(read(wide, named: "a.csv").error)
    #expect(error.contains("'c20' and 10 more;"))
  }

  @Test func anUnclosedQuoteCostsTheRowsUpToItsLineAndNoMore() throws {
    let reason =
      "a quote opens here and never closes; close it, or double the quotes inside the field"
    let reading = try read("text\na\nb\n\"c\nd\ne\n", named: "a.csv")
    #expect(reading.texts == ["a", "b", "d", "e"])
    #expect(
      reading.rejected == [
        RejectedRow(file: "a.csv", line: 4, byteOffset: 9, reason: reason, raw: "\"c")
      ])
    #expect(reading.error == nil)
    // The quote opens on the second line of a row; the rows after it are read as usual.
    let table = "id,text\n\"1\n2\",\"open\n3,\"fine, then\"\n4,more\n"
    let second = try read(table, named: "a.csv")
    #expect(second.error == nil)
    #expect(second.rejected.map(\.raw) == ["\"1\n2\",\"open\n3,\"fine, then\""])
    #expect(second.texts == ["more"])
    let last = try read("id,text\n\"1\n2\",\"open\n3,fine\n4,more\n", named: "a.csv")
    #expect(last.rejected.map(\.raw) == ["\"1\n2\",\"open"])
    #expect(last.rejected.map(\.line) == [2] && last.reviews.map(\.id) == ["3", "4"])
    #expect(last.rejected.map(\.byteOffset) == [8])
  }

  @Test func aHeaderWithAnUnclosedQuoteIsAnError() throws {
    #expect(
      try read("\"id,text\n1,a\n", named: "a.csv").error
        == "a.csv:1: a quote opens here and never closes; "
        + "close it, or double the quotes inside the field")
  }

  @Test(arguments: [1, 4, 8, 9, 1000, 70_000]) func cutGzipFilesSaySo(missing: Int) throws {
    let text = (1...20_000).map { "review \($0)\n" }.joined()
    let bytes = gzip(Array(text.utf8)).dropLast(missing)
    for name in ["a.txt.gz", "a"] {
      let reading = try read(bytes, named: name)
      let error = try #require(reading.error)
      #expect(error.hasPrefix("\(name): the gzip data are damaged or cut short ("))
      #expect(error.hasSuffix("); copy the file again"))
      #expect(reading.texts.count > 10_000)
      #expect(reading.texts == (1...reading.count).map { "review \($0)" })
    }
  }

  @Test func damagedGzipFilesSaySo() throws {
    var bytes = gzip(Array("a\nb\n".utf8))
    bytes[bytes.count - 6] ^= 1
    #expect(try read(bytes, named: "a.txt.gz").error?.contains("damaged or cut short") == true)
  }

  @Test func foldersAndMissingFilesSaySo() throws {
    try withTemporaryFolder { folder in
      #expect(read(folder.path).error == "\(folder.path): is a folder; name a file in it")
      let missing = folder.path + "/none.csv"
      #expect(
        read(missing).error
          == "\(missing): cannot be read (No such file or directory); check the path")
    }
  }
}
