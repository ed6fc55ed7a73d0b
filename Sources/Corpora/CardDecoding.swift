import Files

extension CorpusCard: Decodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, title, language, licence, citation, source, notes, evaluation
    case reader, fields, files, hash, deduplicate
    case excludeIDs = "exclude_ids"
    case labels
  }

  /// Reads the strictly known keys of a card; whether they fit together is checked afterwards.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    title = try container.decode(String.self, forKey: .title)
    language = try container.decode(String.self, forKey: .language)
    licence = try container.decode(String.self, forKey: .licence)
    citation = try container.decode(String.self, forKey: .citation)
    sources = try container.decode([CorpusCard.Source].self, forKey: .source)
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
    evaluation = try container.decodeIfPresent([String].self, forKey: .evaluation) ?? []
    reader = try container.decode(ReaderSettings.self, forKey: .reader)
    fields = try container.decodeIfPresent(FieldNames.self, forKey: .fields)
    files = try container.decode(SplitFiles.self, forKey: .files).files
    hash = try container.decodeIfPresent(HashSplit.self, forKey: .hash)
    deduplicate = try container.decodeIfPresent(Bool.self, forKey: .deduplicate) ?? false
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
  let files: [Split: [String]]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case train, dev, test
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    var files: [Split: [String]] = [:]
    files[.train] = try container.decodeIfPresent([String].self, forKey: .train)
    files[.dev] = try container.decodeIfPresent([String].self, forKey: .dev)
    files[.test] = try container.decodeIfPresent([String].self, forKey: .test)
    self.files = files
  }
}

/// `fields`: what a row's parts are called.
struct FieldNames: Decodable {
  var id: String?
  var text = "text"
  var label: String?
  /// A row without the label is unlabelled, not rejected.
  var labelIsOptional = false

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, text, label
    case labelIsOptional = "label_is_optional"
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    id = try container.decodeIfPresent(String.self, forKey: .id)
    text = try container.decodeIfPresent(String.self, forKey: .text) ?? "text"
    label = try container.decodeIfPresent(String.self, forKey: .label)
    labelIsOptional = try container.decodeIfPresent(Bool.self, forKey: .labelIsOptional) ?? false
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
