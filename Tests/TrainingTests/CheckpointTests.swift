import Files
import Foundation
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct CheckpointTests {
  private let model = Fixture.model()

  private func buffer(seed: UInt64) -> ParameterBuffer {
    let buffer = ParameterBuffer(model.layout)
    buffer.initialize(seed: seed)
    return buffer
  }

  private func checkpoint(step: Int, best: Checkpoint.Best? = nil) -> Checkpoint {
    Checkpoint(
      state: .init(stage: "finetune", step: step, best: best), parameters: buffer(seed: 1),
      firstMoments: buffer(seed: 2), secondMoments: buffer(seed: 3),
      bestParameters: best == nil ? nil : buffer(seed: 4))
  }

  private func bits(_ buffer: ParameterBuffer?) -> [UInt32]? {
    buffer?.all.values.map(\.bitPattern)
  }

  private func complaint(_ data: Data) -> String {
    do throws(ModelError) {
      _ = try Checkpoint(data, layout: model.layout, file: "c")
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func comesBackBitByBit() throws {
    for best in [nil, Checkpoint.Best(step: 3, value: 0.1 + 0.2, looksSince: 2)] {
      let written = checkpoint(step: 7, best: best)
      let read = try Checkpoint(written.encoded(), layout: model.layout, file: "c")
      #expect(read.state == written.state)
      #expect(bits(read.parameters) == bits(written.parameters))
      #expect(bits(read.firstMoments) == bits(written.firstMoments))
      #expect(bits(read.secondMoments) == bits(written.secondMoments))
      #expect(bits(read.bestParameters) == bits(written.bestParameters))
    }
  }

  @Test func anyChangedByteIsNoticed() throws {
    let data = try checkpoint(step: 7).encoded()
    let header = 8 + Int(data[0]) + Int(data[1]) << 8
    var random = SeededRandom(seed: 8)
    let numbers = (0..<200).map { _ in header + random.nextInt(below: data.count - header) }
    for index in Array(0..<header) + numbers {
      var damaged = data
      damaged[index] ^= UInt8(1 + random.nextInt(below: 31))
      #expect(complaint(damaged) != "none", "byte \(index)")
    }
    #expect(complaint(data.prefix(data.count - 1)) != "none")
    #expect(complaint(Data()) != "none")
  }

  @Test func whatIsNoCheckpointOfThisModelIsRefused() throws {
    let other = Fixture.model(vocabularySize: 401)
    let weights = ParameterBuffer(other.layout)
    let foreign = try Checkpoint(
      state: .init(stage: "pretrain", step: 1), parameters: weights, firstMoments: weights,
      secondMoments: weights, bestParameters: nil
    ).encoded()
    #expect(
      complaint(foreign)
        == "c: belongs to another model; train with the recipe and the gloss it was made with")
    #expect(complaint(Safetensors.encode([], metadata: [:])) == "c: is no checkpoint; remove it")
  }

  @Test func aNewerFormatIsRefusedInOneLine() throws {
    let data = try checkpoint(step: 7).encoded()
    let header = #""format_version":"1""#
    let place = try #require(data.range(of: Data(header.utf8)))
    var newer = data
    newer.replaceSubrange(place, with: Data(#""format_version":"2""#.utf8))
    #expect(
      complaint(newer)
        == "c: was written by gloss 0.1.0 in format version 2, this program reads up to 1;"
        + " use a newer gloss or train the model anew")
  }

  @Test func theLastTwoAreKeptAndTheNewestWholeOneIsRead() throws {
    try withTemporaryFolder { folder in
      let checkpoints = CheckpointFolder(in: folder.path)
      try checkpoints.make()
      try checkpoints.write(CheckpointFolder.Identity(recipe: "r"))
      #expect(checkpoints.isEmpty)
      for step in [9, 10, 11] { try checkpoints.write(checkpoint(step: step), stageIndex: 1) }
      let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints.path).sorted()
      #expect(
        names == [
          "1-finetune-000000010.safetensors", "1-finetune-000000011.safetensors", "run.json",
        ])
      func newest() throws -> (step: Int?, notes: [String]) {
        var notes: [String] = []
        let found = try checkpoints.newest(layout: model.layout) { notes.append($0) }
        return (found?.state.step, notes)
      }
      let whole = try newest()
      #expect(whole.step == 11 && whole.notes.isEmpty)

      // The newest is cut short: the one before it counts, and is not the one to go next.
      let file = URL(fileURLWithPath: "\(checkpoints.path)/\(names[1])")
      try Data(contentsOf: file).dropLast(100).write(to: file)
      let cut = try newest()
      #expect(cut.step == 10 && cut.notes.count == 1)
      #expect(cut.notes[0].hasPrefix(file.path) && cut.notes[0].hasSuffix("; removed"))
      #expect(try newest().notes.isEmpty)

      // A later stage sorts after an earlier one, whatever the step.
      try checkpoints.write(checkpoint(step: 2), stageIndex: 2)
      #expect(try newest().step == 2)
      let both = try FileManager.default.contentsOfDirectory(atPath: checkpoints.path)
      #expect(both.contains(names[0]))

      // What others put there stays.
      let notes = "\(checkpoints.path)/1-notes.safetensors"
      try Data("mine".utf8).write(to: URL(fileURLWithPath: notes))
      checkpoints.remove()
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: checkpoints.path)
          == ["1-notes.safetensors"])
      #expect(try checkpoints.identity() == nil)
      try FileManager.default.removeItem(atPath: notes)
      checkpoints.remove()
      #expect(!FileManager.default.fileExists(atPath: checkpoints.path))
    }
  }
}
