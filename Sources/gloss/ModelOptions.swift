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
  ///
  /// - Throws: `NoModel` where none is named and the shipped one is in neither place.
  func path() throws -> String {
    if let folder { return folder }
    let named = ProcessInfo.processInfo.environment["GLOSS_MODEL"] ?? ""
    return named.isEmpty ? try Self.shippedFolder() : named
  }

  /// Loads the model; a base, which has no trained heads, is refused.
  func load() throws -> LoadedModel {
    let path = try path()
    let loaded = try ModelFolder.load(path)
    guard !loaded.configuration.isBase else {
      throw ValidationError(
        "\(path) is a pretrained encoder without labels; train heads on it with"
          + " gloss train --from \(path)")
    }
    return loaded
  }

  private static func shippedFolder() throws -> String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = program.deletingLastPathComponent()
    var candidates: [String] = []
    // A build lies some folders below the package; an installation keeps models beside bin.
    for _ in 0..<6 {
      candidates.append(folder.appendingPathComponent(shipped).path)
      folder = folder.deletingLastPathComponent()
    }
    candidates.append(shipped)
    let found = candidates.first { FileManager.default.fileExists(atPath: $0 + "/config.json") }
    guard let found else { throw NoModel() }
    return found
  }

  /// No model is named, and the one that ships is not where it is looked for.
  private struct NoModel: Error, CustomStringConvertible {
    let description = """
      no model: \(shipped) is neither beside the program, nor up to five folders above it, nor in \
      the working folder; name one with --model or GLOSS_MODEL
      """
  }
}
