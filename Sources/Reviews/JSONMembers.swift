internal import Foundation

/// The members of a JSON object as they are written, digits, spaces and all.
///
/// Source: RFC 8259, section 4.
struct JSONMembers {
  /// Name and value of each member, in the order of the object.
  private(set) var members: [(name: String, value: ArraySlice<UInt8>)] = []

  /// Reads bytes that a decoder has found to be one JSON object.
  init(of bytes: [UInt8]) {
    var position = bytes.firstIndex(of: UInt8(ascii: "{")).map { $0 + 1 } ?? bytes.count
    while let nameStart = bytes[position...].firstIndex(of: Self.quote) {
      let nameEnd = Self.endOfString(bytes, nameStart)
      guard let colon = bytes[nameEnd...].firstIndex(of: UInt8(ascii: ":")) else { return }
      let start = bytes[(colon + 1)...].firstIndex { !Self.isSpace($0) } ?? bytes.count
      let end = Self.endOfValue(bytes, start)
      let space = bytes[start..<end].reversed().prefix(while: Self.isSpace).count
      members.append((Self.name(bytes[nameStart..<nameEnd]), bytes[start..<end - space]))
      position = min(end + 1, bytes.count)
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// One past the quote that closes the string that starts at `start`.
  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != quote {
      position += bytes[position] == backslash ? 2 : 1
    }
    return min(position + 1, bytes.count)
  }

  /// Where the comma or the brace after the value at `start` stands.
  private static func endOfValue(_ bytes: [UInt8], _ start: Int) -> Int {
    var position = start
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case quote:
        position = endOfString(bytes, position)
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { return position }
        depth -= 1
      case UInt8(ascii: ","):
        if depth == 0 { return position }
      default: break
      }
      position += 1
    }
    return bytes.count
  }

  /// The text of a string with its quotes.
  private static func name(_ literal: ArraySlice<UInt8>) -> String {
    guard literal.contains(backslash) else {
      return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
    }
    let decoded = try? JSONDecoder().decode(String.self, from: Data(literal))
    return decoded ?? String(decoding: literal, as: UTF8.self)
  }
}
