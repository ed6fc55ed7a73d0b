import Files

/// The program that writes a file.
public enum Producer {
  /// The version of Gloss.
  public static let version = "0.1.0"
  /// As files name it.
  public static let name = "gloss \(version)"
}

/// What a safetensors file of Gloss says of itself in its metadata: `format`, `format_version` and
/// `producer`.
public struct FileFormat: Sendable {
  /// `format` in the metadata.
  public let name: String
  /// The version that this program writes, and the last that it reads.
  public let version: Int

  /// A kind of file, and the version of it that this program writes.
  public init(name: String, version: Int) {
    self.name = name
    self.version = version
  }

  /// `model.safetensors` of a model folder.
  public static let model = FileFormat(
    name: "gloss", version: ModelConfiguration.currentFormatVersion)

  /// What a new file says.
  public var metadata: [String: String] {
    ["format": name, "format_version": String(version), "producer": Producer.name]
  }

  /// Whether this program can read a file of this format; of other formats it says nothing.
  ///
  /// Files of version 1 need not name it: the first ones did not.
  ///
  /// - Throws: `ModelError.mismatch` for a newer version.
  public func check(_ metadata: [String: String], file: String) throws(ModelError) {
    guard metadata["format"] == name else { return }
    let found = metadata["format_version"] ?? "1"
    guard let number = Int(found), (1...version).contains(number) else {
      let producer = metadata["producer"].map { " by \($0)" } ?? ""
      // Metadata come from the file and may hold anything; the message is one line.
      let written = "was written\(producer) in format version \(found)"
        .onOneLine
      throw .mismatch(
        file: file,
        problem: "\(written), this program reads up to \(version);"
          + " use a newer gloss or train the model anew")
    }
  }
}
