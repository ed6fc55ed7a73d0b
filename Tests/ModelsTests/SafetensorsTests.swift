import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct SafetensorsTests {
  typealias Tensor = Safetensors.Tensor

  /// Out of order, with names and shapes of every kind.
  static let tensors = [
    Tensor(name: "b.weight", shape: [2, 3], values: [1, -2, 3.5, -0.0, 1e-38, 3.4e38]),
    Tensor(name: "empty", shape: [0, 4], values: []),
    Tensor(name: "a", shape: [], values: [7]),
    Tensor(name: "bytes", shape: [3], values: [0, 255, 16], isBytes: true),
    Tensor(
      name: "c \"quoted\" 名/é\n", shape: [1, 1, 2], values: [.infinity, .leastNonzeroMagnitude]),
  ]

  /// The whole number in the first eight bytes.
  static func headerLength(_ data: Data) -> Int {
    data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  static func header(_ data: Data) throws -> [String: Any] {
    let json = data.dropFirst(8).prefix(headerLength(data))
    return try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] ?? [:]
  }

  @Test func decodeGivesBackWhatWasEncoded() throws {
    let data = Safetensors.encode(Self.tensors, metadata: ["format": "gloss"])
    let decoded = try Safetensors.decode(data, file: "file").tensors
    #expect(decoded == Self.tensors.sorted { $0.name < $1.name })
    // Bit by bit: -0 equals 0, and NaN equals nothing.
    let nan = Float(bitPattern: 0x7FC1_2345)
    let odd = Safetensors.encode(
      [Tensor(name: "odd", shape: [2], values: [nan, -0.0])], metadata: [:])
    let bits = try Safetensors.decode(odd, file: "file").tensors[0].values.map(\.bitPattern)
    #expect(bits == [0x7FC1_2345, 0x8000_0000])
  }

  @Test func noTensorsMakeAFileToo() throws {
    let data = Safetensors.encode([], metadata: [:])
    #expect(try Safetensors.decode(data, file: "file").tensors.isEmpty)
  }

  @Test(arguments: 0..<16) func dataStartAtAMultipleOfEightBytes(nameLength: Int) throws {
    let tensor = Tensor(
      name: String(repeating: "x", count: nameLength), shape: [1], values: [1])
    let data = Safetensors.encode([tensor], metadata: [:])
    #expect(Self.headerLength(data).isMultiple(of: 8))
    #expect(data.count == 8 + Self.headerLength(data) + 4)
    #expect(try Safetensors.decode(data, file: "file").tensors == [tensor])
  }

  @Test func headerHoldsMetadataTypesShapesAndRanges() throws {
    let metadata = ["format": "gloss", "model": "quote \" and 名"]
    let header = try Self.header(Safetensors.encode(Self.tensors, metadata: metadata))
    #expect(header["__metadata__"] as? [String: String] == metadata)
    #expect(header.count == 6)
    let entry = header["b.weight"] as? [String: Any]
    #expect(entry?["dtype"] as? String == "F32")
    #expect(entry?["shape"] as? [Int] == [2, 3])
    #expect(entry?["data_offsets"] as? [Int] == [0, 24])
  }

  @Test func valuesAreLittleEndian() {
    let data = Safetensors.encode([Tensor(name: "x", shape: [1], values: [1])], metadata: [:])
    #expect(Array(data.suffix(4)) == [0, 0, 0x80, 0x3F])
  }

  @Test func slicesOfDataDecodeToo() throws {
    let data = Data([1, 2, 3]) + Safetensors.encode(Self.tensors, metadata: [:])
    #expect(try Safetensors.decode(data.dropFirst(3), file: "file").tensors.count == 5)
  }

  @Test func readsTheTensorsOfOtherWritersInAnyOrder() throws {
    let data = try SafetensorsDamageTests.file(
      #" {"z":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"},"#
        + #""a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} "#, dataBytes: 8)
    #expect(try Safetensors.decode(data, file: "file").tensors.map(\.name) == ["a", "z"])
  }

  private static let python = Python.withSafetensors

  @Test(.enabled(if: python != nil, "needs python3 with the packages safetensors and numpy"))
  func thePythonPackageReadsEqualNumbers() throws {
    let python = try #require(Self.python)
    let tensors = Self.tensors.filter { $0.values.allSatisfy(\.isFinite) }
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("model.safetensors")
      try Safetensors.encode(tensors, metadata: ["format": "gloss"]).write(to: file)
      let output = try python.run(
        """
        import json, sys
        from safetensors import safe_open
        with safe_open(sys.argv[1], framework="numpy") as file:
            print(json.dumps({"metadata": file.metadata(), "tensors": {
                name: [list(file.get_tensor(name).shape),
                       [int(x) for x in file.get_tensor(name).view("uint32").reshape(-1)]]
                for name in file.keys()}}))
        """, file.path)
      struct Answer: Decodable {
        struct Entry: Decodable {
          let shape: [Int]
          let bits: [UInt32]
          init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            shape = try list.decode([Int].self)
            bits = try list.decode([UInt32].self)
          }
        }
        let metadata: [String: String]
        let tensors: [String: Entry]
      }
      let answer = try JSONDecoder().decode(Answer.self, from: output)
      #expect(answer.metadata == ["format": "gloss"])
      #expect(Set(answer.tensors.keys) == Set(tensors.map(\.name)))
      for tensor in tensors {
        #expect(answer.tensors[tensor.name]?.shape == tensor.shape)
        #expect(answer.tensors[tensor.name]?.bits == tensor.values.map(\.bitPattern))
      }
    }
  }
}

/// The python3 of the search path.
struct Python {
  /// Python, where it can import what the tests need.
  static let withSafetensors: Python? = {
    let python = Python()
    return (try? python.run("import numpy, safetensors")) == nil ? nil : python
  }()

  struct Failure: Error {}

  /// What `script` prints.
  func run(_ script: String, _ arguments: String...) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure() }
    return data
  }
}
