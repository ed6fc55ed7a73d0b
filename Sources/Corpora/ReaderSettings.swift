import Files

/// `reader`: the format of a corpus's files and what varies within it.
struct ReaderSettings: Decodable {
  enum Format: String, CardWord {
    case jsonLines = "json-lines"
    case table = "delimited"
    case labelledLines = "labelled-lines"
    case conll
    case semEval = "semeval-xml"
    case acos
    case trees = "sst-trees"
    case zhijiang
    case glossJSON = "gloss-json"
  }

  enum Delimiter: String, CardWord {
    case comma, tab, space

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .tab: UInt8(ascii: "\t")
      case .space: UInt8(ascii: " ")
      }
    }
  }

  enum Encoding: String, CardWord {
    case utf8 = "utf-8"
    case lossyUTF8 = "utf-8-lossy"
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case format, delimiter, quoting, columns, separator, encoding
    case htmlBreaks = "html_breaks"
    case stripQuotes = "strip_quotes"
  }

  let format: Format
  let delimiter: Delimiter?
  let quoting: Bool
  /// Column names where the files have no header.
  let columns: [String]?
  /// What goes between tokens to make the text.
  let separator: String
  let encoding: Encoding
  /// `<br />` in the text becomes a line feed.
  let htmlBreaks: Bool
  /// One pair of quotation marks around the text goes.
  let stripQuotes: Bool
  /// Keys that the format has no use for.
  let needlessKeys: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    format = try container.decode(Format.self, forKey: .format)
    delimiter = try container.decodeIfPresent(Delimiter.self, forKey: .delimiter)
    quoting = try container.decodeIfPresent(Bool.self, forKey: .quoting) ?? true
    columns = try container.decodeIfPresent([String].self, forKey: .columns)
    separator = try container.decodeIfPresent(String.self, forKey: .separator) ?? " "
    encoding = try container.decodeIfPresent(Encoding.self, forKey: .encoding) ?? .utf8
    htmlBreaks = try container.decodeIfPresent(Bool.self, forKey: .htmlBreaks) ?? false
    stripQuotes = try container.decodeIfPresent(Bool.self, forKey: .stripQuotes) ?? false
    let useful = format.keys
    needlessKeys = CodingKeys.allCases.filter { container.contains($0) && !useful.contains($0) }
      .map(\.rawValue)
  }

  func corpusReader(fields: FieldNames) -> any CorpusReader {
    switch format {
    case .jsonLines: JSONLinesReader(fields: fields)
    case .table:
      TableReader(
        delimiter: (delimiter ?? .comma).byte, quoting: quoting, columns: columns, fields: fields)
    case .labelledLines: LabelledLinesReader(delimiter: (delimiter ?? .space).byte)
    case .conll: CoNLLReader(delimiter: (delimiter ?? .tab).byte, separator: separator)
    case .semEval: SemEvalReader()
    case .acos: ACOSReader()
    case .trees: TreesReader()
    case .zhijiang: ZhijiangReader()
    case .glossJSON: GlossJSONReader()
    }
  }
}

extension ReaderSettings.Format {
  /// The settings that the format understands. Text is changed only where no offsets point into it.
  var keys: Set<ReaderSettings.CodingKeys> {
    switch self {
    case .jsonLines: [.format, .encoding, .htmlBreaks, .stripQuotes]
    case .table: [.format, .delimiter, .quoting, .columns, .encoding, .htmlBreaks, .stripQuotes]
    case .labelledLines: [.format, .delimiter, .encoding, .htmlBreaks, .stripQuotes]
    case .conll: [.format, .delimiter, .separator, .encoding]
    case .semEval: [.format]
    case .acos, .trees, .zhijiang, .glossJSON: [.format, .encoding]
    }
  }

  /// The types of the spans that the format annotates, where the format fixes them.
  var spanTypes: [String]? {
    switch self {
    case .semEval: ["aspectTerm"]
    case .acos: ["aspect", "opinion"]
    case .zhijiang: ["AspectTerms", "OpinionTerms"]
    default: nil
    }
  }

  /// True where rows have spans.
  var hasSpans: Bool { self == .conll || self == .glossJSON || spanTypes != nil }
  /// True where rows say how the writer feels about what they judge.
  var hasPolarities: Bool { spanTypes != nil }
  /// True where rows have one label of the whole text.
  var hasLabel: Bool {
    switch self {
    case .jsonLines, .table, .labelledLines, .trees: true
    default: false
    }
  }
  /// True where the label's field has a name that the card gives.
  var hasNamedFields: Bool { self == .jsonLines || self == .table }
}
