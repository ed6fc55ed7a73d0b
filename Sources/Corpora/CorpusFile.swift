import Files

/// A file of a corpus as its card lists it: a path, or a path and what is known of the file.
///
/// Where several files are read as one, the first says what is known of the rows.
struct CorpusFile: Decodable, Sendable {
  /// Relative to the folder of the corpora, or to the card where it starts with `./`.
  let path: String
  /// Rows that the reader finds in it.
  let rows: Int?
  /// How many of them cannot be used; nil for a file that the card does not speak of.
  let rejected: Int?
  /// SHA-256 of the file as it is, gzip or not: 64 hexadecimal digits.
  let sha256: String?
  /// What all rows of the file have, where no row says it.
  let label: String?
  let user: String?
  let item: String?
  /// Of a file that holds several lists of rows, the names of those that count.
  let members: [String]

  /// The parts that all of its rows have.
  var given: [FieldNames.Field] {
    [(FieldNames.Field.label, label), (.user, user), (.item, item)]
      .compactMap { field, value in value.map { _ in field } }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case path, rows, rejected, sha256, label, user, item, members
  }

  init(from decoder: any Decoder) throws {
    if let path = try? decoder.singleValueContainer().decode(String.self) {
      self.path = path
      (rows, rejected, sha256, label, user, item, members) = (nil, 0, nil, nil, nil, nil, [])
      return
    }
    let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
    path = try container.decode(String.self, forKey: .path)
    rows = try container.decodeIfPresent(Int.self, forKey: .rows)
    rejected = try container.decodeIfPresent(Int.self, forKey: .rejected) ?? 0
    sha256 = try container.decodeIfPresent(String.self, forKey: .sha256)
    label = try container.decodeIfPresent(String.self, forKey: .label)
    user = try container.decodeIfPresent(String.self, forKey: .user)
    item = try container.decodeIfPresent(String.self, forKey: .item)
    members = try container.decodeIfPresent([String].self, forKey: .members) ?? []
    for (key, count) in [(CodingKeys.rows, rows ?? 0), (.rejected, rejected ?? 0)]
    where !(0...Self.mostRows).contains(count) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "is \(count); it has to be 0 to \(Self.mostRows)")
    }
    if let sha256, sha256.count != 64 || !sha256.allSatisfy("0123456789abcdef".contains) {
      throw DecodingError.dataCorruptedError(
        forKey: .sha256, in: container,
        debugDescription: "is not 64 hexadecimal digits in lower case; take those of sha256sum")
    }
  }

  /// Rows that no file has more of.
  private static let mostRows = 1 << 40

  /// What is true of all rows of `file`, for a file elsewhere.
  init(_ file: CorpusFile, at path: String) {
    self.path = path
    (rows, rejected, sha256) = (nil, nil, nil)
    (label, user, item, members) = (file.label, file.user, file.item, file.members)
  }

  /// A file of which nothing else is known.
  init(path: String) {
    self.path = path
    (rows, rejected, sha256, label, user, item, members) = (nil, nil, nil, nil, nil, nil, [])
  }
}
