import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct OutputFileTests {
  @Test func piecesAppearTogetherOnlyWhenFinished() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("out").path
      try AtomicFile.write(Data("old".utf8), to: path)
      let file = try OutputFile(path: path)
      try file.write(Data("one\n".utf8))
      try file.write(Data())
      try file.write(Data("two\n".utf8))
      #expect(try WholeFile.read(path) == Data("old".utf8))
      try file.finish()
      #expect(try WholeFile.read(path) == Data("one\ntwo\n".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
      // A second time changes nothing.
      try file.finish()
      #expect(try WholeFile.read(path) == Data("one\ntwo\n".utf8))
    }
  }

  @Test func droppedOutputLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("out").path
      do {
        let file = try OutputFile(path: path)
        try file.write(Data("half".utf8))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func twoOutputsToOnePathDoNotMix() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("out").path
      let first = try OutputFile(path: path)
      let second = try OutputFile(path: path)
      try first.write(Data("first".utf8))
      try second.write(Data("second".utf8))
      try first.finish()
      #expect(try WholeFile.read(path) == Data("first".utf8))
      try second.finish()
      #expect(try WholeFile.read(path) == Data("second".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
    }
  }

  @Test func aPartStaysAndIsGoneOnWith() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("out").path
      let part = path + ".1.part"
      func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      }
      do {
        let file = try OutputFile(path: path, part: part, keeping: 0)
        try file.write(Data("one\ntwo\nthr".utf8))
        #expect(file.byteCount == 11)
        // It is locked while it is written.
        #expect(throws: FileError.self) { try OutputFile(path: path, part: part, keeping: 0) }
        file.takeBack(1)
        #expect(file.byteCount == 10)
      }
      #expect(try names() == ["out.1.part"])
      do {
        let file = try OutputFile(path: path, part: part, keeping: 8)
        try file.write(Data("three\n".utf8))
        try file.finish()
      }
      #expect(try names() == ["out"])
      #expect(try WholeFile.read(path) == Data("one\ntwo\nthree\n".utf8))
      // Nothing was written, so nothing is left.
      do { _ = try OutputFile(path: path, part: part, keeping: 0) }
      #expect(try names() == ["out"])
    }
  }

  /// `/dev/full` takes no byte: a disk without space.
  @Test func fullDiskIsAnErrorOfOneLine() throws {
    let file = try OutputFile(path: "/dev/full")
    let error = #expect(throws: FileError.self) { try file.write(Data("x".utf8)) }
    #expect(
      error?.description == "/dev/full: cannot be written (No space left on device);"
        + " check the path and the space left")
  }

  @Test(arguments: [
    ("o", ""), ("o/", ""), ("文", ""), ("-", ""), ("", ""), ("/", "/"), ("/o", "/"), ("./o", "."),
    ("a/b", "a"), ("a//b//", "a"), ("/a/b/c", "/a/b"),
  ])
  func everyPathHasAParent(path: String, parent: String) {
    #expect(Folder.parent(of: path) == parent)
  }

  @Test func aLinkStaysALinkAndItsTargetIsReplaced() throws {
    try withTemporaryFolder { folder in
      let (target, link) = (folder.path + "/target", folder.path + "/link")
      try Data("old".utf8).write(to: URL(fileURLWithPath: target))
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      let file = try OutputFile(path: link)
      try file.write(Data("new".utf8))
      try file.finish()
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    }
  }

  @Test func aLinkToAFileThatIsMissingStaysALink() throws {
    try withTemporaryFolder { folder in
      let link = folder.path + "/link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
      let file = try OutputFile(path: link)
      try file.write(Data("new".utf8))
      try file.finish()
      #expect(try String(contentsOfFile: folder.path + "/target", encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
    }
  }

  /// Another process may put the part in place after this one has read it.
  @Test func aPartThatIsGoneIsNotFilledWithZeros() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/out"
      try Data("whole".utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: FileError.self) {
        try OutputFile(path: path, part: path + ".1.part", keeping: 3)
      }
      #expect(
        error?.description == "\(path).1.part: has changed since it was read; start again")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
      #expect(try WholeFile.read(path) == Data("whole".utf8))
    }
  }

  @Test func aPartThatIsALinkIsNotFollowed() throws {
    try withTemporaryFolder { folder in
      let (path, other) = (folder.path + "/out", folder.path + "/other")
      try Data("mine".utf8).write(to: URL(fileURLWithPath: other))
      try FileManager.default.createSymbolicLink(
        atPath: path + ".1.part", withDestinationPath: other)
      #expect(throws: FileError.self) {
        try OutputFile(path: path, part: path + ".1.part", keeping: 0)
      }
      #expect(try WholeFile.read(other) == Data("mine".utf8))
    }
  }

  @Test func aFileIsTheOneThatALinkNames() throws {
    try withTemporaryFolder { folder in
      let (file, link) = (folder.path + "/file", folder.path + "/link")
      #expect(RegularFile(file) == nil && RegularFile(folder.path) == nil)
      try Data("some bytes".utf8).write(to: URL(fileURLWithPath: file))
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      #expect(RegularFile(link)?.size == 10)
      #expect(RegularFile(link)?.nanoseconds == RegularFile(file)?.nanoseconds)
      #expect(RegularFile("/dev/null") == nil)
    }
  }

  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm"), "needs /dev/shm"))
  func filesInMemoryAreFiles() throws {
    let path = "/dev/shm/\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for text in ["one", "two"] {
      let file = try OutputFile(path: path)
      try file.write(Data(text.utf8))
      try file.finish()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
    #expect(!OutputFile.isDevice(path) && OutputFile.isDevice("/dev/stdout"))
    #expect(OutputFile.isDevice("/dev/null") && OutputFile.isDevice("/dev/fd/1"))
  }
}
