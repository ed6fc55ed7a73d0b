import Foundation
import Tensors
import Testing

@testable import Models

/// Whatever a file holds, reading it throws one line or gives tensors that fill it.
@Suite struct SafetensorsDamageTests {
  /// A file of a header as given and `dataBytes` bytes after it.
  static func file(_ header: String, dataBytes: Int, claimedLength: UInt64? = nil) throws -> Data {
    var length = claimedLength ?? UInt64(header.utf8.count)
    var data = Data()
    for _ in 0..<8 {
      data.append(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
    return data + Data(header.utf8) + Data(repeating: 1, count: dataBytes)
  }

  /// One entry of a header.
  private static func entry(
    _ name: String, shape: String, _ offsets: String, dtype: String = "F32"
  ) -> String {
    #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private func complaint(_ data: Data) -> String? {
    message { _ = try Safetensors.decode(data, file: "m.safetensors") }
  }

  /// What is said about a header of `entries` and `dataBytes` bytes after it.
  private func complaint(_ entries: [String], dataBytes: Int) throws -> String? {
    complaint(
      try Self.file("{" + entries.joined(separator: ",") + "}", dataBytes: dataBytes))
  }

  private static let remedy = "; copy the file again or retrain the model"

  @Test(arguments: 0..<8) func tooShortFilesAreRefused(count: Int) {
    #expect(
      complaint(Data(repeating: 0, count: count))
        == "m.safetensors: \(count) bytes are too few for a safetensors file\(Self.remedy)")
  }

  @Test(arguments: [3, 100_000_001, 1 << 31, 1 << 63, .max] as [UInt64])
  func headerLengthsBeyondTheFileAreRefused(length: UInt64) throws {
    #expect(
      complaint(try Self.file("{}", dataBytes: 0, claimedLength: length))
        == "m.safetensors: the header claims \(length) bytes, the file has 2 after it\(Self.remedy)"
    )
  }

  @Test(arguments: [
    "", "{", "[]", "null", "1", "{\"a\":1}", "{\"a\":{}}", "{\"a\":{\"dtype\":\"F32\"}}", "{}}",
    entry("a", shape: "[1]", "[0,4]"), "{" + entry("a", shape: "\"1\"", "[0,4]") + "}",
    "{" + entry("a", shape: "[1.5]", "[0,4]") + "}",
    "{" + entry("a", shape: "[1e99]", "[0,4]") + "}",
    "{" + entry("a", shape: "[99999999999999999999]", "[0,4]") + "}",
    String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 10_000),
  ])
  func headersThatAreNotTheRightJSONAreRefused(header: String) throws {
    #expect(
      complaint(try Self.file(header, dataBytes: 4))
        == "m.safetensors: the safetensors header is not the JSON it has to be\(Self.remedy)")
  }

  @Test func headersThatAreNotUTF8AreRefused() throws {
    var data = try Self.file("{" + Self.entry("a", shape: "[1]", "[0,4]") + "}", dataBytes: 4)
    data[10] = 0xFF
    #expect(complaint(data)?.hasSuffix(Self.remedy) == true)
  }

  @Test(arguments: ["F64", "F8_E4M3", "I64", "f32", ""]) func otherTypesAreRefused(type: String)
    throws
  {
    #expect(
      try complaint([Self.entry("a", shape: "[1]", "[0,4]", dtype: type)], dataBytes: 4)
        == "m.safetensors: a is of type \(type); store it as one of F32, F16, BF16, U8")
  }

  @Test(arguments: [
    // Shapes: negative, overflowing, not as many values as bytes.
    ("[-1]", "[0,4]"), ("[-1,-1]", "[0,4]"), ("[0,-1]", "[0,0]"), ("[2]", "[0,4]"), ("[]", "[0,8]"),
    ("[4294967296,4294967296]", "[0,4]"), ("[9223372036854775807]", "[0,4]"),
    ("[9223372036854775807,0]", "[0,0]"), ("[4611686018427387904]", "[0,0]"),
    ("[-9223372036854775808]", "[0,4]"),
    // Ranges: of one or three ends, backwards, negative, beyond the file.
    ("[1]", "[]"), ("[1]", "[0]"), ("[1]", "[0,4,8]"), ("[1]", "[4,0]"), ("[1]", "[-4,0]"),
    ("[2]", "[0,8]"), ("[1]", "[9223372036854775803,9223372036854775807]"),
    ("[1]", "[0,-9223372036854775808]"), ("[1]", "[0,9223372036854775807]"),
    ("[1]", "[-9223372036854775808,9223372036854775807]"), ("[1]", "[4,8]"),
  ])
  func shapesAndRangesThatDoNotFitAreRefused(shape: String, offsets: String) throws {
    let problem = try #require(
      try complaint([Self.entry("a", shape: shape, offsets)], dataBytes: 4))
    #expect(problem.hasPrefix("m.safetensors: a of ["))
    #expect(problem.hasSuffix(" does not lie where the header says\(Self.remedy)"))
  }

  @Test(arguments: ["[4,-9223372036854775808]", "[0,4]", "[0,8]", "[8,12]", "[2,6]", "[4,7]"])
  func overlapsAndHolesAreRefused(second: String) throws {
    let entries = [
      Self.entry("a", shape: "[1]", "[0,4]"), Self.entry("b", shape: "[1]", second),
    ]
    let problem = try #require(try complaint(entries, dataBytes: 8))
    #expect(problem.hasSuffix(" of [1] does not lie where the header says\(Self.remedy)"))
  }

  @Test func namesThatOccurTwiceAreRefused() throws {
    let once = Self.entry("a", shape: "[1]", "[0,4]")
    #expect(try complaint([once], dataBytes: 4) == nil)
    let expected =
      "m.safetensors: the safetensors header is not the JSON it has to be\(Self.remedy)"
    #expect(try complaint([once, once], dataBytes: 4) == expected)
    let elsewhere = Self.entry("a", shape: "[1]", "[4,8]")
    #expect(try complaint([once, elsewhere], dataBytes: 8) == expected)
    let escaped = Self.entry("\\u0061", shape: "[1]", "[0,4]")
    #expect(try complaint([once, escaped], dataBytes: 4) == expected)
    // Colons in names, quotes in metadata and nested objects are no further members.
    let tricky = Self.entry("a:\\\":{", shape: "[1]", "[0,4]")
    let metadata = #""__metadata__":{"x":"\\","y:":"a:\":b"}"#
    #expect(try complaint([metadata, tricky], dataBytes: 4) == nil)
  }

  @Test func bytesBehindTheLastTensorAreRefused() throws {
    #expect(
      try complaint([Self.entry("a", shape: "[1]", "[0,4]")], dataBytes: 7)
        == "m.safetensors: 3 bytes belong to no tensor\(Self.remedy)")
  }

  @Test func namesWithLineBreaksStillGiveOneLine() throws {
    let name = "a\\nb\\r\\u2028c"
    for entry in [
      Self.entry(name, shape: "[1]", "[0,4]", dtype: "x\\ny"),
      Self.entry(name, shape: "[2]", "[0,4]"),
    ] {
      let problem = try #require(try complaint([entry], dataBytes: 4))
      #expect(problem.isOneLineWithRemedy)
    }
  }

  @Test func randomDamageIsRefusedOrHarmless() throws {
    let seed: UInt64 = 20
    var random = SeededRandom(seed: seed)
    let original = Safetensors.encode(
      [
        .init(name: "a", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
        .init(name: "b", shape: [0], values: []), .init(name: "c", shape: [1], values: [7]),
      ], metadata: ["format": "gloss"])
    var refused = 0
    for round in 0..<3_000 {
      var data = original
      for _ in 0...random.nextInt(below: 3) {
        let place = random.nextInt(below: data.count)
        switch random.nextInt(below: 4) {
        case 0: data[place] ^= 1 << UInt8(random.nextInt(below: 8))
        // A digit or bracket for another keeps the header JSON more often than chance does.
        case 1: data[place] = Array("0123456789-[]{},:\"e ".utf8)[random.nextInt(below: 20)]
        case 2: data[place] = UInt8(random.nextInt(below: 256))
        default: data.removeLast(min(random.nextInt(below: 8), data.count - 1))
        }
      }
      do {
        let tensors = try Safetensors.decode(data, file: "m.safetensors").tensors
        #expect(
          tensors.reduce(0) { $0 + $1.values.count } == 7, "seed \(seed), round \(round)")
      } catch {
        refused += 1
        let text = error.description
        #expect(
          text.hasPrefix("m.safetensors: ") && text.isOneLineWithRemedy,
          "seed \(seed), round \(round): \(text)")
      }
    }
    // Most of the file is header, most damage to which cannot be harmless.
    #expect(refused > 1_500 && refused < 3_000)
  }
}
