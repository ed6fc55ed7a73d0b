import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct SHA256Tests {
  /// NIST, FIPS 180-4 examples and the long message of its validation suite.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func knownAnswers(text: String, hexadecimal: String) {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    #expect(hash.hexadecimal() == hexadecimal)
  }

  @Test func partsMakeTheSameHashAsTheWhole() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for cut in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 299] {
      var whole = SHA256()
      whole.update(bytes)
      var parts = SHA256()
      parts.update(Array(bytes[..<cut]))
      parts.update(Array(bytes[cut...]))
      #expect(parts.hexadecimal() == whole.hexadecimal(), "\(cut)")
    }
  }

  @Test func filesAreHashedAsTheyAre() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("a.gz")
      try Data("abc".utf8).write(to: file)
      #expect(try SHA256.hash(ofFile: file.path).hasPrefix("ba7816bf"))
      #expect(throws: FileError.self) { try SHA256.hash(ofFile: file.path + "x") }
    }
  }
}
