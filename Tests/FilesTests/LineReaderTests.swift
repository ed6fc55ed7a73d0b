import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct LineReaderTests {
  @Test(arguments: [
    ("", []),
    ("\n", [""]),
    ("a", ["a"]),
    ("a\n", ["a"]),
    ("a\nb", ["a", "b"]),
    ("a\r\nb\r\n", ["a", "b"]),
    ("a\n\n\nb\n", ["a", "", "", "b"]),
    ("a\rb\r\n\rc\n", ["a\rb", "\rc"]),
    ("a\r", ["a\r"]),
    ("a\r\r\n", ["a\r"]),
    ("\r\n", [""]),
    ("\u{FEFF}a\n", ["a"]),
    ("\u{FEFF}", []),
    ("\u{FEFF}\n", [""]),
    ("a\n\u{FEFF}b\n", ["a", "\u{FEFF}b"]),
    ("a\u{0}b\n\u{0}\n", ["a\u{0}b", "\u{0}"]),
    ("a\u{2028}b\u{85}c\n", ["a\u{2028}b\u{85}c"]),
    ("好\n🙂\n", ["好", "🙂"]),
  ])
  func cutsAtLineEndsOnly(text: String, expected: [String]) throws {
    for bytes in [Array(text.utf8), gzip(text.utf8)] {
      try withFile(bytes) { path in
        let lines = try lines(of: path)
        // Bytes, because strings that differ in their scalars may be equal.
        #expect(lines.map(\.bytes) == expected.map { Array($0.utf8) })
        #expect(lines.map(\.number) == Array(1..<(expected.count + 1)))
      }
    }
  }

  @Test func offsetsPointAtTheLines() throws {
    let bytes = Array("\u{FEFF}one\r\n\n好\nlast".utf8)
    try withFile(bytes) { path in
      for line in try lines(of: path) {
        #expect(bytes[line.byteOffset...].starts(with: line.bytes))
      }
      try #expect(lines(of: path).map(\.byteOffset) == [3, 8, 9, 13])
    }
  }

  @Test func invalidUTF8IsToldAndReplaced() throws {
    try withFile([0x61, 0xFF, 0x0A, 0x62, 0x0A, 0xE5, 0xA5, 0x0A]) { path in
      let lines = try lines(of: path)
      #expect(lines.map(\.isValidUTF8) == [false, true, false])
      #expect(lines.map(\.text) == ["a\u{FFFD}", "b", "\u{FFFD}"])
    }
  }

  @Test func longLinesAreReadWhole() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)
    let bytes = Array("first\n".utf8) + long + Array("\r\nlast\n".utf8)
    for bytes in [bytes, gzip(bytes)] {
      try withFile(bytes) { path in
        let lines = try lines(of: path)
        #expect(lines.map(\.bytes.count) == [5, 5_000_000, 4])
        #expect(lines[1].bytes == long)
        #expect(lines[2].byteOffset == 5_000_008)
      }
    }
  }

  /// The reader's own buffer ends at 128 KiB; ends of lines fall before, on and after it.
  @Test(arguments: -3...3) func lineEndsOnTheEdgeOfABufferAreFound(shift: Int) throws {
    let first = [UInt8](repeating: UInt8(ascii: "x"), count: (1 << 17) + shift)
    try withFile(first + Array("\r\nlast\r\n".utf8)) { path in
      let lines = try lines(of: path)
      #expect(lines.map(\.bytes) == [first, Array("last".utf8)])
    }
  }

  @Test func lineWithoutEndDoesNotFillTheMemory() throws {
    try withFile("short\n".utf8 + [UInt8](repeating: 0, count: 300_000)) { path in
      var reader = LineReader(try ByteSource(path: path), longest: 1000)
      try #expect(reader.next()?.text == "short")
      let error = #expect(throws: FileError.self) { try reader.next() }
      #expect(
        error?.description == "\(path):2: the line is longer than 1000 bytes;"
          + " split it, or check that the file is text")
    }
  }

  @Test func aReaderThatRecoversGoesOnAfterALineThatIsTooLong() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 400_000)
    let bytes = Array("first\n".utf8) + long + Array("\nlast".utf8)
    for bytes in [bytes, gzip(bytes)] {
      try withFile(bytes) { path in
        var reader = LineReader(try ByteSource(path: path), recovers: true, longest: 1000)
        try #expect(reader.next()?.text == "first")
        let cut = try #require(try reader.next())
        #expect(cut.cutLength == 400_001 && cut.bytes.count == LineReader.keptBytes)
        let last = try #require(try reader.next())
        #expect(last.text == "last" && last.number == 3 && last.byteOffset == 400_007)
        try #expect(reader.next() == nil)
      }
    }
  }

  @Test func linesOfAPipeComeAsTheyAreWritten() throws {
    let pipe = Pipe()
    func put(_ text: String) { pipe.fileHandleForWriting.write(Data(text.utf8)) }
    put("one\ntw")
    var reader = LineReader(
      try ByteSource(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"))
    #expect(!reader.waits)
    try #expect(reader.next()?.text == "one")
    #expect(reader.waits)
    put("o\nthree\n")
    #expect(!reader.waits)
    try #expect(reader.next()?.text == "two")
    #expect(!reader.waits)
    try #expect(reader.next()?.text == "three")
    #expect(reader.waits)
  }

  @Test func aWaitThatIsCancelledIsAnError() throws {
    let pipe = Pipe()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    var reader = LineReader(try ByteSource(path: path, isCancelled: { true }))
    let error = #expect(throws: FileError.self) { try reader.next() }
    #expect(error?.description.contains("Interrupted system call") == true)
    try pipe.fileHandleForWriting.close()
  }

  @Test func linesBeforeDamageAreDelivered() throws {
    let text = (1...20_000).map { "line \($0)\n" }.joined()
    try withFile(gzip(text.utf8).dropLast(1000), name: "cut.gz") { path in
      var reader = LineReader(try ByteSource(path: path))
      var count = 0
      #expect(throws: FileError.self) {
        while let line = try reader.next() {
          count += 1
          #expect(line.text == "line \(count)")
        }
      }
      #expect(count > 19_000)
    }
  }
}
