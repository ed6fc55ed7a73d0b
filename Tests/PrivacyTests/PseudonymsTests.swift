import Files
import Foundation
import TestSupport
import Testing

@testable import Privacy

@Suite struct PseudonymsTests {
  private func pseudonyms(_ key: [UInt8]) throws -> Pseudonyms {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("key")
      try Data(key).write(to: file)
      return try Pseudonyms(keyFile: file.path)
    }
  }

  /// RFC 4231, test cases 1 and 6.
  @Test(arguments: [
    (
      UInt8(0x0B), 20, "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      0xAA, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func knownAnswers(byte: UInt8, count: Int, user: String, pseudonym: String) throws {
    #expect(try pseudonyms(.init(repeating: byte, count: count))(user) == pseudonym)
  }

  @Test func aLineEndAfterTheKeyIsNoPartOfIt() throws {
    let key = Array("sixteen letters!".utf8)
    let plain = try pseudonyms(key)
    #expect(try pseudonyms(key + Array("\n".utf8)) == plain)
    #expect(try pseudonyms(key + Array("\r\n".utf8)) == plain)
    // One line end, and no other byte.
    for end in ["\n\n", "\r", " "] {
      #expect(try pseudonyms(key + Array(end.utf8))("marla") != plain("marla"), "\(end.utf8)")
    }
  }

  @Test func usersAreToldApartByTheirBytes() throws {
    let pseudonyms = try pseudonyms(.init(repeating: 7, count: 32))
    let users = ["", "marla", "Marla", "marla ", "jos\u{E9}", "jose\u{301}", "\u{0}", "李伟"]
    #expect(Set(users.map { pseudonyms($0) }).count == users.count)
    #expect(pseudonyms("marla") == pseudonyms("marla"))
  }

  @Test(arguments: [
    (0, "the key has 0 bytes, fewer than 16"), (15, "the key has 15 bytes, fewer than 16"),
    ((1 << 20) + 1, "the key has more than 1048576 bytes"),
    ((1 << 20) + 99, "the key has more than 1048576 bytes"),
  ])
  func keysHaveALength(count: Int, problem: String) throws {
    let error = #expect(throws: FileError.self) {
      try pseudonyms(.init(repeating: 1, count: count))
    }
    let description = try #require(error).description
    #expect(description.hasSuffix(": \(problem); make one of random bytes, 32 for example"))
    #expect(!description.contains("\n"))
  }

  @Test func theShortestAndTheLongestKeyAreTaken() throws {
    for count in [16, 1 << 20] { _ = try pseudonyms(.init(repeating: 1, count: count)) }
  }

  @Test func aFileThatCannotBeReadSaysSo() throws {
    try withTemporaryFolder { folder in
      let missing = folder.path + "/none"
      for (path, problem) in [
        (missing, "\(missing): no such file; check the path"),
        (folder.path, "\(folder.path): is a folder; name a file in it"),
        (
          "/dev/zero",
          "/dev/zero: the key has more than 1048576 bytes; make one of random bytes, 32 for example"
        ),
      ] {
        let error = #expect(throws: FileError.self) { try Pseudonyms(keyFile: path) }
        #expect(error?.description == problem)
      }
    }
  }
}
