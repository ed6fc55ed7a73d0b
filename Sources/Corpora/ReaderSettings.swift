import Files

/// `reader`: the format of a corpus's files and what varies within it.
struct ReaderSettings: Decodable {
  enum Format: String, CardWord {
    case jsonLines = "json-lines"
    case jsonMembers = "json-members"
    case table = "delimited"
    case labelledLines = "labelled-lines"
    case lines
    case parallelLines = "parallel-lines"
    case elementLines = "element-lines"
    case itemLines = "item-lines"
    case comparatives = "comparative-sentences"
    case features = "feature-lines"
    case conll
    case semEval = "semeval-xml"
    case acos, aste, seg, cluener
    case jsonPairs = "json-pairs"
    case trees = "sst-trees"
    case zhijiang
    case glossJSON = "gloss-json"
  }

  enum Delimiter: String, CardWord {
    case comma, tab, space, semicolon, pipe
    /// Any number of blanks and tabs, also before the first field.
    case blanks

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .tab: UInt8(ascii: "\t")
      case .space, .blanks: UInt8(ascii: " ")
      case .semicolon: UInt8(ascii: ";")
      case .pipe: UInt8(ascii: "|")
      }
    }
  }

  enum Encoding: String, CardWord {
    case utf8 = "utf-8"
    case lossyUTF8 = "utf-8-lossy"
    case latin1 = "latin-1"
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case format, delimiter, quoting, columns, separator, encoding, comment, nested
    case tags, prefixes, phrases
    case positionDigits = "position_digits"
    case htmlBreaks = "html_breaks"
    case stripQuotes = "strip_quotes"
  }

  let format: Format
  let delimiter: Delimiter?
  let quoting: Bool
  /// Column names where the files have no header; what each of several parallel files holds.
  let columns: [String]?
  /// What goes between tokens to make the text.
  let separator: String
  let encoding: Encoding
  /// Lines that start with it are no rows.
  let comment: String?
  /// The member of each JSON object whose members are the rows.
  let nested: String?
  /// How the tags of tokens spell spans.
  let tags: TagLetters
  /// Tokens that the next one follows without separator.
  let prefixes: [String]
  /// Tokens end with their place in their word.
  let positionDigits: Bool
  /// Rows are the phrases inside of each sentence.
  let phrases: Bool
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
    comment = try container.decodeIfPresent(String.self, forKey: .comment)
    nested = try container.decodeIfPresent(String.self, forKey: .nested)
    tags = try container.decodeIfPresent(TagLetters.self, forKey: .tags) ?? .bio
    prefixes = try container.decodeIfPresent([String].self, forKey: .prefixes) ?? []
    positionDigits = try container.decodeIfPresent(Bool.self, forKey: .positionDigits) ?? false
    phrases = try container.decodeIfPresent(Bool.self, forKey: .phrases) ?? false
    htmlBreaks = try container.decodeIfPresent(Bool.self, forKey: .htmlBreaks) ?? false
    stripQuotes = try container.decodeIfPresent(Bool.self, forKey: .stripQuotes) ?? false
    let useful = format.keys
    needlessKeys = CodingKeys.allCases.filter { container.contains($0) && !useful.contains($0) }
      .map(\.rawValue)
  }

  func corpusReader(_ card: CorpusCard) -> any CorpusReader {
    let fields = card.fields ?? FieldNames()
    let isText = card.kind.requiredFields.contains(.text)
    switch format {
    case .jsonLines: return JSONLinesReader(fields: fields, isText: isText)
    case .jsonMembers: return JSONMembersReader(fields: fields, nested: nested)
    case .table:
      return TableReader(
        delimiter: delimiter ?? .comma, quoting: quoting, columns: columns, fields: fields,
        isText: isText)
    case .labelledLines: return LabelledLinesReader(delimiter: (delimiter ?? .space).byte)
    case .lines: return LinesReader(comment: comment)
    case .parallelLines: return ParallelLinesReader(columns: columns ?? [], fields: fields)
    case .elementLines: return ElementLinesReader()
    case .itemLines: return ItemLinesReader(delimiter: (delimiter ?? .comma).byte)
    case .comparatives: return ComparativesReader()
    case .features: return FeatureLinesReader()
    case .conll:
      return CoNLLReader(
        delimiter: (delimiter ?? .tab).byte, separator: separator, scheme: tags,
        prefixes: Set(prefixes), positionDigits: positionDigits)
    case .semEval: return SemEvalReader()
    case .acos: return ACOSReader()
    case .aste: return ASTEReader(separator: separator)
    case .seg: return SegReader(separator: separator)
    case .cluener: return MentionsReader()
    case .jsonPairs: return JSONPairsReader()
    case .trees: return TreesReader(readsPhrases: phrases)
    case .zhijiang: return ZhijiangReader()
    case .glossJSON: return GlossJSONReader()
    }
  }
}
