import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct DelimitedReaderTests {
  @Test(arguments: [
    ("", []),
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]),
    ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
    ("a,\n,b\n,\n", [["a", ""], ["", "b"], ["", ""]]),
    ("a\n\nb\n", [["a"], [""], ["b"]]),
    ("\"a,b\",c\n", [["a,b", "c"]]),
    ("\"he said \"\"yes\"\"\",1\n", [["he said \"yes\"", "1"]]),
    ("\"\"\"\",\"\"\n", [["\"", ""]]),
    ("\"\"\"a\"\"\"\n", [["\"a\""]]),
    ("\"one\ntwo\",3\n4,5\n", [["one\ntwo", "3"], ["4", "5"]]),
    ("\"one\r\ntwo\r\n\",3\r\n4,5\r\n", [["one\r\ntwo\r\n", "3"], ["4", "5"]]),
    ("\"one\n\n\n\"\n", [["one\n\n\n"]]),
    ("\"a\"\"\nb\"\n", [["a\"\nb"]]),
    ("a\rb,c\n", [["a\rb", "c"]]),
    ("a\u{0}b,c\n", [["a\u{0}b", "c"]]),
    ("12\" disk,b\n", [["12\" disk", "b"]]),
    ("\"a\" b,c\n", [["a b", "c"]]),
    ("a, \"b\"\n", [["a", " \"b\""]]),
    ("好,\"🙂,\"\n", [["好", "🙂,"]]),
  ])
  func followsTheRules(text: String, expected: [[String]]) throws {
    for bytes in [Array(text.utf8), gzip(text.utf8)] {
      try withFile(bytes) { path in
        try #expect(
          rows(of: path).map { $0.fields.map { Array($0.utf8) } }
            == expected.map { $0.map { Array($0.utf8) } })
      }
    }
  }

  @Test func rowsKnowTheirLineOffsetAndBytes() throws {
    let text = "\u{FEFF}h,i\r\n\"a\r\nb\",c\r\nlast,\"x\ny\""
    let bytes = Array(text.utf8)
    try withFile(bytes) { path in
      let rows = try rows(of: path)
      #expect(rows.map(\.line) == [1, 2, 4])
      #expect(rows.map(\.byteOffset) == [3, 8, 18])
      #expect(
        rows.map { String(decoding: $0.rawBytes, as: UTF8.self) }
          == ["h,i", "\"a\r\nb\",c", "last,\"x\ny\""])
      for row in rows { #expect(bytes[row.byteOffset...].starts(with: row.rawBytes)) }
    }
  }

  @Test func withoutQuotingAQuoteIsACharacter() throws {
    try withFile("\"a\tb\"\n\"\"\tc \"\n".utf8) { path in
      try #expect(
        rows(of: path, delimiter: UInt8(ascii: "\t"), quoting: false).map(\.fields)
          == [["\"a", "b\""], ["\"\"", "c \""]])
    }
  }

  @Test func textAfterAClosingQuoteIsTold() throws {
    try withFile("\"a\",b\n\"a\"x,b\n\"a\" ,b\n".utf8) { path in
      try #expect(rows(of: path).map(\.isWellQuoted) == [true, false, false])
    }
  }

  @Test func invalidUTF8IsToldAndReplaced() throws {
    try withFile([0x61, 0xFF, 0x2C, 0x62, 0x0A, 0x63, 0x2C, 0x64]) { path in
      let rows = try rows(of: path)
      #expect(rows.map(\.isValidUTF8) == [false, true])
      #expect(rows.map(\.fields) == [["a\u{FFFD}", "b"], ["c", "d"]])
      #expect(rows[0].rawBytes == [0x61, 0xFF, 0x2C, 0x62])
    }
  }

  @Test func unclosedQuoteNamesItsLineAfterTheRowsBeforeIt() throws {
    try withFile("a,b\n1,2\n\"x\ny\",\"open\n3,4\n".utf8) { path in
      var reader = DelimitedReader(try ByteSource(path: path), delimiter: UInt8(ascii: ","))
      try #expect(reader.next()?.fields == ["a", "b"])
      try #expect(reader.next()?.fields == ["1", "2"])
      let error = #expect(throws: FileError.self) { try reader.next() }
      #expect(
        error?.description == "\(path):4: a quote opens here and never closes;"
          + " close it, or double the quotes inside the field")
    }
  }

  @Test func unclosedQuoteDoesNotFillTheMemory() throws {
    let lines = String(repeating: "some text\n", count: 10_000)
    try withFile("a\n\"\(lines)".utf8) { path in
      var reader = DelimitedReader(
        try ByteSource(path: path), delimiter: UInt8(ascii: ","), quoting: true, longest: 5000)
      try #expect(reader.next()?.fields == ["a"])
      let error = #expect(throws: FileError.self) { try reader.next() }
      #expect(error?.description.hasPrefix("\(path):2: a quote opens here") == true)
    }
  }

  @Test func aReaderThatRecoversGivesTheLineOfAnOpenQuoteAndGoesOn() throws {
    let text = "a,b\n\"x\ny\",\"open\r\n3,4\n5,\"\"\n6,7"
    try withFile(text.utf8) { path in
      var reader = DelimitedReader(
        try ByteSource(path: path), delimiter: UInt8(ascii: ","), recovers: true)
      var rows: [DelimitedReader.Row] = []
      while let row = try reader.next() { rows.append(row) }
      #expect(rows.map(\.isClosed) == [true, false, true, true, true])
      #expect(rows.map(\.fields) == [["a", "b"], [], ["3", "4"], ["5", ""], ["6", "7"]])
      #expect(rows.map(\.line) == [1, 2, 4, 5, 6])
      let bytes = Array(text.utf8)
      for row in rows { #expect(bytes[row.byteOffset...].starts(with: row.rawBytes)) }
      #expect(rows[1].rawBytes == Array("\"x\ny\",\"open".utf8))
    }
  }

  @Test func aFieldThatIsTooLongIsAnOpenQuote() throws {
    let lines = String(repeating: "some text\n", count: 10_000)
    try withFile("a\n\"\(lines)\"\nlast\n".utf8) { path in
      var reader = DelimitedReader(
        try ByteSource(path: path), delimiter: UInt8(ascii: ","), quoting: true, recovers: true,
        longest: 5000)
      try #expect(reader.next()?.fields == ["a"])
      let open = try #require(try reader.next())
      #expect(!open.isClosed && open.rawBytes == Array("\"some text".utf8) && open.line == 2)
      var count = 0
      while let row = try reader.next() {
        count += 1
        #expect(row.line == count + 2 || row.fields == ["last"])
      }
      // Every other line of the field, its last one with the quote and what that opens.
      #expect(count >= 10_000)
    }
  }

  @Test func longFieldsAreReadWhole() throws {
    let line = String(repeating: "x", count: 49) + "\n"
    let long = String(repeating: line, count: 100_000)
    for bytes in [Array("a,\"\(long)\"\n1,2\n".utf8), gzip("a,\"\(long)\"\n1,2\n".utf8)] {
      try withFile(bytes) { path in
        let rows = try rows(of: path)
        #expect(rows.count == 2)
        #expect(rows[0].fields[1].utf8.elementsEqual(long.utf8))
        #expect(rows[1].line == 100_002)
      }
    }
  }
}
