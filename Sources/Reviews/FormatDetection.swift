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
  init(of source: ByteSource, textField: String) throws(FileError) {
    var start = try source.peek(1 << 16)[...]
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
    let line = start.split(separator: UInt8(ascii: "\n")).first { !isBlank(Array($0)) } ?? []
    let text = String(decoding: line, as: UTF8.self)
    if text.drop(while: { $0 == " " || $0 == "\t" }).utf8.first == UInt8(ascii: "{") {
      self = .jsonl
    } else if Self.columns(text, parted: "\t").contains(textField), text.contains("\t") {
      self = .tsv
    } else if Self.columns(text, parted: ",").contains(textField), text.contains(",") {
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
