import Files
import Foundation
import Reviews
import TestSupport

/// What came out of a file before its end, or before the error that ended it.
struct Reading {
  var reviews: [Review] = []
  var rejected: [RejectedRow] = []
  var error: String?

  var texts: [String] { reviews.map(\.text) }
  var reasons: [String] { rejected.map(\.reason) }
  var count: Int { reviews.count + rejected.count }
}

/// Reads `bytes` from a file `name`, which messages and ids then start with.
func read(
  _ bytes: some Sequence<UInt8>, named name: String,
  _ options: ReviewReader.Options = ReviewReader.Options()
) throws -> Reading {
  try withTemporaryFolder { folder in
    try Data(bytes).write(to: folder.appendingPathComponent(name))
    var reading = read(folder.appendingPathComponent(name).path, options)
    // The folder's own name differs from run to run.
    let prefix = folder.path + "/"
    reading.error = reading.error?.replacingOccurrences(of: prefix, with: "")
    for index in reading.reviews.indices {
      let id = reading.reviews[index].id
      reading.reviews[index].id = id.replacingOccurrences(of: prefix, with: "")
    }
    for index in reading.rejected.indices {
      let file = reading.rejected[index].file
      reading.rejected[index].file = file.replacingOccurrences(of: prefix, with: "")
    }
    return reading
  }
}

func read(
  _ text: String, named name: String, _ options: ReviewReader.Options = ReviewReader.Options()
) throws -> Reading {
  try read(text.utf8, named: name, options)
}

/// Reads the file at `path`.
func read(_ path: String, _ options: ReviewReader.Options = ReviewReader.Options()) -> Reading {
  var reading = Reading()
  do throws(FileError) {
    var reader = try ReviewReader(path: path, options: options)
    while let row = try reader.next() {
      switch row {
      case .review(let review): reading.reviews.append(review)
      case .rejected(let row): reading.rejected.append(row)
      }
    }
  } catch {
    reading.error = error.description
  }
  return reading
}

/// A gzip file of `bytes` in stored blocks. Source: RFC 1951 section 3.2.4, RFC 1952 section 2.3.
func gzip(_ bytes: some Collection<UInt8>) -> [UInt8] {
  func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var rest = Array(bytes)[...]
  var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    file.append(rest.isEmpty ? 1 : 0)
    file += littleEndian(block.count, 2) + littleEndian(~block.count, 2) + block
  } while !rest.isEmpty
  let checksum = Int(Checksum.crc32(of: Data(bytes)), radix: 16) ?? 0
  return file + littleEndian(checksum, 4) + littleEndian(bytes.count, 4)
}

/// Calls `body` with the path of a file that holds `bytes`.
func withFile<T>(
  _ bytes: some Sequence<UInt8>, named name: String, _ body: (String) throws -> T
) throws -> T {
  try withTemporaryFolder { folder in
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return try body(url.path)
  }
}

func withFile<T>(
  _ text: String, named name: String, _ body: (String) throws -> T
) throws -> T {
  try withFile(text.utf8, named: name, body)
}
