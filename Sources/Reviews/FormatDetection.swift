internal import Files

extension ReviewReader.Format {
  /// By the end of a file's name, `.gz` or not; nil where it says nothing.
  init?(fileName: String) {
    let name = fileName.lowercased()
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    switch plain.split(separator: "/").last?.split(separator: ".").dropFirst().last {
    case "jsonl", "ndjson", "json": self = .jsonl
    case "csv": self = .csv
    case "tsv": self = .tsv
    case "txt": self = .txt
    default: return nil
    }
  }

  /// By the first line that is not blank: an object, a header, or text.
  ///
  /// Where the columns are given there is no header to know; a tab then parts them, or a comma.
  ///
  /// - Throws: `FileError` for a source that cannot be read.
  init(of source: ByteSource, options: ReviewReader.Options) throws(FileError) {
    let text = try Self.firstLine(of: source)
    func isTable(_ delimiter: Character) -> Bool {
      // The name of the text field alone heads a table of one column, whose texts may hold commas.
      guard text.contains(delimiter) || Self.columns(text, parted: delimiter) == [options.textField]
      else { return false }
      return options.columns != nil
        || Self.columns(text, parted: delimiter).contains(options.textField)
    }
    let words = text.filter { !$0.isWhitespace }
    // A list of objects is none of lines: its rows are rejected with the reason.
    if words.hasPrefix("{") || words.hasPrefix("[{") || words == "[" {
      self = .jsonl
    } else if isTable("\t") {
      self = .tsv
    } else if isTable(",") {
      self = .csv
    } else {
      self = .txt
    }
  }

  /// Whether the source begins as JSON, or with words that are separated as a table's columns, and
  /// nothing else.
  static func beginsLikeRows(_ source: ByteSource) throws(FileError) -> Bool {
    let text = try firstLine(of: source)
    return text.hasPrefix("{\"")
      || ",;|\t".contains { delimiter in
        let names = columns(text, parted: delimiter)
        return names.count > 1
          && names.allSatisfy { name in
            !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_-".contains($0) }
          }
      }
  }

  /// The first line that is not blank, without a byte-order mark; all of it stays to be read.
  static func firstLine(of source: ByteSource) throws(FileError) -> String {
    let lineFeed = UInt8(ascii: "\n")
    func firstLine(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      return start.split(separator: lineFeed).first { !isBlank(Array($0)) }
    }
    // A line that ends is enough: the next one may be long in coming.
    let start = try source.peek(1 << 16) { bytes in
      bytes.lastIndex(of: lineFeed).map { firstLine(Array(bytes[..<$0])) != nil } ?? false
    }
    return String(decoding: firstLine(start) ?? [], as: UTF8.self)
  }

  /// The names of a header on one line.
  private static func columns(_ header: String, parted delimiter: Character) -> [String] {
    header.split(separator: delimiter, omittingEmptySubsequences: false).map { column in
      let name = column.last == "\r" ? column.dropLast() : column
      let isQuoted = name.count > 1 && name.first == "\"" && name.last == "\""
      return String(isQuoted ? name.dropFirst().dropLast() : name)
    }
  }
}

/// Files that are no text of ours, known by their first bytes.
enum ForeignFile {
  private static let kinds: [(start: [UInt8], what: String, remedy: String)] =
    [
      ([0xFF, 0xFE], "UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"),
      ([0xFE, 0xFF], "UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"),
      ([0xFD] + Array("7zXZ\0".utf8), "packed with xz", "unpack it with xz -d"),
      ([0x28, 0xB5, 0x2F, 0xFD], "packed with zstd", "unpack it with zstd -d"),
      (
        Array("PK\u{3}\u{4}".utf8), "a ZIP archive or an office document",
        "unpack it, or save the table as CSV"
      ),
    ]
    + (1...9).map {
      (Array("BZh\($0)1AY&SY".utf8), "packed with bzip2", "unpack it with bzip2 -d")
    }

  /// - Throws: `FileError.malformed` where the source begins as such a file does, and what reading
  ///   throws.
  static func refuse(_ source: ByteSource) throws(FileError) {
    // No more than is needed: the next byte may be long in coming.
    let start = try source.peek(10) { bytes in
      !kinds.contains { $0.start.count > bytes.count && $0.start.starts(with: bytes) }
    }
    if let kind = kinds.first(where: { start.starts(with: $0.start) }) {
      throw .malformed(
        path: source.name, line: nil, problem: "is \(kind.what), which is not read",
        remedy: kind.remedy)
    }
  }
}
