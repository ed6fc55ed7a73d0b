import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct WholeFileTests {
  @Test(arguments: [[], [0x00, 0xFF, 0x0A]]) func givesTheBytes(bytes: [UInt8]) throws {
    try withFile(bytes) { path in try #expect(WholeFile.read(path) == Data(bytes)) }
  }

  @Test func missingFileIsAnErrorOfOneLine() {
    let error = #expect(throws: FileError.self) { try WholeFile.read("no/such") }
    #expect(error?.description == "no/such: no such file; check the path")
  }

  @Test func folderIsAnErrorOfOneLine() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: FileError.self) { try WholeFile.read(folder.path) }
      #expect(error?.description == "\(folder.path): is a folder; name a file in it")
    }
  }
}
