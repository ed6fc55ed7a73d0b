public import Corpora
import Files
import Foundation
public import Tensors
public import Tokenization

/// What reading all rows of many corpora showed: what `gloss corpora check` prints.
public struct CheckReport: Codable, Equatable, Sendable {
  /// In the order asked for.
  public var corpora: [CorpusFindings]

  /// True where no card disagrees with its data.
  public var isClean: Bool { corpora.allSatisfy(\.problems.isEmpty) }

  /// Reads every row of every corpus.
  ///
  /// Training rows are compared with the held-out texts of the corpora checked. With a `tokenizer`
  /// spans that fit no piece boundary are counted.
  public init(
    _ corpora: [Corpus], tokenizer: Tokenizer?, workers: Workers, rejectionLimit: Int = 3
  ) {
    // Large ones first, so that no thread is left with one at the end.
    let order = corpora.indices.sorted { corpora[$0].byteCount > corpora[$1].byteCount }
    let fit = tokenizer.map(SpanFit.init)
    let checked = workers.map(order) { index in
      CorpusCheck(corpora[index], fit: fit, rejectionLimit: rejectionLimit)
    }
    var (test, development): (Set<UInt64>, Set<UInt64>) = ([], [])
    for check in checked {
      test.formUnion(check.test)
      development.formUnion(check.development)
    }
    var findings: [Int: CorpusFindings] = [:]
    for (index, check) in zip(order, checked) {
      var check = check
      check.countLeaks(test: test, development: development)
      findings[index] = check.findings
    }
    self.corpora = corpora.indices.compactMap { findings[$0] }
  }

  /// One JSON object, keys sorted.
  public func json() throws -> String {
    try sortedJSON(indented: true) + "\n"
  }

  /// A table for people, then rejected rows, and last where card and data disagree.
  public func text() -> String {
    var table = DisplayTable(header: [
      "corpus", "rows", "rejected", "left out", "duplicates", "across", "in test", "in dev",
      "dev in test", "spans", "unfitted", "odd",
    ])
    let read = corpora.filter { !$0.isAbsent }
    for found in read { table.add(row(found.corpus, [found])) }
    if read.count > 1 { table.add(row("\(read.count) corpora", read)) }
    var lines: [String] = []
    for found in read {
      lines += found.rejections.map { "\(found.corpus): \($0)" }
      let more = found.rejected - found.rejections.count
      if more > 0 { lines.append("\(found.corpus): \(more) more rows cannot be used") }
      lines += found.notes.map { "\(found.corpus): \($0)" }
    }
    let absent = corpora.filter(\.isAbsent).map(\.corpus)
    if !absent.isEmpty { lines.append("not here: \(absent.joined(separator: ", "))") }
    let problems = corpora.flatMap { found in found.problems.map { "\(found.corpus): \($0)" } }
    let end =
      problems.isEmpty
      ? "cards and data agree" : "\(problems.count) disagreements of cards and data"
    return table.text + (lines + problems + [end]).map { $0 + "\n" }.joined()
  }

  private func row(_ name: String, _ found: [CorpusFindings]) -> [String] {
    func sum(_ count: (CorpusFindings) -> Int) -> Int { found.reduce(0) { $0 + count($1) } }
    return [
      name, String(sum(\.rows)), cell(sum(\.rejected)), cell(sum(\.excluded)),
      cell(sum(\.duplicates)), cell(sum(\.acrossSplits)), cell(sum(\.inTest)), cell(sum(\.inDev)),
      cell(sum(\.devInTest)), cell(sum(\.spans)), cell(sum(\.unfitted)), cell(sum(\.odd)),
    ]
  }
}

extension Corpus {
  /// Bytes of all files, unpacked or not.
  var byteCount: Int {
    paths.reduce(0) { sum, path in
      let size = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize
      return sum + (size ?? 0)
    }
  }
}
