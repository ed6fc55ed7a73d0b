import ArgumentParser
import Files
import Foundation
import Inference
import Reviews

/// `gloss classify`: reviews in, records out.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write one record per review: sentiment, entities, intents.",
    discussion: "Records go to standard output in input order, one JSON object a line.")

  @OptionGroup var reading: ReadingOptions
  @Option(help: "Write the records to this file, which appears when all is done.")
  var out: String = "-"
  @Option(help: "What entity offsets count: scalar, utf8 or utf16.") var offsets: String = "scalar"

  func validate() throws {
    if OffsetUnit(rawValue: offsets) == nil {
      throw ValidationError("--offsets is '\(offsets)'; choose scalar, utf8 or utf16")
    }
  }

  func run() throws {
    let output: OutputFile = try failing { try OutputFile(path: out) }
    try reading.run(requiresUser: false, offsets: OffsetUnit(rawValue: offsets) ?? .scalar) {
      Console.clearProgress()
      try output.write(Data($0.map { $0.jsonLine() + "\n" }.joined().utf8))
    } finish: {
      try output.finish()
    }
  }
}
