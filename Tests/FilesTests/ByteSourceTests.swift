import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct ByteSourceTests {
  @Test(arguments: [1, 2, 3, 7, 1 << 17]) func latin1BecomesUTF8(size: Int) throws {
    let bytes = (0...255).map { UInt8($0) }
    let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    for file in [bytes, gzip(bytes)] {
      try withFile(file) { path in
        let source = try ByteSource(path: path, isLatin1: true)
        var read: [UInt8] = try source.peek(3)
        read = []
        while case let part = try source.read(upTo: size), !part.isEmpty {
          #expect(part.count <= size)
          read += part
        }
        #expect(read == Array(text.utf8))
      }
    }
  }

  static let text = Array("One line.\nAnother line.\n".utf8)

  @Test(arguments: [1, 7, 24, 1 << 16]) func givesAllBytesInAnyParts(size: Int) throws {
    for bytes in [Self.text, gzip(Self.text)] {
      try withFile(bytes) { path in
        let source = try ByteSource(path: path)
        var read: [UInt8] = []
        while case let part = try source.read(upTo: size), !part.isEmpty {
          #expect(part.count <= size)
          read.append(contentsOf: part)
        }
        #expect(read == Self.text)
        try #expect(source.read(upTo: size) == [])
      }
    }
  }

  @Test func peekedBytesStayToBeRead() throws {
    try withFile(Self.text) { path in
      let source = try ByteSource(path: path)
      try #expect(source.peek(3) == Array("One".utf8))
      try #expect(source.peek(8) == Array("One line".utf8))
      try #expect(source.read(upTo: 4) == Array("One ".utf8))
      try #expect(source.peek(1000) == Array(Self.text.dropFirst(4)))
      try #expect(source.read(upTo: 1000) == Array(Self.text.dropFirst(4)))
      try #expect(source.peek(1) == [])
    }
  }

  /// Made by `gzip.compress(b"good, very good\n" * 1000, mtime=0)` of Python 3.
  @Test func compressedDataAreUnpacked() throws {
    let packed =
      "H4sIAAAAAAACA+3HMQ0AIAwAsB8VE4AsyM4lHCS4Bx/0a7Nq9NhzncjHlu7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u"
      + "7u7v7lLxoOp2OAPgAA"
    let expected = Array(String(repeating: "good, very good\n", count: 1000).utf8)
    try withFile(try #require(Data(base64Encoded: packed))) { path in
      try #expect(ByteSource(path: path).read(upTo: 20_000) == expected)
    }
  }

  @Test func severalGzipMembersAreReadAsOne() throws {
    try withFile(gzip(Self.text) + gzip(Self.text)) { path in
      try #expect(ByteSource(path: path).read(upTo: 1000) == Self.text + Self.text)
    }
  }

  @Test func zerosAfterAGzipFileAreFillingAndAnythingElseIsDamage() throws {
    try withFile(gzip(Self.text) + [UInt8](repeating: 0, count: 300_000)) { path in
      let source = try ByteSource(path: path)
      try #expect(source.read(upTo: 1000) == Self.text)
      try #expect(source.read(upTo: 1000) == [])
    }
    try withFile(gzip(Self.text) + Array("plain\n".utf8)) { path in
      let source = try ByteSource(path: path)
      try #expect(source.read(upTo: 1000) == Self.text)
      let error = #expect(throws: FileError.self) { try source.read(upTo: 1000) }
      #expect(error?.description.contains("(bytes follow that are no gzip data)") == true)
    }
  }

  @Test func emptyGzipFileHoldsNoBytes() throws {
    try withFile(gzip([]), name: "a.gz") { path in
      try #expect(ByteSource(path: path).read(upTo: 10) == [])
    }
  }

  @Test func emptyFileHoldsNoBytes() throws {
    try withFile([]) { path in try #expect(ByteSource(path: path).read(upTo: 10) == []) }
  }

  /// Every length but the full one, so the header, the data and the trailer are all cut.
  @Test func everyCutOfAGzipFileIsAnError() throws {
    let whole = gzip(Self.text)
    for length in 0..<whole.count {
      try withFile(whole.prefix(length), name: "cut.gz") { path in
        let error = #expect(throws: FileError.self, "cut to \(length)") {
          let source = try ByteSource(path: path)
          while try !source.read(upTo: 5).isEmpty {}
        }
        let message = error?.description ?? ""
        #expect(message.hasPrefix("\(path): the gzip data are damaged or cut short ("))
        #expect(message.hasSuffix("); copy the file again") && !message.contains("\n"))
      }
    }
  }

  @Test func bytesBeforeACutAreDelivered() throws {
    let text = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try withFile(gzip(text).dropLast(20_000), name: "cut.gz") { path in
      let source = try ByteSource(path: path)
      var read: [UInt8] = []
      #expect(throws: FileError.self) {
        while case let part = try source.read(upTo: 1 << 17), !part.isEmpty { read += part }
      }
      #expect(read.count > 70_000 && read.elementsEqual(text.prefix(read.count)))
    }
  }

  @Test func damagedGzipIsAnError() throws {
    var bytes = gzip(Self.text)
    bytes[20] ^= 0xFF
    try withFile(bytes) { path in
      let error = #expect(throws: FileError.self) {
        let source = try ByteSource(path: path)
        while try !source.read(upTo: 100).isEmpty {}
      }
      #expect(error?.description.contains("incorrect data check") == true)
    }
  }

  @Test func missingFileIsAnErrorOfOneLine() {
    let error = #expect(throws: FileError.self) { try ByteSource(path: "no/such.csv") }
    #expect(
      error?.description
        == "no/such.csv: cannot be read (No such file or directory); check the path")
    #expect(error?.localizedDescription == error?.description)
  }

  @Test func folderIsAnErrorOfOneLine() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: FileError.self) { try ByteSource(path: folder.path) }
      #expect(error?.description == "\(folder.path): is a folder; name a file in it")
    }
  }

  @Test func latin1IsPeekedInOrder() throws {
    // A byte of the file becomes two, of which the second may be one more than was asked for.
    let text = "été, aéb"
    try withFile(text.unicodeScalars.map { UInt8($0.value) }) { path in
      for count in 1...text.utf8.count {
        let source = try ByteSource(path: path, isLatin1: true)
        let ahead = try source.peek(count)
        #expect(ahead == Array(text.utf8.prefix(count)))
        var read: [UInt8] = []
        while case let part = try source.read(upTo: 2), !part.isEmpty { read += part }
        #expect(read == Array(text.utf8))
      }
    }
  }
}
