import Files

extension CorpusCard: Decodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, title, language, domain, kind, licence, citation, source, notes, evaluation, scores
    case reader, fields, files, hash, deduplicate, exclude
    case excludeIDs = "exclude_ids"
    case labels
  }

  /// Reads the strictly known keys of a card; whether they fit together is checked afterwards.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    title = try container.decodeIfPresent(String.self, forKey: .title) ?? name
    language = try container.decode(String.self, forKey: .language)
    domain = try container.decodeIfPresent(String.self, forKey: .domain)
    kind = try container.decodeIfPresent(CorpusKind.self, forKey: .kind) ?? .texts
    licence = try container.decodeIfPresent(String.self, forKey: .licence)
    citation = try container.decodeIfPresent(String.self, forKey: .citation)
    sources = try container.decodeIfPresent([CorpusCard.Source].self, forKey: .source) ?? []
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
    evaluation = try container.decodeIfPresent([String].self, forKey: .evaluation) ?? []
    scores = try container.decodeIfPresent([PublishedScore].self, forKey: .scores) ?? []
    reader = try container.decode(ReaderSettings.self, forKey: .reader)
    fields = try container.decodeIfPresent(FieldNames.self, forKey: .fields)
    files = try container.decode(SplitFiles.self, forKey: .files).files
    hash = try container.decodeIfPresent(HashSplit.self, forKey: .hash)
    deduplicate = try container.decodeIfPresent(Bool.self, forKey: .deduplicate) ?? false
    excluded = try container.decodeIfPresent(Exclusions.self, forKey: .exclude) ?? Exclusions()
    excludedIDs = try container.decodeIfPresent(ExcludedIDs.self, forKey: .excludeIDs)
    labels = try container.decodeIfPresent(LabelMapping.self, forKey: .labels) ?? LabelMapping()
  }
}

extension CorpusCard.Source: Decodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case repository, path, commit
  }

  /// Reads the strictly known keys `repository`, `path` and `commit`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    repository = try container.decode(String.self, forKey: .repository)
    path = try container.decode(String.self, forKey: .path)
    commit = try container.decodeIfPresent(String.self, forKey: .commit)
  }
}

/// `files`: a list for each split.
private struct SplitFiles: Decodable {
  let files: [Split: [CorpusFile]]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case train, dev, test
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    var files: [Split: [CorpusFile]] = [:]
    files[.train] = try container.decodeIfPresent([CorpusFile].self, forKey: .train)
    files[.dev] = try container.decodeIfPresent([CorpusFile].self, forKey: .dev)
    files[.test] = try container.decodeIfPresent([CorpusFile].self, forKey: .test)
    self.files = files
  }
}

/// `exclude`: rows to leave out wherever they are, by the values of their parts.
struct Exclusions: Decodable {
  private var values: [FieldNames.Field: Set<String>] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: FieldNames.Field.self)
    for field in FieldNames.Field.allCases {
      values[field] = try container.decodeIfPresent([String].self, forKey: field).map(Set.init)
    }
  }

  /// The parts that are looked at.
  var fields: [FieldNames.Field] { FieldNames.Field.allCases.filter { values[$0] != nil } }

  /// True where one of the row's parts is to be left out.
  func contains(_ row: SourceRow) -> Bool {
    values.contains { field, excluded in
      switch field {
      case .text: excluded.contains(row.text.trimmed)
      case .item: row.items.contains(where: excluded.contains)
      case .id: excluded.contains(row.givenID)
      case .label: row.label.map(excluded.contains) ?? false
      default: row.parts[field].map(excluded.contains) ?? false
      }
    }
  }
}

/// `exclude_ids`: training rows to leave out, as a list of ids in a JSON file.
struct ExcludedIDs: Decodable {
  let file: String
  /// The member of the JSON object that holds the list.
  let key: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case file, key
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    file = try container.decode(String.self, forKey: .file)
    key = try container.decode(String.self, forKey: .key)
  }
}
