import Foundation
import TestSupport

@testable import Files

/// Calls `body` with the path of a file that holds `bytes`.
func withFile<T>(
  _ bytes: some Sequence<UInt8>, name: String = "file", _ body: (String) throws -> T
) throws -> T {
  try withTemporaryFolder { folder in
    let path = folder.appendingPathComponent(name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}

/// Bytes in gzip format (RFC 1952), as one stored block after another (RFC 1951, section 3.2.4).
func gzip(_ bytes: some Collection<UInt8>) -> [UInt8] {
  let bytes = Array(bytes)
  var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  let part = 0xFFFF
  var start = 0
  repeat {
    let block = bytes[start..<min(start + part, bytes.count)]
    start += block.count
    let length = UInt16(block.count)
    packed.append(start == bytes.count ? 1 : 0)
    packed.append(contentsOf: [UInt8(length & 0xFF), UInt8(length >> 8)])
    packed.append(contentsOf: [UInt8(~length & 0xFF), UInt8(~length >> 8)])
    packed.append(contentsOf: block)
  } while start < bytes.count
  let checksum = UInt32(Checksum.crc32(of: Data(bytes)), radix: 16) ?? 0
  for number in [checksum, UInt32(truncatingIfNeeded: bytes.count)] {
    for shift in [0, 8, 16, 24] { packed.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
  return packed
}

/// All lines of a file.
func lines(of path: String) throws -> [LineReader.Line] {
  var reader = LineReader(try ByteSource(path: path))
  var lines: [LineReader.Line] = []
  while let line = try reader.next() { lines.append(line) }
  return lines
}

/// All rows of a file.
func rows(
  of path: String, delimiter: UInt8 = UInt8(ascii: ","), quoting: Bool = true
) throws -> [DelimitedReader.Row] {
  var reader = DelimitedReader(
    try ByteSource(path: path), delimiter: delimiter, quoting: quoting)
  var rows: [DelimitedReader.Row] = []
  while let row = try reader.next() { rows.append(row) }
  return rows
}
