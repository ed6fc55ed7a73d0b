@testable import Corpora

/// On which lines the rows of a damaged file start: told anew, apart from the readers.
struct Accounting {
  /// What makes a row.
  enum Unit {
    /// Every line with something on it; one that is not UTF-8 always is one.
    case line(isRow: ([UInt8]) -> Bool)
    /// Lines up to a blank one.
    case block
    /// A record of RFC 4180 below a header; a quote that never closes ends the record with its line.
    case record(delimiter: UInt8, hasHeader: Bool)
    /// Three lines from one with `$T$`; where a record should start, any other line.
    case threeLines
    /// Line n of several files.
    case parallel
    /// Not told: an element or member of a document that is read as one, or lines that belong
    /// together by what they say.
    case untold
  }

  let unit: Unit
  /// No file of lines is refused as a whole; a table may lack a column.
  var isAlwaysReadable: Bool {
    switch unit {
    case .line, .block, .threeLines, .parallel: true
    case .record, .untold: false
    }
  }

  static func of(_ card: CorpusCard) -> Accounting {
    let space: Set<UInt8> = [0x20, 0x09]
    switch card.reader.format {
    case .jsonLines, .glossJSON:
      return Accounting(unit: .line { !$0.allSatisfy(space.contains) })
    case .labelledLines, .acos, .trees, .itemLines: return Accounting(unit: .line { !$0.isEmpty })
    case .lines:
      return Accounting(unit: .line { !$0.isEmpty && $0.first != UInt8(ascii: ";") })
    case .table where card.reader.delimiter == .blanks:
      // The header may stand there again.
      return Accounting(
        unit: .line {
          !$0.allSatisfy(space.contains)
            && $0.split(whereSeparator: space.contains)
              .map { String(decoding: $0, as: UTF8.self) } != card.reader.columns
        })
    case .table:
      let delimiter = (card.reader.delimiter ?? .comma).byte
      return Accounting(
        unit: .record(delimiter: delimiter, hasHeader: card.reader.columns == nil))
    case .zhijiang:
      return Accounting(unit: .record(delimiter: UInt8(ascii: ","), hasHeader: true))
    case .aste: return Accounting(unit: .line { !$0.allSatisfy(\.isASCIIBlank) })
    case .conll: return Accounting(unit: .block)
    case .seg: return Accounting(unit: .threeLines)
    case .parallelLines: return Accounting(unit: .parallel)
    default: return Accounting(unit: .untold)
    }
  }

  /// The first lines of the rows of a file, rising; nil where they are not told.
  func rows(of bytes: [UInt8], _ file: Int) -> [Int]? {
    let lines = Self.lines(bytes)
    switch unit {
    case .line(let isRow):
      return lines.indices.filter { line in
        isRow(lines[line]) || String(validating: lines[line], as: UTF8.self) == nil
      }.map { $0 + 1 }
    case .block:
      let blank: Set<UInt8> = [0x20, 0x09, 0x0D]
      let isText = lines.map { !$0.allSatisfy(blank.contains) }
      return lines.indices.filter { isText[$0] && ($0 == 0 || !isText[$0 - 1]) }.map { $0 + 1 }
    case .threeLines:
      var (starts, line): ([Int], Int) = ([], 0)
      while line < lines.count {
        let isRecord = String(decoding: lines[line], as: UTF8.self).contains("$T$")
        if !lines[line].allSatisfy(\.isASCIIBlank) { starts.append(line + 1) }
        line += isRecord ? 3 : 1
      }
      return starts
    case .record(let delimiter, let hasHeader):
      // The second file of a pair makes no rows of its own.
      if file > 0 { return nil }
      let records = Self.records(lines, delimiter)
      let rows = records.dropFirst(hasHeader ? 1 : 0).filter { !lines[$0 - 1].isEmpty }
      return Array(rows)
    case .parallel, .untold: return nil
    }
  }

  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    let hasLastEnd = bytes.last == 0x0A
    for index in lines.indices where lines[index].last == 0x0D {
      // A carriage return at the end of the file ends nothing.
      if index < lines.count - 1 || hasLastEnd { lines[index].removeLast() }
    }
    return lines
  }

  /// The lines, from 1, on which records start.
  private static func records(_ lines: [[UInt8]], _ delimiter: UInt8) -> [Int] {
    var starts: [Int] = []
    var line = 0
    while line < lines.count {
      starts.append(line + 1)
      line = end(of: line, lines, delimiter)
    }
    return starts
  }

  /// One past the last line of the record that starts on a line; where a quote stays open, past the
  /// line on which it opens.
  private static func end(of first: Int, _ lines: [[UInt8]], _ delimiter: UInt8) -> Int {
    let quote = UInt8(ascii: "\"")
    var isQuoted = false
    var opening = first
    for line in first..<lines.count {
      var isFieldStart = !isQuoted
      var position = 0
      while position < lines[line].count {
        let byte = lines[line][position]
        if isQuoted {
          if byte == quote {
            let isDoubled = position + 1 < lines[line].count && lines[line][position + 1] == quote
            if isDoubled { position += 1 } else { isQuoted = false }
          }
        } else if byte == quote, isFieldStart {
          isQuoted = true
          opening = line
        }
        isFieldStart = !isQuoted && byte == delimiter
        position += 1
      }
      if !isQuoted { return line + 1 }
    }
    return opening + 1
  }
}
