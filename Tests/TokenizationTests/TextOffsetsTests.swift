import Testing

@testable import Tokenization

@Suite struct TextOffsetsTests {
  @Test func offsetsAreThoseOfTheString() {
    for seed in UInt64(0)..<200 {
      var random = Seeded(seed)
      let text = random.text(of: Int(seed))
      let offsets = TextOffsets(text)
      var bytes = 0
      var scalars = 0
      var units = 0
      for scalar in text.unicodeScalars {
        #expect(offsets.scalars(atByte: bytes) == scalars, "seed \(seed), byte \(bytes)")
        #expect(offsets.utf16Units(atByte: bytes) == units, "seed \(seed), byte \(bytes)")
        bytes += UTF8.width(scalar)
        scalars += 1
        units += UTF16.width(scalar)
      }
      #expect(offsets.byteCount == bytes)
      #expect(offsets.scalars(atByte: bytes) == text.unicodeScalars.count)
      #expect(offsets.utf16Units(atByte: bytes) == text.utf16.count)
    }
  }

  @Test func asciiOffsetsAreByteOffsets() {
    let offsets = TextOffsets("The battery")
    #expect(offsets.scalars(atByte: 4) == 4)
    #expect(offsets.utf16Units(atByte: 11) == 11)
  }

  @Test func emptyTextHasOneOffset() {
    let offsets = TextOffsets("")
    #expect(offsets.scalars(atByte: 0) == 0)
    #expect(offsets.utf16Units(atByte: 0) == 0)
  }
}
