import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct FileHashTests {
  /// As `sha256sum` says it; the second is longer than what is read at once.
  @Test(arguments: [
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func filesAreHashedAsTheyAre(text: String, count: Int, hexadecimal: String) throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("a.gz")
      try Data(String(repeating: text, count: count).utf8).write(to: file)
      #expect(try FileHash.sha256(ofFile: file.path) == hexadecimal)
      #expect(throws: FileError.self) { try FileHash.sha256(ofFile: file.path + "x") }
    }
  }

  @Test func bytesAreTwoDigitsEach() {
    #expect([UInt8]([0, 1, 15, 16, 171, 255]).hexadecimal == "00010f10abff")
  }
}
