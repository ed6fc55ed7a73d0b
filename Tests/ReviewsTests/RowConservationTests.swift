import Foundation
import TestSupport
import Testing

@testable import Reviews

/// Every row that is not blank is a review or a rejection.
@Suite struct RowConservationTests {
  private static let seeds: [UInt64] = Array(1...60)

  /// Pieces of which lines are made; none holds a line feed.
  private static let pieces: [[UInt8]] =
    [
      "good", " ", "\t", ",", "好", "\r", "\0", "{", "}", "{\"text\":\"a\"}", "\"text\":", "é", "👍",
      "{\"text\":\"", "\\", "null", "'", ";", "{\"text\":\" \"}", "1",
    ].map { Array($0.utf8) } + [[0xFF], [0xE5, 0xA5], [0xC0]]

  private func line(_ random: inout SeededGenerator, quotes: Bool) -> [UInt8] {
    let count = Int.random(in: 0...6, using: &random)
    return (0..<count).flatMap { _ -> [UInt8] in
      let piece = Self.pieces.randomElement(using: &random) ?? []
      return quotes ? piece : piece.filter { $0 != UInt8(ascii: "\"") }
    }
  }

  private func isBlank(_ line: [UInt8]) -> Bool {
    line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
  }

  /// Lines under random ends, the last one perhaps without.
  private func join(_ lines: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = Bool.random(using: &random) ? [0xEF, 0xBB, 0xBF] : []
    for (index, line) in lines.enumerated() {
      bytes += line
      if index == lines.count - 1, Bool.random(using: &random) { break }
      bytes += Bool.random(using: &random) ? [0x0A] : [0x0D, 0x0A]
    }
    return bytes
  }

  @Test(arguments: seeds) func linesOfTextAndJSON(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let lines = (0..<200).map { _ in line(&random, quotes: true) }
    let bytes = join(lines, &random)
    for name in ["a.txt", "a.jsonl"] {
      let reading = try read(bytes, named: name)
      #expect(reading.count == lines.count { !isBlank($0) }, "seed \(seed)")
      #expect(reading.error == nil, "seed \(seed)")
      for row in reading.rejected {
        let line = String(decoding: lines[row.line - 1], as: UTF8.self)
        #expect(row.raw.hasPrefix(line) || line.hasPrefix(row.raw), "seed \(seed)")
      }
    }
  }

  @Test(arguments: seeds) func rowsOfTables(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let header = Array("id,text".utf8)
    let lines = [header] + (0..<200).map { _ in line(&random, quotes: false) }
    let reading = try read(join(lines, &random), named: "a.csv")
    #expect(reading.count == lines.dropFirst().count { !isBlank($0) }, "seed \(seed)")
    #expect(reading.error == nil, "seed \(seed)")
  }

  @Test(arguments: seeds) func quotedRowsOfTablesComeBackUnchanged(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("ab,\"\n\r\t {}好👍".unicodeScalars)
    let texts = (0..<200).map { _ in
      let scalars = (0..<8).compactMap { _ in alphabet.randomElement(using: &random) }
      return "x" + String(String.UnicodeScalarView(scalars))
    }
    for (delimiter, name) in [(",", "a.csv"), ("\t", "a.tsv")] {
      let rows = texts.map { text in
        "\(delimiter)\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
      }
      let file = "id\(delimiter)text\n" + rows.joined(separator: "\r\n")
      for bytes in [Array(file.utf8), gzip(Array(file.utf8))] {
        let reading = try read(bytes, named: name)
        #expect(reading.texts == texts, "seed \(seed)")
        #expect(reading.rejected.isEmpty && reading.error == nil, "seed \(seed)")
      }
    }
  }
}
