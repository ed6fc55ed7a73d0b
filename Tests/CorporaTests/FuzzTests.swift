import Foundation
import TestSupport
import Testing

@testable import Corpora

/// Every format reads damaged files: no trap, no hang, and every row is read or rejected.
///
/// `Tests/Seeds` holds a folder for each format: a card, `seed.yaml`, and small files as it lists
/// them. A format joins by adding one; what its files' rows are is said in `Accounting.of`.
@Suite struct FuzzTests {
  static let seeds = Project.root.appendingPathComponent("Tests/Seeds")
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: seeds.path)) ?? []).sorted()
  /// Damaged files for each seed.
  static let fileCount = 10_000

  private static func card(_ name: String) throws -> CorpusCard {
    try CorpusCard(path: seeds.appendingPathComponent("\(name)/seed.yaml").path)
  }

  @Test func everyFormatHasASeed() throws {
    let formats = try Set(Self.names.map { try Self.card($0).reader.format })
    #expect(Set(ReaderSettings.Format.allCases).subtracting(formats) == [])
  }

  @Test(arguments: names) func soundSeedsHaveRows(name: String) throws {
    let corpus = Corpus(card: try Self.card(name), folder: "no/such/folder")
    var usable = 0
    try corpus.forEachRow(listedUnder: .train) { row in
      switch row.outcome {
      case .example, .record: usable += 1
      default: break
      }
    }
    #expect(usable > 0)
  }

  @Test(arguments: names) func damagedFilesAreReadOrRejected(name: String) throws {
    let card = try Self.card(name)
    let listed = try #require(card.files[.train])
    let sound = try listed.map { file in
      let path = Self.seeds.appendingPathComponent("\(name)/\(file.path.dropFirst(2))")
      return [UInt8](try Data(contentsOf: path))
    }
    try withTemporaryFolder { folder in
      let paths = listed.indices.map { folder.appendingPathComponent("\($0)").path }
      // Written over in place: a new file for each round would wait for the disk.
      let handles = try paths.map { path in
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      }
      let corpus = Corpus(card: card.reading(listed, at: paths), folder: "")
      for round in 0..<Self.fileCount {
        var random = Random(seed: UInt64(round))
        var files = sound
        let victim = random.below(files.count)
        files[victim] = random.damaged(files[victim])
        for (handle, bytes) in zip(handles, files) {
          try handle.truncate(atOffset: 0)
          try handle.write(contentsOf: Data(bytes))
        }
        let faults = Self.read(corpus, files, paths, Accounting.of(card))
        #expect(faults == [], "seed \(round): \(String(decoding: files[victim], as: UTF8.self))")
        if !faults.isEmpty { return }
      }
    }
  }

  /// What is wrong with how the files were read.
  private static func read(
    _ corpus: Corpus, _ files: [[UInt8]], _ paths: [String], _ accounting: Accounting
  ) -> [String] {
    var faults: [String] = []
    var lines = Array(repeating: [Int](), count: files.count)
    do {
      try corpus.forEachRow(listedUnder: .train) { row in
        guard let file = paths.firstIndex(of: row.file) else {
          return faults.append("a row of no file")
        }
        lines[file].append(row.line)
        switch row.outcome {
        case .example(let example): faults += Self.faults(of: example)
        case .rejected(let reason):
          if reason.isEmpty || reason.contains(where: \.isNewline) || reason.count > 300 {
            faults.append("the reason is '\(reason)'")
          }
        default: break
        }
      }
      for (file, bytes) in files.enumerated() {
        guard let expected = accounting.rows(of: bytes, file) else { continue }
        if expected != lines[file].sorted() {
          faults.append("rows \(expected) of file \(file) came as \(lines[file])")
        }
      }
    } catch {
      // The file as a whole is refused, in one line.
      if error.description.contains("\n") || accounting.isAlwaysReadable {
        faults.append(error.description)
      }
    }
    return faults
  }

  private static func faults(of example: Example) -> [String] {
    let bytes = Array(example.text.utf8)
    let ranges = [example.opinions, example.names].compactMap(\.self).flatMap { labels in
      labels.spans.map(\.range) + labels.unknown
    }
    return ranges.filter { range in
      range.isEmpty || range.upperBound > bytes.count
        || String(validating: bytes[range], as: UTF8.self) == nil
    }.map { "a span at \($0)" }
  }
}

extension CorpusCard {
  /// The same card with its files elsewhere.
  fileprivate func reading(_ listed: [CorpusFile], at paths: [String]) -> CorpusCard {
    var card = self
    card.files = [:]
    card.files[.train] = zip(listed, paths).map { CorpusFile($0, at: $1) }
    return card
  }
}

/// Small random numbers and what they do to a file.
///
/// Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
private struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return limit > 0 ? Int((mixed ^ mixed >> 31) % UInt64(limit)) : 0
  }

  /// What formats are made of, and what breaks them.
  private static let tokens: [[UInt8]] =
    [
      "\n", "\r\n", "\r", "\n\n", "\t", " ", ",", ";", "\"", "\"\"", "\\", "{", "}", "[", "]", "<",
      ">",
      "&", "##", "(", ")", "-1", "99999999999999999999", "0", "1e999", "NaN", "null", "O", "B-",
      "I-x",
      "-", "_", "\u{FEFF}", "\u{2028}", "é", "很", "😀", "\u{0}", "</", "]]>", "&#0;", "&amp;",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE5, 0xBE], [0x80]]

  /// The bytes after one to four accidents.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) {
      let start = below(bytes.count + 1)
      let end = min(bytes.count, start + below(below(4) == 0 ? 200 : 12))
      switch below(8) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: bytes[start..<end], at: below(bytes.count + 1))
      case 2: bytes.replaceSubrange(start..<end, with: bytes[start..<end].reversed())
      case 3 where below(4) == 0: bytes.removeLast(bytes.count - start)
      case 4 where start < bytes.count: bytes[start] = UInt8(below(256))
      default: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: start)
      }
    }
    return bytes
  }
}
