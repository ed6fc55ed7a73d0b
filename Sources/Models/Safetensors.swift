import Files
public import Foundation
import Tensors

/// The safetensors format: a length, a JSON header that names each tensor's type, shape and byte
/// range, and the bytes.
///
/// Source: the format description of the safetensors project (github.com/huggingface/safetensors).
public enum Safetensors {
  /// One tensor, as 32-bit floats however the file stores it.
  public struct Tensor: Equatable, Sendable {
    /// Its name, unique in the file.
    public var name: String
    /// Row-major dimensions.
    public var shape: [Int]
    /// As many values as the shape says.
    public var values: [Float]
    /// Whether the values are whole numbers from 0 to 255 that a file stores as bytes.
    public var isBytes: Bool

    /// A tensor; `values` fill `shape`.
    public init(name: String, shape: [Int], values: [Float], isBytes: Bool = false) {
      self.name = name
      self.shape = shape
      self.values = values
      self.isBytes = isBytes
    }
  }

  /// What the format calls bytes.
  private static let byteType = "U8"

  /// Headers larger than this are refused, as the reference implementation does.
  private static let headerLimit = 100_000_000

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]
    var start: Int { offsets.first ?? 0 }
    var end: Int { offsets.last ?? 0 }

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  /// The file's bytes; every number that is no byte is stored as `type`.
  public static func encode(
    _ tensors: [Tensor], as type: NumberType = .float32, metadata: [String: String]
  ) -> Data {
    var header = "{\"__metadata__\":" + json(metadata)
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * (tensor.isBytes ? 1 : type.byteCount)
      let dtype = tensor.isBytes ? byteType : type.rawValue
      header += ",\(json(tensor.name)):{\"dtype\":\"\(dtype)\",\"shape\":\(tensor.shape),"
      header += "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    // The data start at a multiple of eight bytes; spaces fill the header up.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var data = Data(capacity: 8 + header.utf8.count + offset)
    data.append(littleEndian: UInt64(header.utf8.count))
    data.append(contentsOf: header.utf8)
    for tensor in tensors {
      if tensor.isBytes {
        data.append(contentsOf: tensor.values.map { UInt8($0) })
      } else if type == .float32 {
        // In memory as in the file: every platform of Gloss is little-endian.
        unsafe tensor.values.withUnsafeBytes { unsafe data.append(contentsOf: $0) }
      } else {
        for value in tensor.values {
          data.append(littleEndian: UInt16(truncatingIfNeeded: type.bits(of: value)))
        }
      }
    }
    return data
  }

  /// What a file holds.
  public struct Contents: Equatable, Sendable {
    /// In order of name.
    public var tensors: [Tensor]
    /// Texts by name; empty where the file has none.
    public var metadata: [String: String]
  }

  /// All tensors and the metadata of a file.
  ///
  /// - Throws: `ModelError.badWeights` when any length, name, type, shape or byte range does not
  ///   hold; nothing is returned then.
  public static func decode(_ data: Data, file: String) throws(ModelError) -> Contents {
    func fail(
      _ problem: String, _ remedy: String = "copy the file again or retrain the model"
    ) -> ModelError {
      .badWeights(file: file, problem: "\(problem.onOneLine); \(remedy)")
    }
    // Slices of data keep the indices of the whole.
    let origin = data.startIndex
    guard data.count >= 8 else {
      throw fail("\(data.count) bytes are too few for a safetensors file")
    }
    let length = data[origin..<origin + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(headerLimit, data.count - 8)) else {
      throw fail("the header claims \(length) bytes, the file has \(data.count - 8) after it")
    }
    let start = 8 + Int(length)
    let header: Header
    do {
      header = try self.header(Data(data[origin + 8..<origin + start]))
    } catch {
      throw fail("the safetensors header is not the JSON it has to be")
    }
    var tensors: [Tensor] = []
    var end = 0
    // By end as well: an empty tensor stands before the one that starts at the same byte.
    let ordered = header.entries.map { (name: $0.key, entry: $0.value) }.sorted {
      ($0.entry.start, $0.entry.end, $0.name) < ($1.entry.start, $1.entry.end, $1.name)
    }
    for (name, entry) in ordered {
      let type = NumberType(rawValue: entry.dtype)
      guard type != nil || entry.dtype == byteType else {
        let known = (NumberType.allCases.map(\.rawValue) + [byteType]).joined(separator: ", ")
        throw fail("\(name) is of type \(entry.dtype)", "store it as one of \(known)")
      }
      let byteCount = type?.byteCount ?? 1
      guard let count = product(entry.shape), entry.offsets.count == 2,
        entry.offsets[0] == end, entry.offsets[1] == end + byteCount * count,
        entry.offsets[1] <= data.count - start
      else {
        throw fail("\(name) of \(entry.shape) does not lie where the header says")
      }
      let first = origin + start + end
      let bytes = data[first..<first + byteCount * count]
      let values = type.map { numbers(bytes, of: $0) } ?? bytes.map { Float($0) }
      tensors.append(
        Tensor(name: name, shape: entry.shape, values: values, isBytes: type == nil))
      end = entry.offsets[1]
    }
    guard end == data.count - start else {
      throw fail("\(data.count - start - end) bytes belong to no tensor")
    }
    return Contents(tensors: tensors.sorted { $0.name < $1.name }, metadata: header.metadata)
  }

  /// The numbers that `bytes` store.
  private static func numbers(_ bytes: Data, of type: NumberType) -> [Float] {
    let count = bytes.count / type.byteCount
    if type == .float32 {
      // As many bytes as the numbers have; every platform of Gloss is little-endian.
      return unsafe [Float](unsafeUninitializedCapacity: count) { numbers, initialized in
        unsafe bytes.copyBytes(to: UnsafeMutableRawBufferPointer(numbers))
        initialized = count
      }
    }
    let bytes = [UInt8](bytes)
    if type == .float16 { return Kernels.floats(ofHalves: bytes) }
    return (0..<count).map { index in
      type.value(of: UInt32(bytes[2 * index]) | UInt32(bytes[2 * index + 1]) << 8)
    }
  }

  private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]
    var memberCount = 0
    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: AnyKey.self)
      memberCount = values.allKeys.count
      for name in values.allKeys {
        if name.stringValue == "__metadata__" {
          metadata = try values.decode([String: String].self, forKey: name)
        } else {
          entries[name.stringValue] = try values.decode(Entry.self, forKey: name)
        }
      }
    }
  }

  private static func header(_ data: Data) throws -> Header {
    let header = try JSONDecoder().decode(Header.self, from: data)
    guard header.memberCount == memberCount(data) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "a name twice"))
    }
    return header
  }

  /// The number of members of the outermost object: more than the decoder gives when a name is
  /// there twice. Counts the colons at depth one, outside strings.
  private static func memberCount(_ json: Data) -> Int {
    var (count, depth) = (0, 0)
    var (isInString, isEscaped) = (false, false)
    for byte in json {
      if isInString {
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1: count += 1
      default: break
      }
    }
    return count
  }

  /// The number of values of a shape; nil when it is negative or overflows.
  private static func product(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (next, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow, next <= Int(Int32.max) * 64 else { return nil }
      count = next
    }
    return count
  }

  private static func json(_ value: some Encodable) -> String {
    // Strings and dictionaries of strings always encode.
    (try? value.sortedJSON()) ?? "{}"
  }
}

extension Data {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<value.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
}
