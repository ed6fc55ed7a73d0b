import Foundation
import TestSupport
import Testing

@testable import Models

/// What model files say of themselves, and what this program makes of it.
@Suite struct FileFormatTests {
  private func complaint(_ metadata: [String: String]) -> String {
    do throws(ModelError) {
      try FileFormat.model.check(metadata, file: "m")
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func newFilesNameFormatVersionAndProducer() throws {
    try withTemporaryFolder { folder in
      try ModelFolder.save(try Fixture.model(), to: folder.path)
      let file = folder.appendingPathComponent("model.safetensors")
      var metadata = try Safetensors.decode(Data(contentsOf: file), file: "m").metadata
      #expect(metadata.removeValue(forKey: "configuration")?.count == 8)
      #expect(
        metadata == [
          "format": "gloss", "format_version": "4", "producer": "gloss \(Producer.version)",
          "model": "gloss-test",
        ])
      #expect(complaint(metadata) == "none")
    }
  }

  @Test func theFirstFilesNamedNoVersion() {
    #expect(complaint(["format": "gloss"]) == "none")
    // Of files of others nothing is known; their tensors are checked all the same.
    #expect(complaint([:]) == "none")
    #expect(complaint(["format": "pt", "format_version": "9"]) == "none")
  }

  @Test func newerVersionsAreRefused() {
    #expect(
      complaint(["format": "gloss", "format_version": "5", "producer": "gloss 9.0"])
        == "m: was written by gloss 9.0 in format version 5, this program reads up to 4;"
        + " use a newer gloss or train the model anew")
    for version in ["0", "-1", "x", "1.0", "99999999999999999999", "a\nb"] {
      let line = complaint(["format": "gloss", "format_version": version])
      #expect(line.contains("use a newer gloss") && !line.contains("\n"), "\(line)")
    }
  }
}
