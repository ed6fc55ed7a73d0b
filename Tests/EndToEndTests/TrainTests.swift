import Foundation
import TestSupport
import Testing

/// `gloss train` as a user runs it, and as the world ends it.
@Suite(.serialized) struct TrainTests {
  private static let recipe = Project.root.appendingPathComponent("training/smoke.yaml").path

  /// Arguments that train into `folder`, with a checkpoint after every step.
  private func arguments(_ folder: URL, _ more: String...) -> [String] {
    ["train", Self.recipe, "--out", folder.path, "--checkpoint-seconds", "0"] + more
  }

  /// `gloss` begun in the background; messages go to a file.
  private func start(
    _ arguments: [String], environment: [String: String] = [:], messages: URL? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = Program.path
    process.arguments = arguments
    process.currentDirectoryURL = Project.root
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    if let messages {
      try Data().write(to: messages)
      process.standardError = try FileHandle(forWritingTo: messages)
    } else {
      process.standardError = FileHandle.nullDevice
    }
    try process.run()
    return process
  }

  private func files(_ folder: URL) throws -> [String: Data] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(into: [:]) {
      $0[$1] = try? Data(contentsOf: folder.appendingPathComponent($1))
    }
  }

  private func checkpoints(_ folder: URL) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("checkpoints").path)
    return (names ?? []).sorted()
  }

  private func hasCheckpoint(_ folder: URL) -> Bool {
    checkpoints(folder).contains { $0.hasSuffix(".safetensors") }
  }

  /// The model of a run that nothing disturbs.
  private func undisturbed() throws -> [String: Data] {
    try withTemporaryFolder { folder in
      let result = try Program.run(arguments(folder))
      #expect(result.status == 0, "\(result.messages)")
      return try files(folder)
    }
  }

  @Test func killedAgainAndAgainARunEndsAsAnUndisturbedOne() throws {
    let expected = try undisturbed()
    try withTemporaryFolder { folder in
      var kills = 0
      var killsWhileWriting = 0
      func isWriting() -> Bool { checkpoints(folder).contains { $0.hasSuffix(".part") } }
      for attempt in 0..<100 where kills < 12 {
        let process = try start(arguments(folder, "--resume"))
        // Moments from the start of the process until well into its steps.
        usleep(UInt32(attempt * 97 % 300) * 1_000)
        if attempt % 2 == 1 {
          // Half of them while a checkpoint is being written.
          while process.isRunning, !isWriting() { usleep(50) }
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
          kills += 1
          if isWriting() { killsWhileWriting += 1 }
        } else {
          // It was done before; the next one begins anew.
          #expect(try files(folder) == expected)
          for name in try files(folder).keys {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
          }
        }
      }
      #expect(kills == 12 && killsWhileWriting >= 1, "\(kills), \(killsWhileWriting) in writing")
      let last = try Program.run(arguments(folder, "--resume"))
      #expect(last.status == 0, "\(last.messages)")
      #expect(try files(folder) == expected)
    }
  }

  @Test func killedWhileItWritesTheModelARunEndsAsAnUndisturbedOne() throws {
    let expected = try undisturbed()
    for microseconds in [0, 500, 1_000, 2_000, 3_000, 5_000, 8_000] {
      try withTemporaryFolder { folder in
        let process = try start(arguments(folder, "--resume"))
        // The last checkpoint is whole: what follows is the model folder.
        while process.isRunning, !checkpoints(folder).contains("1-finetune-000000095.safetensors") {
          usleep(50)
        }
        usleep(UInt32(microseconds))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let last = try Program.run(arguments(folder, "--resume"))
        #expect(last.status == 0, "\(last.messages)")
        #expect(try files(folder) == expected, "killed after \(microseconds) microseconds")
      }
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalFinishesTheStepAndSaysHowToGoOn(signal: Int32) throws {
    let expected = try undisturbed()
    try withTemporaryFolder { folder in
      let messages = folder.appendingPathComponent("messages")
      let model = folder.appendingPathComponent("model")
      let process = try start(arguments(model), messages: messages)
      while process.isRunning, !hasCheckpoint(model) { usleep(1_000) }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      let lines = try String(contentsOf: messages, encoding: .utf8).split(separator: "\n")
      let line = lines.last.map(String.init) ?? ""
      #expect(line.contains(": stopped after step "), "\(lines)")
      #expect(line.hasSuffix("; go on with the same command and --resume"), "\(lines)")
      #expect(checkpoints(model).count { $0.hasSuffix(".safetensors") } >= 1)
      #expect(!FileManager.default.fileExists(atPath: model.path + "/config.json"))
      let resumed = try Program.run(arguments(model, "--resume"))
      #expect(resumed.status == 0 && resumed.messages.contains("going on after step"))
      #expect(try files(model) == expected)
    }
  }

  @Test func aFullDiskIsOneErrorAndTheLastCheckpointStands() throws {
    let expected = try undisturbed()
    try withTemporaryFolder { folder in
      let stopped = try start(arguments(folder))
      while stopped.isRunning, !hasCheckpoint(folder) { usleep(1_000) }
      kill(stopped.processIdentifier, SIGTERM)
      stopped.waitUntilExit()
      let kept = checkpoints(folder).filter { $0.hasSuffix(".safetensors") }
      let newest = try #require(kept.last)
      let file = folder.appendingPathComponent("checkpoints/\(newest)")
      let bytes = try Data(contentsOf: file)

      // No file may grow beyond half a checkpoint: writing one fails as on a full disk.
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.currentDirectoryURL = Project.root
      shell.arguments =
        [
          "-c", "ulimit -f \(bytes.count / 1_024 / 2 * 1_024 / 512); exec \"$0\" \"$@\"",
          Program.path.path,
        ] + arguments(folder, "--resume")
      let messages = folder.appendingPathComponent("messages")
      try Data().write(to: messages)
      shell.standardError = try FileHandle(forWritingTo: messages)
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationReason == .exit && shell.terminationStatus == 2)
      let errors = try String(contentsOf: messages, encoding: .utf8).split(separator: "\n")
        .filter { $0.hasPrefix("gloss: ") }
      #expect(errors.count == 1, "\(errors)")
      #expect(errors.first?.contains("cannot be written (") == true, "\(errors)")
      #expect(
        errors.first?.hasSuffix(
          "check the path and the space left, then go on with --resume:"
            + " the checkpoint before it is whole") == true, "\(errors)")
      #expect(try Data(contentsOf: file) == bytes)
      try FileManager.default.removeItem(at: messages)
      #expect(!checkpoints(folder).contains { $0.hasSuffix(".part") })

      let resumed = try Program.run(arguments(folder, "--resume"))
      #expect(resumed.status == 0, "\(resumed.messages)")
      #expect(try files(folder) == expected)
    }
  }

  @Test func theModelDoesNotDependOnThreadsNorOnWhatOpenBLASChose() throws {
    func model(_ threads: Int, _ environment: [String: String]) throws -> Data {
      try withTemporaryFolder { folder in
        let process = try start(
          arguments(folder, "--threads", String(threads)), environment: environment)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try Data(contentsOf: folder.appendingPathComponent("model.safetensors"))
      }
    }
    let one = try model(1, [:])
    #expect(try model(2, [:]) == one)
    #expect(try model(8, [:]) == one)
    // Kernels that do not suit the CPU, as OpenBLAS now and then chooses by itself.
    #expect(try model(2, ["OPENBLAS_CORETYPE": "Prescott"]) == one)
  }

  @Test func aDryRunSaysWhatARunWouldDoAndWritesNothing() throws {
    try withTemporaryFolder { folder in
      let model = folder.appendingPathComponent("model").path
      let result = try Program.run("train", Self.recipe, "--dry-run", "--out", model)
      #expect(result.status == 0)
      #expect(!FileManager.default.fileExists(atPath: model))
      #expect(result.lines.count == 6, "\(result.output)")
      #expect(result.lines.first?.hasPrefix("gloss-smoke: ") == true)
      #expect(result.output.contains("pretrain: 23 steps, ") && result.output.contains(" MiB"))
      // A file is no folder, as the run would find out.
      let file = folder.appendingPathComponent("file")
      try Data().write(to: file)
      for out in [file.path, file.path + "/model"] {
        let inFile = try Program.run("train", Self.recipe, "--dry-run", "--out", out)
        #expect(
          inFile.status != 0
            && inFile.messages.contains("\(out): cannot be written; name another folder with --out")
        )
      }
      // Without --out as well; a run needs it.
      #expect(try Program.run("train", Self.recipe, "--dry-run").status == 0)
      let missing = try Program.run("train", Self.recipe)
      #expect(missing.status == 64 && missing.messages.contains("--out is missing"))
    }
  }
}
