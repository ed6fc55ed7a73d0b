extension Corpus {
  /// Where a split comes from, for people: its share of the training files, or nothing to add.
  public func origin(of split: Split) -> String {
    guard let hash = card.hash, card.files[split] == nil || split == .train else { return "" }
    return ", \(hash.percent(of: split)) % of the training files by hash"
  }

  /// A file that the card lists, and its checksum where the card knows it.
  public struct ListedFile: Sendable {
    /// Where it is.
    public let path: String
    /// SHA-256 as 64 hexadecimal digits.
    public let sha256: String?
  }

  /// Files that are read as one, and what the card says of their rows.
  public struct FileGroup: Sendable {
    /// The split that they are listed under.
    public let list: Split
    /// Where they are; the first names the group.
    public let paths: [String]
    /// What the card calls them.
    public let names: [String]
    /// Rows that the reader finds in them.
    public let rows: Int?
    /// How many of those cannot be used; nil where the card does not speak of these files.
    public let rejected: Int?
  }

  /// Every file that the card lists for a split.
  public var listedFiles: [ListedFile] {
    lists.flatMap { files($0) }.map { ListedFile(path: $0.path, sha256: $0.card.sha256) }
  }

  /// The listed files by what is read as one.
  public var fileGroups: [FileGroup] {
    lists.flatMap { list in
      let files = files(list)
      let size = card.reader.filesAtOnce
      return stride(from: 0, to: files.count, by: size).map { first in
        let group = files[first..<min(first + size, files.count)]
        return FileGroup(
          list: list, paths: group.map(\.path), names: group.map(\.name),
          rows: files[first].card.rows,
          rejected: group.reduce(0) { sum, file in
            sum.flatMap { sum in file.card.rejected.map { sum + $0 } }
          })
      }
    }
  }
}
