import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AtomicFileTests {
  @Test(arguments: [0, 1, 3_000_000]) func writesAllBytesAndLeavesNothingElse(count: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("out.bin").path
      let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      try AtomicFile.write(Data("old".utf8), to: path)
      try AtomicFile.write(data, to: path)
      try #expect(WholeFile.read(path) == data)
      try #expect(FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.bin"])
    }
  }

  @Test func keepsThePermissionsOfTheFileItReplaces() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("private").path
      try AtomicFile.write(Data("old".utf8), to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      try AtomicFile.write(Data("new".utf8), to: path)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func missingFolderIsAnErrorOfOneLine() {
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write(Data(), to: "no/such/file")
    }
    #expect(
      error?.description == "no/such/file: cannot be created (No such file or directory);"
        + " check the path and the space left")
  }

  @Test func folderInTheWayStaysAndNothingIsLeft() throws {
    try withTemporaryFolder { folder in
      let target = folder.appendingPathComponent("target")
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write(Data("x".utf8), to: target.path)
      }
      #expect(
        error?.description == "\(target.path): cannot be created (Is a directory);"
          + " check the path and the space left")
      try #expect(FileManager.default.contentsOfDirectory(atPath: folder.path) == ["target"])
    }
  }

  /// A named pipe stands for all that is no regular file, such as `/dev/null`.
  @Test func whatIsNoFileIsNeverReplaced() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("pipe").path
      #expect(unsafe mkfifo(path, 0o600) == 0)
      // Opened for both, so that writing to the pipe waits for nobody.
      let pipe = unsafe open(path, O_RDWR)
      defer { close(pipe) }
      try AtomicFile.write(Data("through".utf8), to: path)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.type] as? FileAttributeType != .typeRegular)
      var bytes = [UInt8](repeating: 0, count: 7)
      #expect(unsafe read(pipe, &bytes, 7) == 7)
      #expect(bytes == Array("through".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["pipe"])
    }
  }

  /// A name longer than file systems take fails in the last step, when the bytes are written.
  @Test func failureLeavesNoHalfFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent(String(repeating: "x", count: 300)).path
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write(Data("x".utf8), to: path)
      }
      #expect(error?.description.contains(": cannot be put in place (File name too long)") == true)
      try #expect(FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func longestNameCanBeWritten() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent(String(repeating: "x", count: 255)).path
      try AtomicFile.write(Data("x".utf8), to: path)
      try #expect(WholeFile.read(path) == Data("x".utf8))
    }
  }

  @Test func manyWritersLeaveOneWholeFile() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gloss-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("out").path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        let data = Data(repeating: UInt8(writer), count: 9999)
        group.addTask { try AtomicFile.write(data, to: path) }
      }
      try await group.waitForAll()
    }
    let data = try WholeFile.read(path)
    #expect(data.count == 9999 && Set(data).count == 1)
    try #expect(FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
  }
}
