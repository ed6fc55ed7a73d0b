import Tensors
import Testing

@testable import Models

@Suite struct NumberTypeTests {
  @Test(arguments: [NumberType.float16, .bfloat16])
  func everyHalfIsReadAndWrittenBack(type: NumberType) {
    for bits in UInt32(0)...0xFFFF {
      let value = type.value(of: bits)
      // Of a NaN only that it is one is kept.
      if value.isNaN {
        #expect(type.value(of: type.bits(of: value)).isNaN)
      } else if type.bits(of: value) != bits {
        Issue.record("\(type.rawValue) \(bits) comes back as \(type.bits(of: value))")
      }
    }
  }

  @Test func theKernelReadsEveryHalf() {
    let bytes = (UInt16.min...UInt16.max).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let floats = Kernels.floats(ofHalves: bytes)
    #expect(floats.count == 0x10000)
    for (bits, value) in floats.enumerated() {
      let expected = NumberType.float16.value(of: UInt32(bits))
      #expect(value == expected || value.isNaN && expected.isNaN)
    }
  }

  @Test func bfloat16RoundsToNearestAndTiesToEven() {
    func rounded(_ value: Float) -> Float {
      NumberType.bfloat16.value(of: NumberType.bfloat16.bits(of: value))
    }
    // Eight bits of precision: steps of 2^-7 from 1.
    #expect(rounded(1 + 0x1p-8) == 1)
    #expect(rounded(1 + 0x1.8p-7) == 1 + 0x1p-6)
    #expect(rounded(1 + 0x1.2p-8) == 1 + 0x1p-7)
    #expect(rounded(.greatestFiniteMagnitude) == .infinity)
    #expect(rounded(-.infinity) == -.infinity)
  }

  @Test(arguments: NumberType.allCases)
  func aFileOfAnyTypeReadsBackAsNearAsItsPrecision(type: NumberType) throws {
    let values: [Float] = [0, -0.0, 1, -1.5, 3.141_592_7, 1e-3, -6.5e4, 0x1p-20]
    let tensors = [
      Safetensors.Tensor(name: "a", shape: [2, 4], values: values),
      Safetensors.Tensor(name: "b", shape: [3], values: [7, 8, 9]),
    ]
    let data = Safetensors.encode(tensors, as: type, metadata: [:])
    let read = try Safetensors.decode(data, file: "m.safetensors").tensors
    #expect(read.map(\.name) == ["a", "b"] && read.map(\.shape) == [[2, 4], [3]])
    #expect(read[1].values == [7, 8, 9])
    let precision: Float = type == .float32 ? 0 : type == .float16 ? 0x1p-11 : 0x1p-8
    for (value, back) in zip(values, read[0].values) {
      // Below 2^-14 binary16 has steps of 2^-24.
      #expect(abs(back - value) <= abs(value) * precision + (type == .float16 ? 0x1p-25 : 0))
    }
  }
}
