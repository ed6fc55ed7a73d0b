import Foundation
import TestSupport
import Testing

/// `gloss benchmark` and `gloss --version --verbose`.
@Suite struct BenchmarkTests {
  private static let small = [
    "--hidden", "16", "--layers", "1", "--heads", "2", "--feed-forward", "24", "--vocabulary", "99",
    "--batch", "4", "--length", "8", "--seconds", "0",
  ]

  private func objects(_ result: Program.Result) throws -> [[String: Any]] {
    try result.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func everySubjectIsAnObjectALine() throws {
    let result = try Program.run(["benchmark", "--json"] + Self.small)
    #expect(result.status == 0, "\(result.messages)")
    let objects = try objects(result)
    #expect(
      objects.compactMap { $0["subject"] as? String } == [
        "encoder", "train", "tokenizer", "classify", "load",
      ])
    #expect(
      Set(objects[0].keys) == [
        "subject", "shape", "tokens_per_second", "gflops", "peak_share", "median_seconds",
        "p95_seconds", "threads", "blas_core", "peak_rss_bytes",
      ])
    let table = try Program.run(["benchmark", "encoder"] + Self.small)
    #expect(table.lines.count == 2 && table.lines[0].hasPrefix("subject "))
  }

  @Test func lengthsComeFromAFile() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("lengths.txt").path
      func run(_ text: String) throws -> Program.Result {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try Program.run(
          ["benchmark", "encoder", "--json", "--lengths", file] + Self.small)
      }
      let shape = try objects(run("3\n17\n\n5\n")).first?["shape"] as? String
      #expect(shape?.hasSuffix("3 sequences of 3 to 17") == true)
      for (text, problem) in [
        ("3\r\n\n x\n", "\(file):3: 'x' is no length; give a number from 1 to 8192 on every line"),
        ("", "\(file): holds no length; give a number on every line"),
      ] {
        let result = try run(text)
        #expect(result.status == 2 && result.messages == "gloss: \(problem)\n")
      }
    }
  }

  @Test(arguments: [
    ["benchmark", "speed"], ["benchmark", "--batch", "0"], ["benchmark", "--heads", "7"],
    ["benchmark", "--length", "-1"], ["benchmark", "--hidden", "0"], ["benchmark", "--heads", "0"],
  ])
  func whatCannotBeTimedIsWrongUsage(arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 64 && result.output.isEmpty, "\(result.messages)")
  }

  @Test func theKernelsInUseSuitTheCPUWhateverOpenBLASChose() throws {
    func kernels(_ environment: [String: String]) throws -> String {
      let result = try Program.run(["--version", "--verbose"], environment: environment)
      #expect(result.status == 0)
      return try #require(result.lines.first { $0.hasPrefix("matrix products: ") })
    }
    let best = try kernels([:])
    // OpenBLAS would take these as it is told; the program knows better.
    #expect(try kernels(["OPENBLAS_CORETYPE": "Prescott"]) == best)
    #expect(
      try kernels(["GLOSS_BLAS_CORE": "Prescott"])
        == "matrix products: OpenBLAS, kernels Prescott")
    // A name that OpenBLAS does not know ends in its own choice, not in a loop.
    #expect(try kernels(["GLOSS_BLAS_CORE": "Nonsense"]).hasPrefix("matrix products: OpenBLAS"))
  }
}
