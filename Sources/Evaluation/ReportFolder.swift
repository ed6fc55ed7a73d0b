public import Files
import Foundation

/// A folder with the report of an evaluation: `index.html` for people, `metrics.json` and
/// `mistakes.jsonl` (one mistake a line, all of them) for machines.
public struct ReportFolder {
  private enum File: String, CaseIterable {
    case metrics = "metrics.json"
    case mistakes = "mistakes.jsonl"
    case page = "index.html"
  }

  private let path: String

  /// Makes the folder, where it is not there, and makes sure that the files can be written.
  ///
  /// - Throws: `FileError` when one of them cannot.
  public init(_ path: String) throws(FileError) {
    self.path = path
    try Folder.make(path)
    for file in File.allCases { _ = try output(file) }
  }

  /// Writes each file whole or not at all. `mistakes` are those of each corpus of the report.
  public func write(_ report: EvaluationReport, mistakes: [[Mistake]]) throws {
    let lines = try output(.mistakes)
    for mistake in mistakes.joined() {
      try lines.write(Data((mistake.sortedJSON() + "\n").utf8))
    }
    try lines.finish()
    try write(report.json() + "\n", to: .metrics)
    try write(ReportPage(report, mistakes: mistakes).html, to: .page)
  }

  private func write(_ text: String, to file: File) throws(FileError) {
    let output = try output(file)
    try output.write(Data(text.utf8))
    try output.finish()
  }

  private func output(_ file: File) throws(FileError) -> OutputFile {
    try OutputFile(path: "\(path)/\(file.rawValue)")
  }
}
