import Foundation
import Testing

@testable import Files

@Suite struct ChecksumTests {
  /// Known answers: "123456789" is the check value of CRC-32/ISO-HDLC in the catalogue of
  /// parametrised CRC algorithms; the others are from `python3 -c "import zlib; zlib.crc32(...)"`.
  @Test(arguments: [
    ("", "00000000"), ("123456789", "cbf43926"), ("a", "e8b7be43"), ("好", "36c84cc4"),
  ])
  func matchesKnownAnswers(text: String, expected: String) {
    #expect(Checksum.crc32(of: Data(text.utf8)) == expected)
  }

  @Test func partsGiveTheChecksumOfTheWhole() {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var checksum = Checksum()
    for start in stride(from: 0, to: bytes.count, by: 777) {
      checksum.update(bytes[start..<min(start + 777, bytes.count)])
      checksum.update([UInt8]())
    }
    #expect(checksum.hexadecimal == Checksum.crc32(of: Data(bytes)))
  }

  @Test func sliceOfDataCountsItsOwnBytes() {
    let data = Data("xx123456789yy".utf8)
    #expect(Checksum.crc32(of: data[2..<11]) == "cbf43926")
  }
}
