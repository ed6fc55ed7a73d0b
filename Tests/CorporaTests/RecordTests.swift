import Foundation
import Testing

@testable import Corpora

/// Rows that are no texts: read as strictly, and not for training.
@Suite struct RecordTests {
  private func records(
    _ card: String, _ files: [String: Data]
  ) throws -> (records: [CorpusRecord], complaints: [String], excluded: Int) {
    var records: [CorpusRecord] = []
    var complaints: [String] = []
    var excluded = 0
    try CorpusFixture(card: card, data: files).withCorpus { corpus in
      #expect(corpus.card.heads == [])
      try corpus.forEachRow(listedUnder: .train) { row in
        switch row.outcome {
        case .record(let record): records.append(record)
        case .rejected(let reason): complaints.append("\(row.line): \(reason)")
        case .excluded: excluded += 1
        default: Issue.record("\(row)")
        }
      }
    }
    return (records, complaints, excluded)
  }

  @Test func purchasesAreNumbersAndTimes() throws {
    let csv = """
      \u{FEFF}no,code,name,n,when,price,who
      1,A,"LAMP, ""RED""\",6,2010-12-01 08:26:00,2.55,17850.0
      C2,B,,-1,2010-12-1 9:05,0,
      3,A,x,six,2010-12-01,1,u
      4,A,x,1,2010-02-30,1,u
      5,A,x,1,,1,u
      6,A,x,1,2010-12-01,1e999,u
      7,A,"x"y,1,2010-12-01,1,u
      """
    let (records, complaints, _) = try records(
      """
      kind: purchases
      reader: {format: delimited}
      fields:
        order: no
        item: code
        text: name
        quantity: n
        time: when
        price: price
        user: who
      files: {train: [rows.csv]}
      """, ["rows.csv": Data(csv.replacing("\n", with: "\r\n").utf8)])
    #expect(records.map(\.order) == ["1", "C2"])
    #expect(records.map(\.items) == [["A"], ["B"]])
    #expect(records.map(\.text) == ["LAMP, \"RED\"", nil])
    #expect(records.map(\.quantity) == [6, -1])
    #expect(records.map(\.time) == ["2010-12-01T08:26:00", "2010-12-01T09:05:00"])
    #expect(records.map(\.price) == [2.55, 0])
    #expect(records.map(\.user) == ["17850.0", nil])
    #expect(
      complaints == [
        "4: quantity is 'six'; write a number such as 12 or 3.5",
        "5: '2010-02-30' is no time; write it as 2024-05-02 10:11:12",
        "6: no time; give one or leave the row out",
        "7: price is '1e999'; write a number such as 12 or 3.5",
        "8: text follows a closing quote; double the quotes inside the field",
      ])
  }

  @Test func columnsCanBeSetWithBlanks() throws {
    let (records, complaints, _) = try records(
      """
      kind: purchases
      reader: {format: delimited, delimiter: blanks, columns: [customer, day, count, total]}
      fields: {user: customer, time: day, quantity: count, amount: total}
      files: {train: [rows.txt]}
      """,
      ["rows.txt": Data(" 001 20210101  1   11.77\r\n\n 2\t20210112 5 77\n 3 20210113 5\n".utf8)])
    #expect(records.map(\.user) == ["001", "2"])
    #expect(records.map(\.time) == ["2021-01-01", "2021-01-12"])
    #expect(records.map(\.amount) == [11.77, 77])
    #expect(complaints == ["4: the number of fields is 3, expected 4; correct the row"])
  }

  @Test func basketsAreLinesOrOrders() throws {
    let lines = try records(
      """
      kind: baskets
      reader: {format: item-lines}
      files: {train: [rows.csv]}
      """, ["rows.csv": Data("bread,milk \n\njam\nsoap,,rice\n".utf8)])
    #expect(lines.records.map(\.items) == [["bread", "milk"], ["jam"]])
    #expect(lines.complaints == ["4: an item has no name; remove the delimiter or name it"])
    let orders = try records(
      """
      kind: baskets
      reader: {format: delimited}
      fields: {order: Transaction, item: Item, time: [Date, Time]}
      files: {train: [rows.csv]}
      exclude: {item: [NONE]}
      """,
      [
        "rows.csv": Data(
          "Date,Time,Transaction,Item\n2016-10-30,09:58:11,1,Bread\n2016-10-30,9:59:00,1,NONE\n"
            .utf8)
      ])
    #expect(orders.records.map(\.order) == ["1"] && orders.excluded == 1)
    #expect(orders.records.map(\.time) == ["2016-10-30T09:58:11"])
  }

  @Test func ratingsOfOnePairAreTheSame() throws {
    var hashes: [UInt64] = []
    let fixture = CorpusFixture(
      card: """
        kind: ratings
        reader: {format: delimited}
        fields: {user: user, item: book, rating: rating}
        files: {train: [rows.csv]}
        """, files: ["rows.csv": "book,user,rating\n1,u,5\n1,u,4\n2,u,4\n1,,3\n"])
    try fixture.withCorpus { corpus in
      try corpus.forEachRow(listedUnder: .train) { hashes.append($0.hash) }
    }
    #expect(hashes[0] == hashes[1] && hashes[1] != hashes[2] && hashes[3] == 0)
  }

  @Test func lexicaTakeTheirLabelsFromTheFile() throws {
    let (records, _, _) = try records(
      """
      kind: lexicon
      reader: {format: lines, comment: ";"}
      files: {train: [{path: good.txt, label: positive}]}
      """, ["good.txt": Data(";;;;\n; words\n\nhandy\na+\n".utf8)])
    #expect(records.map(\.text) == ["handy", "a+"])
    #expect(records.map(\.label) == ["positive", "positive"])
  }

  @Test(arguments: [
    ("kind: ratings", "kind: ratngs", "'ratngs' is none of: texts"),
    ("rating: rating}", "time: rating}", "ratings without fields.rating"),
    ("files:", "labels: {rating: {lowest: 1, highest: 5}}\nfiles:", "not trained on"),
    ("files:", "hash: {dev: 5}\nfiles:", "not split by hash"),
  ])
  func faultyCardsOfRecordsAreErrors(right: String, wrong: String, says: String) throws {
    let card = """
      kind: ratings
      reader: {format: delimited}
      fields: {user: user, item: book, rating: rating}
      files: {train: [rows.csv]}
      """
    let error = #expect(throws: CorpusError.self) {
      try CorpusFixture(card: card.replacing(right, with: wrong), files: [:]).withCorpus { _ in }
    }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }
}
