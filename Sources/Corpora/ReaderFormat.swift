extension ReaderSettings.Format {
  /// The settings that the format understands. Text is changed only where no offsets point into it.
  var keys: Set<ReaderSettings.CodingKeys> {
    switch self {
    case .jsonLines: [.format, .encoding, .htmlBreaks, .stripQuotes]
    case .jsonMembers: [.format, .nested, .htmlBreaks, .stripQuotes]
    case .table: [.format, .delimiter, .quoting, .columns, .encoding, .htmlBreaks, .stripQuotes]
    case .labelledLines, .itemLines: [.format, .delimiter, .encoding, .htmlBreaks, .stripQuotes]
    case .lines: [.format, .encoding, .comment, .htmlBreaks, .stripQuotes]
    case .parallelLines: [.format, .columns, .encoding, .htmlBreaks, .stripQuotes]
    case .elementLines, .comparatives: [.format, .encoding, .htmlBreaks, .stripQuotes]
    case .conll:
      [.format, .delimiter, .separator, .encoding, .tags, .prefixes, .positionDigits]
    case .aste, .seg: [.format, .separator, .encoding]
    case .jsonPairs: [.format, .htmlBreaks, .stripQuotes]
    case .semEval: [.format]
    case .trees: [.format, .phrases, .encoding]
    case .features, .acos, .cluener, .zhijiang, .glossJSON: [.format, .encoding]
    }
  }

  /// The types of the spans that the format annotates, where the format fixes them.
  var spanTypes: [String]? {
    switch self {
    case .semEval: ["aspectTerm", "target"]
    case .acos, .aste: ["aspect", "opinion"]
    case .seg: ["aspect"]
    case .zhijiang: ["AspectTerms", "OpinionTerms"]
    case .features: ["feature"]
    default: nil
    }
  }

  /// True where rows have spans.
  var hasSpans: Bool {
    self == .conll || self == .cluener || self == .glossJSON || spanTypes != nil
  }
  /// True where rows say how the writer feels about what they judge.
  var hasPolarities: Bool { spanTypes != nil }
  /// True where rows have one label of the whole text, or may be given that of their file.
  var hasLabel: Bool {
    switch self {
    case .jsonLines, .jsonMembers, .table, .labelledLines, .lines, .parallelLines, .elementLines,
      .comparatives, .trees, .jsonPairs:
      true
    default: false
    }
  }
  /// True where the parts of a row have names that the card gives.
  var hasNamedFields: Bool {
    switch self {
    case .jsonLines, .jsonMembers, .table, .parallelLines: true
    default: false
    }
  }
  /// True where a label comes from a named field or from the file.
  var hasLabelFromCard: Bool { hasNamedFields || self == .lines }
}

extension ReaderSettings {
  /// How many files in a row are read as one.
  var filesAtOnce: Int {
    switch format {
    case .zhijiang: 2
    case .parallelLines: max(columns?.count ?? 0, 1)
    default: 1
    }
  }
}
