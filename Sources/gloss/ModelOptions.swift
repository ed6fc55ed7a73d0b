import ArgumentParser
import Foundation
import Models

/// `--model`, or the environment variable `GLOSS_MODEL`.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: "The model folder. (default: $GLOSS_MODEL, else the model that ships)")
  var folder: String?

  /// The model that ships, used where no other is named.
  static let shipped = "models/gloss-small"

  /// The folder that is named, or that of the shipped model: in a folder above the program, else
  /// below the working folder.
  var path: String {
    if let folder { return folder }
    let named = ProcessInfo.processInfo.environment["GLOSS_MODEL"] ?? ""
    return named.isEmpty ? Self.shippedFolder : named
  }

  /// Loads the model; a base, which has no trained heads, is refused.
  func load() throws -> LoadedModel {
    let loaded = try ModelFolder.load(path)
    guard !loaded.configuration.isBase else {
      throw ValidationError(
        "\(path) is a pretrained encoder without labels; train heads on it with"
          + " gloss train --from \(path)")
    }
    return loaded
  }

  private static var shippedFolder: String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = program.deletingLastPathComponent()
    // A build lies some folders below the package; an installation keeps models beside bin.
    for _ in 0..<6 {
      let candidate = folder.appendingPathComponent(shipped).path
      if FileManager.default.fileExists(atPath: candidate + "/config.json") { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    return shipped
  }
}
