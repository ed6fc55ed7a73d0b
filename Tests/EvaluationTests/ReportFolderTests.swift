import Files
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite struct ReportFolderTests {
  @Test func theFilesHoldTheReport() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("new/report").path
      let (report, mistakes) = (ReportFixture.report, ReportFixture.mistakes)
      let target = try ReportFolder(path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
      try target.write(report, mistakes: mistakes)
      let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      #expect(names == ["index.html", "metrics.json", "mistakes.jsonl"])
      func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
      }
      #expect(try read("metrics.json") == report.json() + "\n")
      #expect(try read("index.html") == ReportPage(report, mistakes: mistakes).html)
      let lines = try read("mistakes.jsonl").split(separator: "\n").map {
        try JSONDecoder().decode(Mistake.self, from: Data($0.utf8))
      }
      #expect(lines == Array(mistakes.joined()))
      // A second report takes the place of the first.
      try target.write(EvaluationReport(model: "m", corpora: []), mistakes: [])
      #expect(try read("mistakes.jsonl").isEmpty)
    }
  }

  @Test func aFolderThatCannotBeWrittenIsToldAtOnce() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("file").path
      try Data().write(to: URL(fileURLWithPath: file))
      #expect(throws: FileError.self) { try ReportFolder(file) }
      #expect(throws: FileError.self) { try ReportFolder(file + "/below") }
      let taken = folder.appendingPathComponent("taken")
      try FileManager.default.createDirectory(
        at: taken.appendingPathComponent("index.html"), withIntermediateDirectories: true)
      let error = #expect(throws: FileError.self) { try ReportFolder(taken.path) }
      #expect(error?.description.contains("taken/index.html: cannot be created") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: taken.path) == ["index.html"])
    }
  }
}
