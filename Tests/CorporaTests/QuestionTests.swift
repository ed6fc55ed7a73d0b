import Testing

@testable import Corpora

@Suite struct QuestionTests {
  @Test(arguments: [
    ("The battery lasts two days.", true), ("Nobody told me how it works", true),
    ("房间很干净，下次还来。", true), ("", true), ("Will ships it, they said.", false),
    ("Does it fit a 13 inch laptop", false), ("Nice case. Where is the manual", false),
    ("- why, though", false), ("Isn’t it lovely", false), ("Really?", false), ("真的？", false),
    ("这个能退吗", false), ("请问支持快充", false), ("Great!\nAnyone else see this", false),
    ("Nice phone\r\nwhy did they drop the jack", false), ("手机不错。why does it lag", false),
    ("Great app, can you please add dark mode", false), ("I like it: is there an export", false),
  ])
  func theFormOfAQuestionIsFound(text: String, isRuledOut: Bool) {
    #expect(Questions.areRuledOut(in: text) == isRuledOut)
  }

  /// Rows of one label, with these lines of `labels` on their card.
  private func fixture(_ labels: String, label: String, train: [String]) -> CorpusFixture {
    CorpusFixture(
      card: """
        reader: {format: delimited, delimiter: tab}
        fields: {text: text, label: label}
        files: {train: [train.tsv], test: [test.tsv]}
        labels:
        \(labels)
        """,
      files: [
        "train.tsv": "text\tlabel\n" + train.map { "\($0)\t\(label)\n" }.joined(),
        "test.tsv": "text\tlabel\n\(train[0])\t\(label)\n",
      ])
  }

  @Test func onlyTrainingRowsThatAskNothingSaySo() throws {
    func fixture(_ labels: String) -> CorpusFixture {
      self.fixture(
        "  derive_questions: true\n\(labels)", label: "good", train: ["It fits.", "Does it fit"])
    }
    let stars = fixture("  stars: {good: [4, 5]}")
    let unlabelled = try stars.load().examples
    #expect(
      unlabelled.map(\.intents)
        == [IntentLabels(positive: [], supervised: ["question"]), nil])
    #expect(try stars.load(.test).examples.map(\.intents) == [nil])
    try stars.withCorpus { #expect($0.card.completeness == ["question"]) }

    let intents = fixture("  intents: {supervises: [complaint], labels: {good: [praise]}}")
    #expect(
      try intents.load().examples.map { $0.intents?.supervised }
        == [["complaint", "praise", "question"], ["complaint", "praise"]])
    // A label that says whether a text asks is not overruled.
    let asked = fixture("  intents: {supervises: [question], labels: {good: [question]}}")
    #expect(
      try asked.load().examples.map { $0.intents?.positive } == [["question"], ["question"]])
  }

  @Test func aDomainLeavesIntentsOutInTrainingRowsAlone() throws {
    func fixture(_ labels: String) -> CorpusFixture {
      self.fixture(
        "  derive_questions: true\n  absent_intents: [delivery, question]\n\(labels)", label: "bad",
        train: ["A film."])
    }
    let stars = fixture("  stars: {bad: [1, 2]}")
    #expect(
      try stars.load().examples.map(\.intents)
        == [IntentLabels(positive: [], supervised: ["question", "delivery"])])
    #expect(try stars.load(.test).examples.map(\.intents) == [nil])
    let intents = fixture("  intents: {supervises: [delivery], labels: {bad: [complaint]}}")
    let labels = try #require(intents.load().examples.first?.intents)
    #expect(labels.positive == ["complaint"])
    #expect(labels.supervised.sorted() == ["complaint", "delivery", "question"])
  }
}
