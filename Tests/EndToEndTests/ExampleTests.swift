import Foundation
import TestSupport
import Testing

/// The programs in `examples/`, run where their tools are there.
@Suite struct ExampleTests {
  private static let examples = Project.root.appendingPathComponent("examples").path
  private static let environment = ["GLOSS": Program.path.path, "ROWS": "150", "BLOCK": "30k"]

  /// Reviews with ids, some rows that are none among them, and the records of one process.
  private func reviews(_ folder: URL) throws -> (file: String, records: String) {
    let samples = try String(
      contentsOf: Project.root.appendingPathComponent("corpora/samples/reviews.jsonl"),
      encoding: .utf8
    ).split(separator: "\n")
    let rows = (0..<1_000).map { number in
      number % 100 == 7
        ? "{\"id\":\"n\(number)\"}"
        : samples[number % samples.count].replacing("\"id\":\"", with: "\"id\":\"n\(number)-")
    }
    let file = folder.appendingPathComponent("reviews.jsonl")
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: file)
    let single = try Program.run("classify", file.path)
    #expect(single.status == 1 && single.lines.count == 990)
    return (file.path, single.output)
  }

  @Test(
    .enabled(if: Tool(name: "xargs").isThere && Tool(name: "split").isThere, "there is no xargs"))
  func partsWithXargsGiveTheSameBytes() throws {
    try withTemporaryFolder { folder in
      let (file, records) = try reviews(folder)
      let result = try Program.shell(
        "\(Self.examples)/xargs.sh \(file) 3", environment: Self.environment)
      #expect(result.status == 0 && result.output == records, "\(result.messages)")
    }
  }

  @Test(.enabled(if: Tool(name: "parallel").isThere, "there is no GNU parallel"))
  func partsWithParallelGiveTheSameBytes() throws {
    try withTemporaryFolder { folder in
      let (file, records) = try reviews(folder)
      let result = try Program.shell(
        "\(Self.examples)/parallel.sh \(file) 3", environment: Self.environment)
      #expect(result.status == 0 && result.output == records, "\(result.messages)")
    }
  }

  @Test(.enabled(if: Tool(name: "sqlite3").isThere, "there is no sqlite3"))
  func sqliteReadsTheTable() throws {
    try withTemporaryFolder { folder in
      let (file, records) = try reviews(folder)
      let database = folder.appendingPathComponent("glosses.sqlite").path
      let result = try Program.shell(
        "\(Self.examples)/sqlite.sh \(file) \(database)", environment: Self.environment)
      #expect(result.status == 0, "\(result.messages)")
      let positive = records.split(separator: "\n").count { $0.contains("{\"label\":\"positive\"") }
      #expect(result.lines.contains { $0.hasPrefix("positive|\(positive)|") }, "\(result.output)")
      #expect(
        result.lines.contains { $0.split(separator: "|").count == 3 && $0.contains("|negative|") })
    }
  }

  /// DuckDB's Python package reads what its shell reads.
  @Test(
    .enabled(if: Python.duckdb != nil, "there is no DuckDB; GLOSS_PYTHON may name a Python with it")
  )
  func duckdbReadsTheTable() throws {
    let python = try #require(Python.duckdb)
    try withTemporaryFolder { folder in
      let (file, records) = try reviews(folder)
      let table = folder.appendingPathComponent("glosses.csv").path
      _ = try Program.run("classify", file, "--output", "csv", "--out", table)
      let script = """
        import duckdb, sys
        connection = duckdb.connect()
        for statement in connection.extract_statements(open(sys.argv[1]).read()):
            for row in connection.execute(statement).fetchall(): print(*row, sep="|")
        """
      let result = try Program.shell(
        "cd \(folder.path) && \"$0\" -c \"$1\" \(Self.examples)/duckdb.sql", python, script)
      #expect(result.status == 0, "\(result.messages)")
      let positive = records.split(separator: "\n").count { $0.contains("{\"label\":\"positive\"") }
      #expect(result.lines.contains { $0.hasPrefix("positive|\(positive)|") }, "\(result.output)")
      let praise = records.split(separator: "\n").count { $0.contains("{\"label\":\"praise\"") }
      #expect(result.lines.contains("praise|\(praise)"), "\(result.output)")
    }
  }

  @Test(
    .enabled(if: Python.spark != nil, "there is no PySpark; GLOSS_PYTHON may name a Python with it")
  )
  func sparkGivesTheRecordsOfOneProcess() throws {
    let python = try #require(Python.spark)
    try withTemporaryFolder { folder in
      let (file, records) = try reviews(folder)
      let output = folder.appendingPathComponent("records").path
      let result = try Program.shell(
        "\"$0\" \(Self.examples)/spark/classify.py \(file) \(output) --gloss \"$1\" --partitions 4",
        python, Program.path.path, environment: ["PYSPARK_PYTHON": python])
      #expect(result.status == 0, "\(result.messages)")
      let sorted = try Program.shell("cat \(output)/part-* | LC_ALL=C sort")
      let expected = records.split(separator: "\n").sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
      #expect(sorted.lines == expected.map(String.init))
      let parts = try FileManager.default.contentsOfDirectory(atPath: output)
      #expect(parts.count { $0.hasPrefix("part-") } >= 4)
    }
  }
}

/// The Python that `GLOSS_PYTHON` names, else `python3`, if it has a package.
private enum Python {
  static let duckdb = withPackage("duckdb")
  static let spark = withPackage("pyspark")

  private static func withPackage(_ package: String) -> String? {
    let python = ProcessInfo.processInfo.environment["GLOSS_PYTHON"] ?? "python3"
    let result = try? Program.shell("\"$0\" -c 'import \(package)'", python)
    return result?.status == 0 ? python : nil
  }
}
