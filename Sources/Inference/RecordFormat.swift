public import Files
import Foundation
public import Reviews

/// How records are written.
public struct RecordFormat: Sendable {
  /// One JSON object a line, or the rows of a table.
  public enum Kind: String, CaseIterable, Sendable {
    /// JSON lines.
    case jsonl
    /// CSV with a header.
    case csv
  }

  private let kind: Kind
  private let heads: Set<Head>
  private let table: GlossTable

  /// Records of `heads`; a table has a column for the rows' other fields where it `keepsFields`.
  public init(_ kind: Kind, heads: Set<Head> = Head.all, keepsFields: Bool = false) {
    self.kind = kind
    self.heads = heads
    table = GlossTable(heads: heads, keepsFields: keepsFields)
  }

  /// The first line, with its end; nil where records have none.
  public var header: String? { kind == .csv ? table.header : nil }

  func text(_ annotation: Annotation) -> String {
    switch kind {
    case .jsonl: annotation.gloss.jsonLine(heads: heads, fields: annotation.review?.fields) + "\n"
    case .csv: table.row(annotation.gloss, fields: annotation.review?.fields)
    }
  }
}

/// Writes records to a file or to standard output, and knows how many are there whole.
public struct RecordWriter {
  private let format: RecordFormat
  private let output: OutputFile

  /// Writes the header, if there is one and nothing of the file is kept.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public init(_ format: RecordFormat, to output: OutputFile, keeping: Int = 0) throws(FileError) {
    self.format = format
    self.output = output
    if keeping == 0, let header = format.header { try output.write(Data(header.utf8)) }
  }

  /// Appends records.
  ///
  /// - Throws: `PartlyWritten` with the number of records that are there whole; of the one after
  ///   them a file holds nothing.
  public func write(_ annotations: [Annotation]) throws(PartlyWritten) {
    var data = Data()
    var ends: [Int] = []
    for annotation in annotations {
      data.append(contentsOf: format.text(annotation).utf8)
      ends.append(data.count)
    }
    let before = output.byteCount
    do throws(FileError) {
      try output.write(data)
    } catch {
      let whole = ends.prefix { $0 <= output.byteCount - before }
      output.takeBack(output.byteCount - before - (whole.last ?? 0))
      throw PartlyWritten(count: whole.count, error: error)
    }
  }
}

/// Some records, from the first, were taken, and then an error ended it.
public struct PartlyWritten: Error {
  /// Records that were taken.
  public let count: Int
  /// What ended it.
  public let error: FileError
}
