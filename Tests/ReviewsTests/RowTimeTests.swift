import Testing

@testable import Reviews

/// The time of a review that is kept for its writer.
@Suite struct RowTimeTests {
  private func read(
    _ time: String, requiresUser: Bool = true
  ) throws -> (time: String?, reasons: [String]) {
    let reading = try ReviewsTests.read(
      "{\"user\":\"ann\",\"text\":\"Fine\",\"time\":\(time)}\n", named: "a.jsonl",
      ReviewReader.Options(requiresUser: requiresUser))
    return (reading.reviews.first?.time, reading.reasons)
  }

  @Test(arguments: [
    ("\"2024-05-02\"", "2024-05-02"), ("\"2024-05-02T10:11:12Z\"", "2024-05-02T10:11:12Z"),
    ("\"2024-05-02T10:11:12\"", "2024-05-02T10:11:12"),
    ("\"2024-05-02T00:11:12+08:00\"", "2024-05-01T16:11:12Z"),
    ("\"2023-12-31 23:30:00.25 -0530\"", "2024-01-01T05:00:00Z"),
    ("\"2024-05-02 10:11:12+08\"", "2024-05-02T02:11:12Z"),
    ("1441324800", "2015-09-04T00:00:00Z"), ("\"1441324800\"", "2015-09-04T00:00:00Z"),
    ("1441324800.75", "2015-09-04T00:00:00Z"), ("1441324800123", "2015-09-04T00:00:00Z"),
    ("\"1441324800123\"", "2015-09-04T00:00:00Z"), ("20240502", "2024-05-02"),
    ("\"January 5, 2004\"", "2004-01-05"), ("\"2022/4/5 15:57\"", "2022-04-05T15:57:00"),
    ("\"2022年4月5日\"", "2022-04-05"),
  ])
  func isKeptAsISO8601(json: String, iso: String) throws {
    let (time, reasons) = try read(json)
    #expect(time == iso && reasons.isEmpty, "\(reasons)")
    // Where nobody keeps it, it stays as it is.
    let given = try read(json, requiresUser: false).time
    #expect(given == json.filter { $0 != "\"" })
  }

  @Test(arguments: [
    ("\"2024-13-01\"", "'2024-13-01'"), ("\"2023-02-30\"", "'2023-02-30'"),
    ("\"yesterday\"", "'yesterday'"), ("\"2/5/2024\"", "'2/5/2024'"), ("12345", "'12345'"),
    ("\"2024-05-02T10:11:12+25:00\"", "'2024-05-02T10:11:12+25:00'"), ("-5.5", "'-5.5'"),
    ("\"0000-01-01T00:00:00+01:00\"", "'0000-01-01T00:00:00+01:00'"),
    (
      "\"two\\nlines \(String(repeating: "z", count: 99))\"",
      "'two lines \(String(repeating: "z", count: 30))...'"
    ),
  ])
  func theUnreadableRejectsItsRow(json: String, value: String) throws {
    let (time, reasons) = try read(json)
    #expect(time == nil)
    #expect(
      reasons == [
        "field 'time' is \(value), no time that can be read; write it as 2024-05-02 or"
          + " 2024-05-02T10:11:12Z, or name the field with --time-field"
      ])
    #expect(try read(json, requiresUser: false).reasons.isEmpty)
  }

  @Test func noTimeIsNoFault() throws {
    for json in ["null", "\"\""] {
      #expect(try read(json).time == nil && read(json).reasons.isEmpty)
    }
  }

  @Test func timesOfAllOffsetsSortAsStringsDo() throws {
    let times = [
      "2024-05-02T01:00:00+09:00", "2024-05-01", "2024-05-01T20:00:00-05:00", "1714579200",
      "2024-05-02T01:00:00Z", "1969-12-31T23:59:59-00:01", "1969-12-31T23:59:59+00:01",
    ]
    let texts = try times.map { try #require(ReviewTime.utc($0)) }
    func seconds(_ time: String) -> Int { ReviewTime.seconds(time) ?? .min }
    #expect(texts.sorted() == texts.sorted { seconds($0) < seconds($1) })
    #expect(
      zip(times, texts).allSatisfy { time, text in
        ReviewTime.text(time).flatMap(ReviewTime.seconds) == ReviewTime.seconds(text)
      })
  }
}
