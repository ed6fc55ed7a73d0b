import Foundation
import TestSupport

/// The built `gloss`, run as a user runs it, with a model that reads eleven times as fast as the one
/// that ships.
enum Program {
  struct Result {
    let status: Int32
    let output: String
    let messages: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// It lies beside the program that runs the tests.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("gloss")

  private static let environment = ProcessInfo.processInfo.environment.merging([
    "GLOSS_MODEL": Project.root.appendingPathComponent("models/gloss-tiny").path
  ]) { $1 }

  /// Runs `gloss` from the project's folder.
  static func run(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
  ) throws -> Result {
    try run(path, arguments, input: input, environment: environment)
  }

  private static func run(
    _ program: URL, _ arguments: [String], input: Data = Data(),
    environment: [String: String] = [:]
  ) throws -> Result {
    try withTemporaryFolder { folder in
      // Files rather than pipes: neither side ever waits for the other.
      func file(_ name: String, _ data: Data) throws -> FileHandle {
        let url = folder.appendingPathComponent(name)
        try data.write(to: url)
        return try FileHandle(forUpdating: url)
      }
      let process = Process()
      process.executableURL = program
      process.arguments = arguments
      process.environment = Self.environment.merging(environment) { $1 }
      process.currentDirectoryURL = Project.root
      process.standardInput = try file("in", input)
      process.standardOutput = try file("out", Data())
      process.standardError = try file("err", Data())
      try process.run()
      process.waitUntilExit()
      func text(_ name: String) throws -> String {
        String(
          decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
      }
      return Result(
        status: process.terminationReason == .exit ? process.terminationStatus : -1,
        output: try text("out"), messages: try text("err"))
    }
  }

  static func run(_ arguments: String..., input: String = "") throws -> Result {
    try run(arguments, input: Data(input.utf8))
  }

  /// Runs a script of bash; `$0` and what follows are `arguments`.
  static func shell(
    _ script: String, _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Result {
    try run(
      URL(fileURLWithPath: "/bin/bash"), ["-c", script] + arguments, environment: environment)
  }

  /// `gloss` begun in the background, without messages.
  static func start(
    _ arguments: [String], input: Pipe? = nil, output: Pipe? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = path
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = Project.root
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
