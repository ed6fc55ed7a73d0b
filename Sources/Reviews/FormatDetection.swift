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
  init(of source: ByteSource, options: ReviewReader.Options) throws(FileError) {
    let lineFeed = UInt8(ascii: "\n")
    func firstLine(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      return start.split(separator: lineFeed).first { !isBlank(Array($0)) }
    }
    // A line that ends is enough: the next one may be long in coming.
    let start = try source.peek(1 << 16) { bytes in
      bytes.lastIndex(of: lineFeed).map { firstLine(Array(bytes[..<$0])) != nil } ?? false
    }
    let line = firstLine(start) ?? []
    let text = String(decoding: line, as: UTF8.self)
    func isTable(_ delimiter: Character) -> Bool {
      guard text.contains(delimiter) else { return false }
      return options.columns != nil
        || Self.columns(text, parted: delimiter).contains(options.textField)
    }
    if text.drop(while: { $0 == " " || $0 == "\t" }).utf8.first == UInt8(ascii: "{") {
      self = .jsonl
    } else if isTable("\t") {
      self = .tsv
    } else if isTable(",") {
      self = .csv
    } else {
      self = .txt
    }
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
