import Foundation
import Models
import TestSupport
import Testing

@testable import Inference

/// A model folder of every format version that ships, and what it said then.
///
/// Folders are never changed. A new version adds one, and its line below.
@Suite struct ReleasedModelsTests {
  private static let text = "The soup was great but delivery was late."

  struct Released: Sendable {
    let folder: String
    let identifier: String
    let stars: [Double]
    /// What it says of a complaint; nil where that is not kept.
    var complaint: Double?
  }

  private static let released = [
    // Written before files named their version and producer.
    Released(
      folder: "format-1", identifier: "gloss-format-1/47f4786f",
      stars: [0.0005, 0.0053, 0.9875, 0.0001, 0.0064]),
    // With a linear part and its calibration.
    Released(
      folder: "format-3", identifier: "gloss-format-3/0bed582b",
      stars: [0.193, 0.2798, 0.2385, 0.2021, 0.0866], complaint: 0.8677),
    // Every intent with a query of its own.
    Released(
      folder: "format-4", identifier: "gloss-format-4/3b58b62c",
      stars: [0.1327, 0.3438, 0.2533, 0.2219, 0.0483], complaint: 0.9208),
  ]

  @Test(arguments: released) func aReleasedModelStillReadsTheSame(_ released: Released) throws {
    let path = Project.root.appendingPathComponent("Tests/Released/\(released.folder)").path
    let model = try ModelFolder.load(path)
    #expect(model.configuration.identifier == released.identifier)
    let reading = try #require(TextReader(model, threads: 1).read([Self.text]).first)
    for (probability, stored) in zip(reading.stars, released.stars) {
      // Stored with four decimals.
      #expect(abs(probability - stored) < 1e-4, "\(reading.stars)")
    }
    #expect(reading.intents.count == model.configuration.intents.count)
    if let complaint = released.complaint {
      let index = try #require(model.configuration.intents.firstIndex(of: "complaint"))
      #expect(abs(reading.intents[index] - complaint) < 1e-4)
    }
  }

  @Test func everyFolderHasItsLine() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Project.root.appendingPathComponent("Tests/Released").path)
    #expect(folders.sorted() == Self.released.map(\.folder))
  }
}
