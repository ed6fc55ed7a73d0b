import Foundation
import Models
import TestSupport
import Testing

@testable import Inference

/// A model folder of every format version that was ever released, and what it said then.
///
/// Folders are never changed. A new version adds one, and its line below.
@Suite struct ReleasedModelsTests {
  private static let text = "The soup was great but delivery was late."

  @Test(arguments: [
    // Written before files named their version and producer.
    ("format-1", "gloss-format-1/47f4786f", [0.0005, 0.0053, 0.9875, 0.0001, 0.0064])
  ])
  func aReleasedModelStillReadsTheSame(
    folder: String, identifier: String, stars: [Double]
  ) throws {
    let path = Project.root.appendingPathComponent("Tests/Released/\(folder)").path
    let model = try ModelFolder.load(path)
    #expect(model.configuration.identifier == identifier)
    let reading = try #require(TextReader(model, threads: 1).read([Self.text]).first)
    for (probability, stored) in zip(reading.stars, stars) {
      // Stored with four decimals.
      #expect(abs(probability - stored) < 1e-4, "\(reading.stars)")
    }
    #expect(reading.intents.count == 13 && reading.intents.allSatisfy { (0...1).contains($0) })
  }

  @Test func everyReleasedFolderIsRead() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Project.root.appendingPathComponent("Tests/Released").path)
    #expect(folders == ["format-1"], "add a line for a new folder")
  }
}
